"""How offices answered what was passed on to them. Days are working days, pauses left out and listed.

A disposition has as many days as its letter gave it: the working days after the day on which it went, up to
its due day. It is late when more than these were counted before the answer came, or until today.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crypto.fields import Day
from workstation import cases
from workstation.cases import Case
from workstation.casework import course, journal
from workstation.dispositions import kept
from workstation.recap.periods import Period, quarter_of
from workstation.station import Station
from workstation.timing import deadlines, due
from workstation.timing.clock import Clock, Pause, WorkingDays

STATES: Final = ("in-time", "late", "open", "unanswered")
"""Answered in time or late; not answered and not due yet, or due."""


@dataclass(frozen=True)
class Sent:
    """A disposition that went to an office; `answered`: the day on which the first answer was here."""

    office: str
    day: Day
    due: Day
    answered: Day | None


@dataclass(frozen=True)
class Passed:
    """One disposition to an office. `days`: counted until the answer or today; `late`: how many of them were
    too many; `pauses`: those that fell into that time, each cut to it."""

    office: str
    sent: Day
    due: Day
    answered: Day | None
    days: int
    late: int
    pauses: tuple[Pause, ...]

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.answered:
            return "late" if self.late else "in-time"
        return "unanswered" if self.late else "open"


@dataclass(frozen=True)
class Performance:
    """The dispositions to one office, the oldest first."""

    office: str
    passed: tuple[Passed, ...]

    def count(self, state: str) -> int:
        return sum(each.state == state for each in self.passed)

    @property
    def mean_tenths(self) -> int | None:
        """The mean days until an answer in tenths, rounded half up; None before the first."""
        days = [each.days for each in self.passed if each.answered]
        return (20 * sum(days) + len(days)) // (2 * len(days)) if days else None

    @property
    def longest_late(self) -> int:
        """Days by which the latest was or is late."""
        return max((each.late for each in self.passed), default=0)


def of(stations: Iterable[Station], period: Period, on: Day, office: str = "") -> list[Performance]:
    """Of each office, or of one, what was passed on to it in a period, as far as these reviewers may read."""
    found: dict[tuple[int, int], Passed] = {}
    for station in stations:
        working = due.counting(station).calendar
        for case in cases.readable(station):
            for number, passed in _of_case(station, case, working, on):
                found[case.number, number] = passed
    inside = [each for each in found.values() if quarter_of(each.sent) in period.quarters]
    names = sorted({each.office for each in inside if office in ("", each.office)})
    return [
        Performance(name, tuple(sorted((each for each in inside if each.office == name), key=_order)))
        for name in names
    ]


def measure(sent: Sent, paused: Sequence[Pause], working: WorkingDays, on: Day) -> Passed:
    """A disposition as of a day; pure."""
    end = sent.answered or on
    clock = Clock(sent.day, working, tuple(paused))
    allowed = working.count(date.fromisoformat(sent.day), date.fromisoformat(sent.due))
    days = clock.elapsed(end)
    pauses = [_cut(pause, sent.day, end) for pause in paused if _meets(pause, sent.day, end)]
    late = max(0, days - allowed)
    return Passed(sent.office, sent.day, sent.due, sent.answered, days, late, tuple(pauses))


def _of_case(station: Station, case: Case, working: WorkingDays, on: Day) -> Iterable[tuple[int, Passed]]:
    steps = journal.of_case(station, case)
    paused = deadlines.pauses(course.follow(steps, case.head.first))
    for each in kept.forwarded(steps):
        answered = each.answers[0].day if each.answers else None
        yield each.number, measure(Sent(each.office, each.day, each.due, answered), paused, working, on)


def _meets(pause: Pause, since: Day, end: Day) -> bool:
    return pause.since <= end and (pause.until is None or pause.until > since)


def _cut(pause: Pause, since: Day, end: Day) -> Pause:
    """The part of a pause that lies in the time of the disposition; still lasting if nothing ended it."""
    until = None if pause.until is None or pause.until > end else pause.until
    return Pause(pause.reason, max(pause.since, since), until)


def _order(passed: Passed) -> tuple[Day, Day, int]:
    return passed.sent, passed.due, passed.days
