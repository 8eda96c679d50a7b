"""Days and epochs: the only grains of time in the protocol (docs/protocol.md section 1)."""

from datetime import UTC, date, datetime, timedelta

from crypto.constants import EPOCH_SECONDS
from crypto.errors import MalformedError
from crypto.fields import Day, Epoch

_SECONDS_A_DAY = 86_400


def today() -> Day:
    """The present day in UTC."""
    return Day(datetime.now(UTC).date().isoformat())


def epoch_of(on: Day) -> Epoch:
    """The epoch that holds this day (epochs begin at midnight UTC, on Thursdays)."""
    days = (date.fromisoformat(on) - date(1970, 1, 1)).days
    return Epoch(days * _SECONDS_A_DAY // EPOCH_SECONDS)


def last_day(epoch: Epoch) -> Day:
    """The last day of an epoch."""
    return add_days(Day("1970-01-01"), (epoch + 1) * (EPOCH_SECONDS // _SECONDS_A_DAY) - 1)


def add_days(on: Day, days: int) -> Day:
    """The day `days` later (earlier if negative); MalformedError outside the years 1 to 9999."""
    try:
        return Day((date.fromisoformat(on) + timedelta(days=days)).isoformat())
    except OverflowError:
        raise MalformedError from None


def epochs_near(on: Day, days: int) -> frozenset[Epoch]:
    """The epochs that a day within `days` of this one may lie in."""
    return frozenset(epoch_of(add_days(on, shift)) for shift in (-days, 0, days))
