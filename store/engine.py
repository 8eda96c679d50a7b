"""What the office's side asks of the inbox's database, and where it finds it.

`PELUIT_INBOX` says where: empty, in the file of this data folder (store/database.py); `postgresql://…`, on a
server that several hosts share (store/postgres/database.py). Both know the same verbs and statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from store import keyfile
from store.database import Database
from store.errors import UnknownInboxError
from store.layout import Layout
from store.schema import INBOX

POSTGRES: Final = "postgresql:"
"""How the address of an inbox on a PostgreSQL server begins."""


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Takes statements within a transaction, with `?` or `:name` for values."""

    def execute(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ..., /) -> Rows: ...

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> Rows: ...


class Engine(Protocol):
    """The verbs; store/database.py says what each does. Errors: any StoreError."""

    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self) -> AbstractContextManager[Connection]: ...

    def delete(self) -> AbstractContextManager[Connection]: ...

    def erase(self) -> AbstractContextManager[Connection]: ...

    def end_erasures(self) -> None: ...

    def compact(self) -> None: ...

    def close(self) -> None: ...


def open_office(layout: Layout, inbox: str = "") -> Engine:
    """The inbox without the reporter's side's bounds. `inbox` is PELUIT_INBOX. Any StoreError.

    Nothing is opened that must not cross a fork.
    """
    if not inbox:
        return Database(layout.inbox, keyfile.read(layout.inbox_key), INBOX)
    if inbox.startswith(POSTGRES):
        from store.postgres.database import OFFICE, PostgresDatabase

        return PostgresDatabase(inbox, OFFICE)
    raise UnknownInboxError
