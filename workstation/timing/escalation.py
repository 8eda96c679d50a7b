"""What must be done soon, or should have been done: the readable cases in which a day has come.

Read from the heads alone, so that it is quick with a thousand cases. First come danger and haste (an
unanswered threat, or classified as urgent), then what waits for a person, then by the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crypto import calendar
from crypto.fields import Day
from workstation import cases
from workstation.cases import Case
from workstation.casework import stages
from workstation.casework.tasks import WAITS
from workstation.station import Station
from workstation.timing import due
from workstation.timing.clock import days_between

WITHIN: Final = 7
"""Days ahead that the list looks, if nobody says otherwise."""
PROPOSAL: Final = "proposal"


@dataclass(frozen=True)
class Entry:
    """Something that a case wants. `what`: a task (casework/tasks.py), `proposal` (a move waits for a second
    person) or `register` (nobody has taken it up); `day` None if it is not bound to one; `late`: days after
    that day, 0 or less while there is time, or if it is the reporter's; `urgent`: a threat that nobody
    answered, or so classified."""

    case: Case
    what: str
    day: Day | None
    late: int
    urgent: bool


def entries(station: Station, on: Day, within: int = WITHIN) -> list[Entry]:
    """What is late, due within so many days, or waits for somebody, the most urgent first."""
    due.refresh(station)
    found = [entry for case in cases.readable(station) for entry in _of_case(case, on, within)]
    return sorted(found, key=_urgency)


def late_only(found: list[Entry]) -> list[Entry]:
    """Those whose day has passed."""
    return [entry for entry in found if entry.late > 0]


def is_late(case: Case, on: Day) -> bool:
    """Whether the office is late in a case; its head must be up to date."""
    return bool(case.head.due) and case.head.due < on and case.head.task not in WAITS


def _of_case(case: Case, on: Day, within: int) -> Iterator[Entry]:
    head = case.head
    urgent = bool(head.threats and head.unanswered) or (head.urgent and stages.is_open(head.stage))
    if head.proposed:
        yield Entry(case, PROPOSAL, None, 0, urgent)
    if head.due:
        day = Day(head.due)
        if day <= calendar.add_days(on, within) or urgent or head.stage == "received":
            passed = days_between(day, on)
            yield Entry(case, head.task, day, min(0, passed) if head.task in WAITS else passed, urgent)
    elif urgent or head.stage == "received":
        yield Entry(case, "answer" if urgent else "register", None, 0, urgent)


def _urgency(entry: Entry) -> tuple[bool, bool, str, int]:
    waits = entry.day is None or entry.what == PROPOSAL
    return not entry.urgent, not waits, entry.day or "", entry.case.number
