"""Counts the days of a limit, pauses left out. Pure.

Counting begins on the day after the day of the event, and stands still from the day after a pause began to
the day on which it ended: an event changes the counting from the next day on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, Protocol

from crypto.fields import Day

Unit = Literal["working", "calendar", "months"]

MONTHS_A_YEAR: Final = 12


class WorkingDays(Protocol):
    """Which days count as working days (timing/workdays.py)."""

    def is_working(self, day: date) -> bool: ...

    def count(self, after: date, to: date) -> int:
        """Working days after one day, up to and with another."""


@dataclass(frozen=True)
class Pause:
    """A time in which the clock stands still; `reason` as the course has it, `until` None while it lasts."""

    reason: str
    since: Day
    until: Day | None


@dataclass(frozen=True)
class Clock:
    """Counts the days after `start`: working days, or every day if `working` is None."""

    start: Day
    working: WorkingDays | None
    pauses: tuple[Pause, ...] = ()

    def elapsed(self, on: Day) -> int:
        """Counted days after the start, `on` included; 0 before it."""
        start, end = date.fromisoformat(self.start), date.fromisoformat(on)
        counted = self._count(start, end)
        for since, until in _joined(self.pauses):
            counted -= self._count(max(start, since), min(end, until))
        return counted

    def reaches(self, count: int) -> Day | None:
        """The day on which so many days (at least 1) are counted; None if the clock stands still before."""
        day, standing = date.fromisoformat(self.start), list(_joined(self.pauses))
        while count > 0:
            if day == date.max:
                break
            day += timedelta(1)
            while standing and standing[0][1] < day:
                del standing[0]
            if standing and standing[0][0] < day:
                if standing[0][1] == date.max:
                    return None
                day = standing[0][1]
            elif self.working is None or self.working.is_working(day):
                count -= 1
        return Day(day.isoformat())

    def _count(self, after: date, to: date) -> int:
        if to <= after:
            return 0
        return (to - after).days if self.working is None else self.working.count(after, to)


def add_months(on: Day, months: int) -> Day:
    """The same day so many months later, or the month's last day if it has no such day."""
    day = date.fromisoformat(on)
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    if day.year + years >= date.max.year:
        return Day(date.max.isoformat())
    first = date(day.year + years, month + 1, 1)
    return Day(min(first + timedelta(day.day - 1), _last_of(first)).isoformat())


def days_between(start: Day, end: Day) -> int:
    """Calendar days from one day to another."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _last_of(first: date) -> date:
    """The last day of the month that begins on this day."""
    return (first + timedelta(31)).replace(day=1) - timedelta(1)


def _joined(pauses: tuple[Pause, ...]) -> Iterator[tuple[date, date]]:
    """The times in which the clock stands still, in order, those that overlap as one."""
    spans = sorted(
        (date.fromisoformat(pause.since), date.fromisoformat(pause.until) if pause.until else date.max)
        for pause in pauses
    )
    while spans:
        since, until = spans.pop(0)
        while spans and spans[0][0] <= until:
            until = max(until, spans.pop(0)[1])
        yield since, until
