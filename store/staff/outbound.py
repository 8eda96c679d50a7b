"""Which bundles from the stations were taken, so that none is taken twice and no older one later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from sqlite3 import Connection

from crypto.fields import OfficeId
from store.database import Database
from store.errors import BundleTakenError, OlderBundleTakenError
from store.staff import audit
from store.staff.account import Account, day_of


class TakenBundles:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def taking(
        self, actor: Account, bundle: bytes, number: int
    ) -> Iterator[Callable[[audit.Act, str], None]]:
        """Whatever an outbound bundle does, done inside, happens for one bundle at a time.

        The bundle counts as taken only when the block has ended well: after a crash it can be brought again.
        Then the log has an entry for it, and one for each act and subject that the block gave the function.
        BundleTakenError, OlderBundleTakenError before the block. Don't use staff.db inside it.
        """
        office, log = actor.office, partial(audit.write, on=day_of(self._clock()), actor=actor)
        with self._database.write() as connection:
            _check(connection, office, bundle, number)
            yield lambda act, subject: log(connection, act=act, subject=subject)
            connection.execute(
                "INSERT INTO outbound (office, bundle, number) VALUES (?, ?, ?)", (office, bundle, number)
            )
            log(connection, act="bundle-imported", subject=str(number))

    def check(self, office: OfficeId, bundle: bytes, number: int) -> None:
        """Whether this bundle could be taken now; BundleTakenError, OlderBundleTakenError."""
        with self._database.read() as connection:
            _check(connection, office, bundle, number)

    def last(self, office: OfficeId) -> int:
        """The number of the last bundle taken from this office's station; 0 if none was."""
        with self._database.read() as connection:
            return _last(connection, office)


def _check(connection: Connection, office: OfficeId, bundle: bytes, number: int) -> None:
    known = "SELECT 1 FROM outbound WHERE office = ? AND bundle = ?"
    if connection.execute(known, (office, bundle)).fetchone():
        raise BundleTakenError
    if number <= _last(connection, office):
        raise OlderBundleTakenError


def _last(connection: Connection, office: OfficeId) -> int:
    row = connection.execute("SELECT max(number) FROM outbound WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0)
