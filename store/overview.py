"""What the reviewers' pages count by day."""

from crypto.fields import Day, OfficeId
from store.database import Database


def waiting(inbox: Database, office: OfficeId) -> dict[Day, int]:
    """How many sealed things of an office wait, by the day they came."""
    with inbox.read() as connection:
        rows = connection.execute(
            "SELECT day, count(*) FROM item WHERE office = ? AND bundle IS NULL GROUP BY day ORDER BY day",
            (office,),
        ).fetchall()
    return {Day(day): count for day, count in rows}


def expiring(inbox: Database) -> dict[Day, int]:
    """How many slots the board shows to the end of which day."""
    with inbox.read() as connection:
        rows = connection.execute(
            "SELECT expires, count(*) FROM slot GROUP BY expires ORDER BY expires"
        ).fetchall()
    return {Day(day): count for day, count in rows}
