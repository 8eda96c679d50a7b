"""Quarters and years: the grain of every count that leaves the station."""

import re
from dataclasses import dataclass
from typing import Final, NewType

from crypto.fields import Day
from workstation.recap.errors import PeriodError

Quarter = NewType("Quarter", str)
"""`2026-Q3`; sorts by time."""

_QUARTER: Final = re.compile(r"([12][0-9]{3})-Q([1-4])\Z")
_YEAR: Final = re.compile(r"[12][0-9]{3}\Z")
_LAST_DAYS: Final = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}


@dataclass(frozen=True)
class Period:
    """A year or one quarter of it. `name` is `2026` or `2026-Q3`."""

    name: str
    quarters: tuple[Quarter, ...]

    @property
    def ends(self) -> Day:
        """Its last day."""
        last = self.quarters[-1]
        return Day(f"{last[:4]}-{_LAST_DAYS[last[-1]]}")


def quarter_of(day: str) -> Quarter:
    """The quarter that holds a day."""
    return Quarter(f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}")


def is_quarter(untrusted_text: str) -> bool:
    """Whether this is the name of one."""
    return bool(_QUARTER.match(untrusted_text))


def read(untrusted_text: str) -> Period:
    """A period by its name; PeriodError."""
    if _YEAR.match(untrusted_text):
        return Period(untrusted_text, tuple(Quarter(f"{untrusted_text}-Q{n}") for n in range(1, 5)))
    if _QUARTER.match(untrusted_text):
        return Period(untrusted_text, (Quarter(untrusted_text),))
    raise PeriodError


def year_of(day: str) -> Period:
    """The year that holds a day."""
    return read(day[:4])
