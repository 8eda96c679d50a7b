"""The evidence of a case: what the reporter's messages name, or what another office passed on."""

from crypto.fields import Day
from crypto.message import Evidence
from workstation import thread
from workstation.cases import Case
from workstation.dispositions import kept
from workstation.station import Station


def of_case(station: Station, case: Case) -> list[tuple[int, Day, Evidence]]:
    """(number, day of receipt, what is said of it) of each piece, by number."""
    found = kept.received(station, case) if case.head.arrival == "office" else None
    if found is None:
        return thread.evidence(thread.messages(station, case))
    return [(number, found.day, each) for number, each in enumerate(found.document.evidence, 1)]
