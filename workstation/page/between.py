"""What the page of a case shows of other offices: what went to them, what came back, what came from one."""

from crypto import calendar
from workstation import texts
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands.between import state_of
from workstation.commands.show import reviewer_title
from workstation.dispositions import granting, kept, law_enforcement
from workstation.offices import office_titles, registry
from workstation.offices.office_errors import NoSuchOfficeError
from workstation.station import Station


def shown(station: Station, case: Case) -> dict[str, object]:
    """What the template needs."""
    steps, today = journal.of_case(station, case), calendar.today()
    came = journal.of_kind(steps, "came-from-office")
    found = kept.received_in(came[0]) if came else None
    return {
        "came": found,
        "came_from": name_of(station, found.office) if found else "",
        "came_answers": kept.replied(steps) if found else [],
        "reply_until": granting.last_day(found.document.right) if found and found.document.right else "",
        "sent": [
            (
                each,
                name_of(station, each.office),
                state_of(each, today),
                office_titles.way(each.way),
                reviewer_title(station, each.reviewer),
            )
            for each in kept.forwarded(steps)
        ],
        "packages": [(each, name_of(station, each.office)) for each in law_enforcement.packages(steps)],
        "law_enforcement": any(each.kind == "law-enforcement" for each in registry.listed(station.vault)),
    }


def name_of(station: Station, office: str) -> str:
    """An office's name, its id if it is not in the registry any more."""
    try:
        return texts.named(registry.find(station.vault, office).names)
    except NoSuchOfficeError:
        return office
