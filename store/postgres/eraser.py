"""The reporter's right to erase what waits (docs/protocol.md section 9), on a PostgreSQL server."""

from collections.abc import Collection
from contextlib import suppress

from crypto.fields import OfficeId
from store import doomed
from store.errors import BusyError, StorageFullError, UnreachableError
from store.layout import Layout
from store.postgres.database import ERASER, PostgresDatabase


class PostgresEraser:
    """What InboxEraser does. Its role has no right to any table, only to five functions of schema.sql.

    So it can neither list nor count what waits: it erases by hash, and learns which files of blobs are to go.
    Errors: any StoreError.
    """

    def __init__(self, layout: Layout, address: str) -> None:
        self._layout = layout
        self._database = PostgresDatabase(address, ERASER)

    def erase(self, office: OfficeId, deletions: Collection[bytes]) -> int:
        """Erases the items and blobs of an office that carry one of these hashes and wait; how many did.

        When this returns, no bundle can take them any more, and nothing is left of them; only on a server
        that is full, very busy or just gone traces stay until `tidy`.
        """
        with self._database.write() as connection:
            (erased,) = connection.execute("SELECT erase(?, ?)", (office, list(deletions))).fetchone()
        if erased:
            # The count cannot be had again: it is told, and the rest is done when it can be.
            with suppress(StorageFullError, BusyError, UnreachableError):
                self._remove_files()
                self._database.end_erasures()
        return int(erased)

    def tidy(self) -> None:
        """What no request waits for: removes files on the list, traces, and the order of arrival."""
        self._remove_files()
        with self._database.write() as connection:
            connection.execute("SELECT tidy()")

    def _remove_files(self) -> None:
        with self._database.write() as connection:
            doomed.unlink(self._layout, connection.execute("SELECT * FROM removable()").fetchall())
            connection.execute("SELECT removed()")

    def close(self) -> None:
        self._database.close()
