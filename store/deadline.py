"""How long a sealed thing may wait before it must be at the station.

Working days are Mondays to Fridays: public holidays are not known here. Counting begins on the day after the
thing came (in Indonesia's rules as in the EU's). All days are UTC days, so that what comes between 00:00 and
07:00 in Jakarta counts from the day before: on the strict side.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from crypto.fields import Day

DayKind = Literal["working", "calendar"]

MOST_DAYS: Final = 60

_SATURDAY: Final = 5


@dataclass(frozen=True)
class Deadline:
    """`days` of a kind, from 1 to MOST_DAYS."""

    days: int
    kind: DayKind

    def elapsed(self, came: Day, today: Day) -> int:
        """How many counted days lie after the day a thing came, today included; 0 if that is yet to be."""
        first, last = date.fromisoformat(came), date.fromisoformat(today)
        calendar_days = max((last - first).days, 0)
        if self.kind == "calendar":
            return calendar_days
        weeks, rest = divmod(calendar_days, 7)
        return 5 * weeks + sum(_counts(last - timedelta(back)) for back in range(rest))

    def late_by(self, came: Day, today: Day) -> int:
        """By how many counted days a thing is late; 0 or less if it is in time."""
        return self.elapsed(came, today) - self.days

    def last_late_day(self, today: Day) -> Day:
        """What came on this day or earlier is late today; what came later is not."""
        came = date.fromisoformat(today) - timedelta(self.days)
        while self.late_by(Day(came.isoformat()), today) <= 0:
            came -= timedelta(1)
        return Day(came.isoformat())


@dataclass(frozen=True)
class Preset:
    """What a rule says: where, in its own words, and on which day somebody looked."""

    deadline: Deadline
    source: str
    words: str
    checked: Day


LAPOR: Final = Preset(
    Deadline(3, "working"),
    "SP4N-LAPOR!, Frequently Asked Questions, 3 (blog.lapor.go.id)",
    "Laporan Anda akan diverifikasi dalam waktu paling lambat 3 (tiga) hari kerja.",
    Day("2026-11-23"),
)
"""The default. Regulations change (Permenpan RB 62/2018, 5/2025): each office checks what holds for it."""


def _counts(day: date) -> bool:
    return day.weekday() < _SATURDAY
