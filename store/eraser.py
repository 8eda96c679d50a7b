"""The reporter's right to erase what is in no bundle yet (docs/protocol.md section 9)."""

from collections.abc import Collection
from contextlib import suppress
from typing import Final

from sqlcipher3 import dbapi2

from crypto.fields import OfficeId
from store import doomed
from store.database import Database
from store.errors import BusyError, StorageFullError
from store.keyfile import RawKey
from store.layout import Layout
from store.schema import INBOX


class InboxEraser:
    """Erases what waits, and can do nothing else.

    SQLite's authorizer refuses this connection everything but deleting items, which takes their bodies along
    (store/schema.py), and clearing the list of doomed files; it lets it read the columns that this needs, and
    so neither a body nor, but for the trigger that counts, when something came, how large it is or on which
    channel. Errors: any StoreError.
    """

    def __init__(self, layout: Layout, key: RawKey) -> None:
        self._layout = layout
        self._database = Database(layout.inbox, key, INBOX, _deletes_only)

    def erase(self, office: OfficeId, deletions: Collection[bytes]) -> int:
        """Erases the items and blobs of an office that carry one of these hashes and wait; how many did.

        One look into an index for each hash. When this returns, no bundle can take them any more, and nothing
        is left of them; only on a full or very busy disk traces stay until `tidy`.
        """
        statement = _ERASE.format(", ".join("?" * len(deletions)))
        with self._database.delete() as connection:
            erased = connection.execute(statement, (office, *deletions)).rowcount
        if erased:
            # The count cannot be had again: it is told, and the rest is done when it can be.
            with suppress(StorageFullError, BusyError):
                doomed.remove_files(self._database, self._layout)
                self._database.end_erasures()
        return erased

    def tidy(self) -> None:
        """What no request waits for: ends erasures, and the order of arrival since it was done last.

        Removes files on the list, all traces of what was deleted, and what the places of pages and the log
        told about what came first.
        """
        doomed.remove_files(self._database, self._layout)
        self._database.tidy()

    def close(self) -> None:
        self._database.close()


# SQLite would rather look through all that waits.
_ERASE: Final = (
    "DELETE FROM item INDEXED BY item_deletion WHERE office = ? AND bundle IS NULL AND deletion IN ({})"
)

_COLUMNS: Final = ("office", "kind", "id", "deletion", "bundle")
_SORT: Final = ("office", "day", "kind", "channel", "class")
_ALLOWED: Final = frozenset(
    {
        (dbapi2.SQLITE_DELETE, "item", None, None),
        *((dbapi2.SQLITE_READ, "item", name, None) for name in _COLUMNS),
        # What the triggers do, inside them only.
        *((dbapi2.SQLITE_READ, "item", name, "item_gone") for name in ("office", "kind", "id")),
        *((dbapi2.SQLITE_READ, "body", name, "item_gone") for name in ("office", "id")),
        (dbapi2.SQLITE_DELETE, "body", None, "item_gone"),
        *((dbapi2.SQLITE_READ, "item", name, "blob_gone") for name in ("office", "kind", "id")),
        (dbapi2.SQLITE_INSERT, "doomed", None, "blob_gone"),
        *((dbapi2.SQLITE_READ, "item", name, "tally_down") for name in (*_SORT, "size", "bundle")),
        *((dbapi2.SQLITE_READ, "tally", name, "tally_down") for name in (*_SORT, "size", "count")),
        *((dbapi2.SQLITE_UPDATE, "tally", name, "tally_down") for name in ("size", "count")),
        (dbapi2.SQLITE_DELETE, "tally", None, "tally_down"),
        # store/doomed.py
        (dbapi2.SQLITE_SELECT, None, None, None),
        *((dbapi2.SQLITE_READ, "doomed", name, None) for name in ("office", "id", "")),
        (dbapi2.SQLITE_DELETE, "doomed", None, None),
    }
)


def _deletes_only(
    action: int, first: str | None, second: str | None, _database: str | None, trigger: str | None
) -> int:
    if (action, first, second) == (dbapi2.SQLITE_READ, "bundle", "id"):
        # The foreign key asks for it, and does not need it where `bundle` is NULL: to us it reads as NULL.
        return int(dbapi2.SQLITE_IGNORE)
    allowed = action == dbapi2.SQLITE_TRANSACTION or (action, first, second, trigger) in _ALLOWED
    return int(dbapi2.SQLITE_OK if allowed else dbapi2.SQLITE_DENY)
