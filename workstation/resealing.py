"""The cases when reviewers change: who leaves loses them, who joins gets what the one who is here may read.

Exclusions and conflicts of interest keep holding by keys: a case that excluded the reviewer who is here
cannot be opened, and so cannot be given on. A case that excluded who joins (by an id that is never used
twice), or that a conflict of interest keeps from them, is not given to them.
"""

from dataclasses import dataclass

from crypto import calendar
from crypto.fields import ReviewerId
from workstation import cases
from workstation.review import conflict
from workstation.station import Station

_ALONE = """
SELECT "case" FROM readers WHERE reviewer = ?1
AND NOT EXISTS (SELECT 1 FROM readers r WHERE r."case" = readers."case" AND r.reviewer != ?1)
"""
_UNSEEN = "SELECT channel FROM sealed WHERE id NOT IN (SELECT item FROM tries WHERE reviewer = ?)"


@dataclass(frozen=True)
class Losses:
    """What nobody could read any more: cases, and sealed items that only the leaving reviewer did not try."""

    cases: int
    items: int


@dataclass(frozen=True)
class Resealed:
    """How many cases were given to the newcomer, and locked anew because somebody left."""

    given: int
    locked: int


def losses(station: Station, leaves: ReviewerId) -> Losses:
    """What is lost if somebody else than the reviewer who is here leaves."""
    if leaves == station.reviewer:
        return Losses(0, 0)
    unseen = [channel for (channel,) in station.vault.rows(_UNSEEN, leaves)]
    return Losses(
        cases=len(station.vault.rows(_ALONE, leaves)),
        items=sum(leaves in (station.recipients(channel) or ()) for channel in unseen),
    )


def reseal(station: Station, leaves: ReviewerId | None, joins: ReviewerId | None) -> Resealed:
    """Inside a transaction of the caller, with the new directory and roster.

    A newcomer gets the cases of their channels; whoever takes another's place, the cases of that one.
    Where the reviewer who is here may not read, a leaving reader's copy of the key is deleted and the case
    keeps its key; cases that then have no reader are deleted.
    """
    given = locked = 0
    for case in list(cases.readable(station)):
        here = _reads(station, case.number, leaves)
        channel = station.directory.office.channel(case.head.channel)
        wanted = here if leaves else channel is None or joins in channel.recipients
        out = {*case.head.excluded, *conflict.kept_out(station.vault, case.head)}
        if joins and wanted and joins not in out:
            cases.give_to(station, case, joins)
            case = conflict.keep_to(station, case, "", calendar.today())
            given += 1
        if leaves and here:
            cases.take_from(station, case, [leaves])
            locked += 1
    if leaves:
        station.vault.rows("DELETE FROM readers WHERE reviewer = ?", leaves)
        station.vault.rows("DELETE FROM tries WHERE reviewer = ?", leaves)
        station.vault.rows('DELETE FROM cases WHERE number NOT IN (SELECT "case" FROM readers)')
    return Resealed(given, locked)


def _reads(station: Station, case: int, reviewer: ReviewerId | None) -> bool:
    return bool(
        station.vault.row('SELECT 1 FROM readers WHERE "case" = ? AND reviewer = ?', case, reviewer or "")
    )
