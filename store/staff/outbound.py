"""Which bundles from the stations were taken, so that none is taken twice and no older one later."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection

from crypto.fields import OfficeId
from store.database import Database
from store.errors import BundleTakenError, OlderBundleTakenError


class TakenBundles:
    """Errors: any StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def taking(self, office: OfficeId, bundle: bytes, number: int) -> Iterator[None]:
        """Whatever an outbound bundle does, done inside, happens for one bundle at a time.

        The bundle counts as taken only when the block has ended well: after a crash it can be brought again.
        BundleTakenError, OlderBundleTakenError before the block. Don't use staff.db inside it.
        """
        with self._database.write() as connection:
            if connection.execute(
                "SELECT 1 FROM outbound WHERE office = ? AND bundle = ?", (office, bundle)
            ).fetchone():
                raise BundleTakenError
            if number <= _last(connection, office):
                raise OlderBundleTakenError
            yield
            connection.execute(
                "INSERT INTO outbound (office, bundle, number) VALUES (?, ?, ?)", (office, bundle, number)
            )

    def last(self, office: OfficeId) -> int:
        """The number of the last bundle taken from this office's station; 0 if none was."""
        with self._database.read() as connection:
            return _last(connection, office)


def _last(connection: Connection, office: OfficeId) -> int:
    row = connection.execute("SELECT max(number) FROM outbound WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0)
