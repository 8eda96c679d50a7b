"""What the administrators of an office decide about its things on the server: deadline and retention."""

from collections.abc import Callable
from typing import Final

from crypto.fields import OfficeId
from store.database import Database
from store.deadline import LAPOR, MOST_DAYS, Deadline
from store.errors import OutOfRangeError
from store.staff import audit
from store.staff.account import Account, day_of

SHORTEST_RETENTION: Final = 30
LONGEST_RETENTION: Final = 365


class OfficeSettings:
    """To set what is set already changes nothing. Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def deadline(self, office: OfficeId) -> Deadline:
        """How long the office's things may wait before they must be at the station."""
        with self._database.read() as connection:
            row = connection.execute("SELECT days, kind FROM deadline WHERE office = ?", (office,)).fetchone()
        return LAPOR.deadline if row is None else Deadline(*row)

    def set_deadline(self, actor: Account, chosen: Deadline) -> None:
        """From the next page on; OutOfRangeError unless it has 1 to MOST_DAYS days."""
        if not 1 <= chosen.days <= MOST_DAYS:
            raise OutOfRangeError
        if chosen == self.deadline(actor.office):
            return
        with self._database.write() as connection:
            connection.execute(_SET_DEADLINE, (actor.office, chosen.days, chosen.kind))
            subject = f"{chosen.days} {chosen.kind}"
            audit.write(connection, day_of(self._clock()), actor, "deadline-set", subject)

    def retention(self, office: OfficeId) -> int | None:
        """After how many days a bundle that was downloaded and never confirmed is erased; None is never."""
        with self._database.read() as connection:
            row = connection.execute("SELECT days FROM retention WHERE office = ?", (office,)).fetchone()
        return None if row is None else int(row[0])

    def set_retention(self, actor: Account, days: int | None) -> None:
        """OutOfRangeError unless it is None, or SHORTEST_RETENTION to LONGEST_RETENTION days."""
        if days is not None and not SHORTEST_RETENTION <= days <= LONGEST_RETENTION:
            raise OutOfRangeError
        if days == self.retention(actor.office):
            return
        today = day_of(self._clock())
        with self._database.write() as connection:
            if days is None:
                connection.execute("DELETE FROM retention WHERE office = ?", (actor.office,))
                audit.write(connection, today, actor, "retention-ended")
            else:
                connection.execute(_SET_RETENTION, (actor.office, days))
                audit.write(connection, today, actor, "retention-set", str(days))


_SET_DEADLINE: Final = """
INSERT INTO deadline (office, days, kind) VALUES (?, ?, ?)
ON CONFLICT (office) DO UPDATE SET days = excluded.days, kind = excluded.kind
"""
_SET_RETENTION: Final = """
INSERT INTO retention (office, days) VALUES (?, ?) ON CONFLICT (office) DO UPDATE SET days = excluded.days
"""
