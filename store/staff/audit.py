"""What the staff did, in hash chains that are only added to: one for each office, one for the server.

An entry is written in the transaction of its act: both are there, or neither. An act on other files than
staff.db is noted before it is done, in a transaction of its own: after a crash an entry may stand for an act
that was not finished, never the other way round (decision 0025).
"""

from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import Final, Literal

from crypto.chained_log import START, Entry, Head, next_hash
from crypto.fields import Day, OfficeId
from store.database import Database
from store.staff.account import Account, day_of

Act = Literal[
    "account-made",
    "authenticator-renewed",
    "backup-made",
    "board-published",
    "bundle-asked",
    "bundle-downloaded",
    "bundle-expired",
    "bundle-imported",
    "deadline-set",
    "invitation-used",
    "invited",
    "keys-published",
    "left-everywhere",
    "packages-brought",
    "passphrase-changed",
    "receipt-taken",
    "recovery-renewed",
    "recovery-used",
    "removed",
    "reset",
    "restored",
    "retention-ended",
    "retention-set",
    "role-changed",
    "signed-in",
    "statistics-published",
]
"""`keys-published`, `packages-brought` (for other offices; how many, not for which) and `receipt-taken` are
what an imported bundle did besides bringing replies;
`bundle-expired` is what the server did after the days that `retention-set` named."""

# So many entries are read at once: an erasure waits for a reader.
_BATCH: Final = 500


class StaffLog:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def note(self, actor: Account, act: Act, subject: str = "") -> None:
        """Before an act on other files than staff.db."""
        with self._database.write() as connection:
            write(connection, day_of(self._clock()), actor, act, subject)

    def note_once_a_day(self, actor: Account, act: Act, subject: str) -> None:
        """The same for what is often done again, such as the rest of a download that broke off."""
        with self._database.write() as connection:
            write_once_a_day(connection, day_of(self._clock()), actor, act, subject)

    def head(self, office: OfficeId) -> Head:
        """The end of an office's chain as it is now."""
        with self._database.read() as connection:
            return _head(connection, office)

    def page(self, office: OfficeId, before: int | None, limit: int) -> tuple[Entry, ...]:
        """The last entries before this number, newest first; as fast on the last page as on the first."""
        with self._database.read() as connection:
            rows = connection.execute(_PAGE, (office, 2**62 if before is None else before, limit)).fetchall()
        return tuple(_entry(office, row) for row in rows)

    def entries(self, office: OfficeId) -> Iterator[tuple[Entry, bytes]]:
        """All that stand there when this begins, from the first on, each with its hash."""
        last, done = self.head(office).count, 0
        while done < last:
            with self._database.read() as connection:
                rows = connection.execute(_FROM, (office, done, min(done + _BATCH, last))).fetchall()
            for row in rows:
                yield _entry(office, row), bytes(row[-1])
            done += len(rows)


def write(connection: Connection, on: Day, actor: Account, act: Act, subject: str = "") -> None:
    """Adds an entry to the chain of the actor's office, within the transaction of the act."""
    former = _head(connection, actor.office)
    entry = Entry(former.count + 1, on, actor.office, actor.name, act, subject)
    row = (entry.office, entry.number, entry.day, entry.actor, entry.act, entry.subject)
    connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, next_hash(former.hash, entry)))


def write_once_a_day(connection: Connection, on: Day, actor: Account, act: Act, subject: str = "") -> None:
    """The same unless this entry stands there for this day already."""
    if connection.execute(_STANDS, (actor.office, on, actor.name, act, subject)).fetchone() is None:
        write(connection, on, actor, act, subject)


def _head(connection: Connection, office: OfficeId) -> Head:
    row = connection.execute(_LAST, (office,)).fetchone()
    return Head(0, START) if row is None else Head(row[0], bytes(row[1]))


def _entry(office: OfficeId, row: tuple[int, str, str, str, str, bytes]) -> Entry:
    number, day, actor, act, subject, _hash = row
    return Entry(number, Day(day), office, actor, act, subject)


_LAST: Final = "SELECT number, hash FROM log WHERE office = ? ORDER BY number DESC LIMIT 1"
_PAGE: Final = """
SELECT number, day, actor, act, subject, hash FROM log
WHERE office = ? AND number < ? ORDER BY number DESC LIMIT ?
"""
_FROM: Final = """
SELECT number, day, actor, act, subject, hash FROM log
WHERE office = ? AND number > ? AND number <= ? ORDER BY number
"""
_STANDS: Final = """
SELECT 1 FROM log WHERE office = ? AND day = ? AND actor = ? AND act = ? AND subject = ?
"""
