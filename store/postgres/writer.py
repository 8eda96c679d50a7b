"""The reporter's side of an inbox on a PostgreSQL server: it adds, and can do nothing else."""

from collections.abc import Callable

from crypto.blob import BlobId
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import SealedItem
from store.inbox import insert_blob, insert_item
from store.postgres.database import SOURCE, PostgresDatabase


class PostgresWriter:
    """What InboxWriter does. Here the server refuses its role everything but inserts into two tables.

    The server's disk is not ours to measure: what leaves no room on it is told as StorageFullError when it is
    full. Errors: any StoreError.
    """

    def __init__(self, address: str) -> None:
        self._database = PostgresDatabase(address, SOURCE)

    def add_item(
        self, office: OfficeId, channel: ChannelId, on: Day, deletion: bytes, item: SealedItem
    ) -> None:
        """Stores a sealed item durably. `deletion` is the hash of its deletion token (32 bytes)."""
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
        """Records a blob whose file is complete (store/inbox.py); VanishedError."""
        insert_blob(self._database, office, blob, padded, on, deletion, is_there)

    def close(self) -> None:
        self._database.close()
