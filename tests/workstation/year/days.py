"""Working days, counted one by one: so that nothing here leans on what is to be tested."""

from collections.abc import Iterable
from datetime import date, timedelta

import holidays

FREE = (date(2026, 4, 1), date(2026, 8, 18))
"""Days of the city and the region, as the office's own file has them."""
WORKED = (date(2026, 12, 24),)
"""A day of joint leave on which this office works."""
_KNOWN = holidays.country_holidays("ID", years=(2026, 2027), categories=("public", "government"))
_HOLIDAYS = frozenset({*_KNOWN, *FREE} - {*WORKED})

Span = tuple[date, date]


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in _HOLIDAYS


def after(day: date, count: int) -> date:
    """The day on which so many working days have passed after this one."""
    while count:
        day += timedelta(1)
        count -= is_working(day)
    return day


def between(start: date, end: date, paused: Iterable[Span] = ()) -> int:
    """Working days after the start, to the end; without those after a first day of a pause, to its last."""
    found, day, spans = 0, start, list(paused)
    while day < end:
        day += timedelta(1)
        found += is_working(day) and not any(since < day <= until for since, until in spans)
    return found
