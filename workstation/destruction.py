"""Private keys of past weeks are destroyed on a schedule: what was sealed with them then opens nowhere.

Each reviewer's keys are behind that reviewer's passphrase, so each destroys their own. A week's key stays as
long as anything may still come for it, or lies here unopened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import Day, Epoch
from crypto.item import read_shape
from workstation import arrivals, changing, keyfile, settings
from workstation.errors import BadPlanError
from workstation.opening import open_sealed
from workstation.station import Station, rewrite_key
from workstation.texts import N_, _

KEEP_DAYS: Final = 60
_SHORTEST, _LONGEST = 7, 3_650
_SETTING: Final = "keep-days"

LATER: Final = N_("no bundle of a day after {day} has been imported")
MISSING: Final = N_("bundles up to number {number} are not all here; or add --even-if-missing")
SEALED: Final = N_("{count} items of that week are still to be opened")

# problems of an item that a new directory or a new version of this program may solve
_SOLVABLE: Final = ("unknown-channel", "wrong-version")
_TRIED: Final = (
    "SELECT s.item, s.day, t.problem FROM sealed s LEFT JOIN tries t ON t.item = s.id AND t.reviewer = ?"
)


@dataclass(frozen=True)
class Destroyed:
    """The weeks whose keys are gone, and those that had to stay, each with the reason in words."""

    weeks: tuple[Epoch, ...]
    kept: Mapping[Epoch, str]


def keep_days(station: Station) -> int:
    """How many days after the end of its week a key is destroyed."""
    found = settings.read(station.vault, _SETTING)
    return found if isinstance(found, int) else KEEP_DAYS


def set_keep_days(station: Station, days: int) -> None:
    """For this station and all its reviewers, from now on; BadPlanError."""
    if not _SHORTEST <= days <= _LONGEST:
        raise BadPlanError(what=_("keys are kept for 7 to 3650 days"))
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, days)
        station.log("settings-changed", f"{_SETTING} {days}")


def due(station: Station, on: Day) -> list[Epoch]:
    """The weeks whose keys this reviewer still holds and should not."""
    latest = calendar.add_days(on, -keep_days(station))
    return sorted(week for week in station.keys.epochs if calendar.last_day(week) < latest)


def judged(station: Station, on: Day, even_if_missing: bool = False) -> dict[Epoch, str | None]:
    """The weeks that are due, oldest first, each with why its key must stay, in words; None: it may go."""
    return {week: _reason(station, week, even_if_missing) for week in due(station, on)}


def destroy(station: Station, passphrase: str, on: Day, even_if_missing: bool = False) -> Destroyed:
    """Destroys what is due, of the reviewer who is here, and may be.

    The key file is written anew without those keys, and the old one overwritten.
    """
    with station.vault.transaction():
        open_sealed(station)
    found = judged(station, on, even_if_missing)
    kept = {week: reason for week, reason in found.items() if reason is not None}
    gone = tuple(week for week in found if week not in kept)
    if gone:
        left = {week: seed for week, seed in station.keys.epochs.items() if week not in gone}
        untrusted_file = station.layout.reviewer_key(station.reviewer).read_bytes()
        cost = keyfile.cost_of(untrusted_file, station.reviewer)
        with station.vault.transaction():
            station.log("keys-destroyed", calendar.last_day(gone[-1]))
        with changing.change(station.layout) as change:
            rewrite_key(change, replace(station.keys, epochs=left), passphrase, cost)
    return Destroyed(gone, kept)


def _reason(station: Station, week: Epoch, even_if_missing: bool) -> str | None:
    """Why a week's key must stay."""
    # the server takes items of a week until the end of the next
    last = calendar.last_day(Epoch(week + 1))
    here = arrivals.arrivals(station.vault)
    after = [arrival.number for arrival in here if arrival.complete and arrival.day > last]
    if not after:
        return _(LATER).format(day=last)
    complete = {arrival.number for arrival in here if arrival.complete}
    if not even_if_missing and not complete.issuperset(range(1, min(after))):
        return _(MISSING).format(number=min(after) - 1)
    count = sum(
        problem is None or problem in _SOLVABLE
        for item, day, problem in station.vault.rows(_TRIED, station.reviewer)
        if _may_be_of(week, item, Day(day))
    )
    return _(SEALED).format(count=count) if count else None


def _may_be_of(week: Epoch, untrusted_item: bytes, received: Day) -> bool:
    try:
        return read_shape(untrusted_item).epoch == week
    except ProtocolError:  # of a version that this program cannot read
        return abs(calendar.epoch_of(received) - week) <= 1
