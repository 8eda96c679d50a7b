"""Working days: Mondays to Fridays without public holidays, as the office has checked them.

The library `holidays` knows each country's public holidays and, for Indonesia, the days of joint leave (cuti
bersama) that were decreed before it was released. For years without a decree it computes some feasts: these
are estimates, and are called so. The office's own list has the last word: it adds days (regional ones, joint
leave), takes wrong ones away, and names the years that the office has compared with the decree.

Limit: only the years 2000 to 2100 have holidays; and a country's weekend is always Saturday and Sunday.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from crypto.fields import Day
from workstation import texts

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
INDONESIA: Final = "ID"
_SATURDAY: Final = 5
_WEEK: Final = 7
_AHEAD: Final = 120
"""Days: the limits that run now end within so many, nearly all of them."""


@dataclass(frozen=True)
class OwnDays:
    """What the office says. `free`: days added, with a name or nothing; `work`: holidays taken away;
    `checked`: years compared with the decree. `country`: ISO 3166 code of two letters."""

    country: str = INDONESIA
    free: Mapping[Day, str] = field(default_factory=dict)
    work: Mapping[Day, str] = field(default_factory=dict)
    checked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Holiday:
    """A day that is no working day. `estimated`: computed, not decreed; `own`: of the office's list."""

    day: Day
    name: str
    estimated: bool = False
    own: bool = False


class Calendar:
    """The working days of an office."""

    def __init__(self, own: OwnDays) -> None:
        self.own: Final = own
        self._weekdays_off: dict[int, tuple[date, ...]] = {}

    def holidays(self, year: int) -> list[Holiday]:
        """Those of a year, in order, also on weekends; names in the language in use."""
        found = {holiday.day: holiday for holiday in _of_library(self.own.country, year, texts.language())}
        for day in self.own.work:
            found.pop(day, None)
        for day, name in self.own.free.items():
            if _year(day) == year:
                found[day] = Holiday(day, name or (found[day].name if day in found else ""), own=True)
        return [found[day] for day in sorted(found)]

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        return day.weekday() < _SATURDAY and day not in self._off(day.year)

    def count(self, after: date, to: date) -> int:
        """Working days after one day, up to and with another; 0 if there is none between."""
        if to <= after:
            return 0
        weeks, rest = divmod((to - after).days, _WEEK)
        weekdays = weeks * _SATURDAY + sum(
            (to - timedelta(back)).weekday() < _SATURDAY for back in range(rest)
        )
        years = range(max(after.year, FIRST_YEAR), min(to.year, LAST_YEAR) + 1)
        return weekdays - sum(
            bisect_right(self._off(year), to) - bisect_right(self._off(year), after) for year in years
        )

    def unchecked(self, on: Day) -> list[int]:
        """The years that limits of this day reach and the office's list says nothing of."""
        ahead = (date.fromisoformat(on) + timedelta(_AHEAD)).year
        return [year for year in range(_year(on), ahead + 1) if not self.says_something_of(year)]

    def says_something_of(self, year: int) -> bool:
        """Whether the office has checked this year, or lists a day of it."""
        return year in self.own.checked or any(_year(day) == year for day in (*self.own.free, *self.own.work))

    def _off(self, year: int) -> tuple[date, ...]:
        """The Mondays to Fridays of a year on which nobody works, in order."""
        if year not in self._weekdays_off:
            days = [date.fromisoformat(holiday.day) for holiday in self.holidays(year)]
            self._weekdays_off[year] = tuple(day for day in days if day.weekday() < _SATURDAY)
        return self._weekdays_off[year]


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The codes that the library knows."""
    import holidays  # a tenth of a second, which most commands can do without

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=256)
def _of_library(country: str, year: int, language: str) -> tuple[Holiday, ...]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    import holidays  # see above
    from holidays.constants import GOVERNMENT, PUBLIC

    known = holidays.country_holidays(country)
    spoken = [name for name in known.supported_languages if name.split("_")[0] == language]
    found = holidays.country_holidays(
        country,
        years=year,
        categories=[kind for kind in (PUBLIC, GOVERNMENT) if kind in known.supported_categories],
        language=spoken[0] if spoken else None,
    )
    mark = found.tr(getattr(found, "estimated_label", "")).replace("%s", "").strip()
    return tuple(
        Holiday(Day(day.isoformat()), name, estimated=bool(mark) and mark in name)
        for day, name in sorted(found.items())
    )


def _year(day: Day) -> int:
    return int(day[:4])
