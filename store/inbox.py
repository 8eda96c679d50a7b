"""The reporter's side of the inbox: it adds, and can do nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from crypto.blob import BlobId, blob_size
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import SealedItem, item_id
from store.database import Database
from store.engine import Engine
from store.errors import VanishedError
from store.keyfile import RawKey
from store.schema import INBOX
from store.space import DEFAULT_RESERVE, check_room

_ITEM: Final = """
INSERT INTO item (office, kind, id, channel, day, size, deletion) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_BODY: Final = "INSERT INTO body (office, id, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


class InboxWriter:
    """Adds items and blobs. Adding the same again changes nothing, so a retry is safe.

    SQLite's authorizer refuses this connection every statement but inserts into two tables. (A process that
    was taken over could still open the file anew, unless a broker keeps it: store/broker/.)
    Errors: StorageFullError and any other StoreError.
    """

    def __init__(self, path: Path, key: RawKey, reserve: int = DEFAULT_RESERVE) -> None:
        self._folder = path.parent
        self._reserve = reserve
        self._database = Database(path, key, INBOX, _inserts_only)

    def add_item(
        self, office: OfficeId, channel: ChannelId, on: Day, deletion: bytes, item: SealedItem
    ) -> None:
        """Stores a sealed item durably. `deletion` is the hash of its deletion token (32 bytes)."""
        check_room(self._folder, len(item), self._reserve)
        insert_item(self._database, office, channel, on, deletion, item)

    def add_blob(
        self,
        office: OfficeId,
        blob: BlobId,
        padded: int,
        on: Day,
        deletion: bytes,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        """Records a blob whose file is complete; `padded` is the padded size of its plaintext.

        VanishedError unless `is_there` still says so once no erasure can be at work: the same blob may have
        been here before, and its file about to go.
        """
        insert_blob(self._database, office, blob, padded, on, deletion, is_there)

    def close(self) -> None:
        self._database.close()


def insert_item(
    database: Engine, office: OfficeId, channel: ChannelId, on: Day, deletion: bytes, item: SealedItem
) -> None:
    """`add_item`, in whichever database."""
    name = item_id(item)
    with database.write() as connection:
        connection.execute(_ITEM, (office, "item", name, channel, on, len(item), deletion))
        connection.execute(_BODY, (office, name, item))


def insert_blob(
    database: Engine,
    office: OfficeId,
    blob: BlobId,
    padded: int,
    on: Day,
    deletion: bytes,
    is_there: Callable[[], bool],
) -> None:
    """`add_blob`, in whichever database."""
    with database.write() as connection:
        # From here on, files of erased blobs wait for the end of this transaction (store/doomed.py).
        connection.execute(_ITEM, (office, "blob", blob, "", on, blob_size(padded), deletion))
        if not is_there():
            raise VanishedError


# The trigger that counts what comes (store/schema.py).
_COUNTING: Final = "tally_up"


def _inserts_only(
    action: int, first: str | None, second: str | None, _database: str | None, trigger: str | None
) -> int:
    if action == dbapi2.SQLITE_TRANSACTION:
        allowed = True
    elif action == dbapi2.SQLITE_INSERT:
        allowed = first in ("item", "body") or (first, trigger) == ("tally", _COUNTING)
    elif action == dbapi2.SQLITE_UPDATE:
        allowed = (first, trigger) == ("tally", _COUNTING)
    elif action == dbapi2.SQLITE_READ:
        # For the foreign key and the trigger alone: without SELECT no statement can return what is read.
        allowed = (first, second) == ("bundle", "id") or trigger == _COUNTING
    else:
        allowed = False
    return int(dbapi2.SQLITE_OK if allowed else dbapi2.SQLITE_DENY)
