"""Whether a case was completed in time: the last limit `completion` of timing/deadlines.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crypto.fields import Day
from workstation.cases import Case
from workstation.casework.course import Course
from workstation.casework.journal import Step
from workstation.station import Station
from workstation.timing import due
from workstation.timing.due import Counting


@dataclass(frozen=True)
class Limit:
    """`said`: one of `counts.TIMELINESS`; `due`: the last day in time, None without a limit or while the
    clock stands still; `days`: working days from arrival to closing, pauses counted too, None if open."""

    said: str
    due: Day | None
    days: int | None


def of_case(
    station: Station, case: Case, steps: Sequence[Step], now: Course, counting: Counting, on: Day
) -> Limit:
    """As of a day; `counting` is what the office counts with."""
    said, last = _completion(station, case, steps, counting, on)
    days = None
    if now.stage == "closed":
        first, closed = date.fromisoformat(case.head.first), date.fromisoformat(now.since)
        days = counting.calendar.count(first, closed)
    return Limit(said, last, days)


def _completion(
    station: Station, case: Case, steps: Sequence[Step], counting: Counting, on: Day
) -> tuple[str, Day | None]:
    for running in due.of_case(station, case, steps, counting):
        if running.what == "completion":
            return "overdue" if running.late_by(on) > 0 else "not-due", running.day
    met = [each for each in due.history(station, case, steps, counting) if each.due.what == "completion"]
    if not met:
        return "no-limit", None
    return "late" if met[-1].late > 0 else "in-time", met[-1].due.day
