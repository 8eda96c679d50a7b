"""What the reviewers' pages count by day."""

from dataclasses import dataclass
from typing import Final

from crypto.fields import Day, OfficeId
from store.database import Database


@dataclass(frozen=True)
class Waiting:
    """Sealed things that came on one day and are in no bundle yet. `size` in bytes."""

    count: int
    size: int


def waiting(inbox: Database, office: OfficeId) -> dict[Day, Waiting]:
    """What waits for an office, by the day it came."""
    with inbox.read() as connection:
        rows = connection.execute(_WAITING, (office,)).fetchall()
    return {Day(day): Waiting(count, size) for day, count, size in rows}


def expiring(inbox: Database) -> dict[Day, int]:
    """How many slots the board shows to the end of which day."""
    with inbox.read() as connection:
        rows = connection.execute(
            "SELECT expires, count(*) FROM slot GROUP BY expires ORDER BY expires"
        ).fetchall()
    return {Day(day): count for day, count in rows}


_WAITING: Final = """
SELECT day, count(*), sum(size) FROM item WHERE office = ? AND bundle IS NULL GROUP BY day ORDER BY day
"""
