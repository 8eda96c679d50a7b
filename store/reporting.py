"""What the reporter's side needs of the inbox, and where it finds it.

`PELUIT_INBOX` says where: empty, in the file of this data folder (SQLCipher); `postgresql://…`, on a server
that several hosts share (store/postgres); `unix:/path`, behind a program that keeps it (store/broker).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from crypto.blob import BlobId
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import SealedItem
from store import keyfile
from store.broker import UNIX
from store.broker.client import Broker, BrokerEraser, BrokerWriter
from store.engine import POSTGRES
from store.eraser import InboxEraser
from store.errors import UnknownInboxError
from store.inbox import InboxWriter
from store.layout import Layout
from store.space import DEFAULT_RESERVE


class Writer(Protocol):
    """Adds, and can do nothing else; store/inbox.py says what each verb does. Errors: any StoreError."""

    def add_item(
        self, office: OfficeId, channel: ChannelId, on: Day, deletion: bytes, item: SealedItem
    ) -> None: ...

    def add_blob(
        self,
        office: OfficeId,
        blob: BlobId,
        padded: int,
        on: Day,
        deletion: bytes,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None: ...

    def close(self) -> None: ...


class Eraser(Protocol):
    """Erases what waits, and can do nothing else; store/eraser.py. Errors: any StoreError."""

    def erase(self, office: OfficeId, deletions: Collection[bytes]) -> int: ...

    def tidy(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Reporting:
    writer: Writer
    eraser: Eraser


def open_reporting(layout: Layout, inbox: str = "", reserve: int = DEFAULT_RESERVE) -> Reporting:
    """The inbox as the reporter's side sees it. `inbox` is PELUIT_INBOX, `reserve` bytes of the disk.

    UnknownInboxError, and any StoreError. Nothing is opened that must not cross a fork.
    """
    if inbox.startswith(POSTGRES):
        from store.postgres.eraser import PostgresEraser
        from store.postgres.writer import PostgresWriter

        return Reporting(PostgresWriter(inbox), PostgresEraser(layout, inbox))
    if inbox.startswith(UNIX):
        broker = Broker(inbox.removeprefix(UNIX))
        return Reporting(BrokerWriter(broker), BrokerEraser(broker))
    if inbox:
        raise UnknownInboxError
    key = keyfile.read(layout.inbox_key)
    return Reporting(InboxWriter(layout.inbox, key, reserve), InboxEraser(layout, key))
