"""The inbox on a PostgreSQL server, under the verbs of store/database.py.

The statements of the office's side are written once, for SQLite, in words that PostgreSQL knows as well; here
they get PostgreSQL's parameters. A transaction that writes holds off all others that do, as in SQLite, except
that reporters' inserts go on beside one another.

What is sent to the server are statements with the values apart: no log or view of the server that shows
statements shows what was stored. A connection that broke is opened anew by the next transaction; one that
breaks within a transaction undoes it and is told (UnreachableError), so that nothing passes for stored.
"""

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import psycopg
from psycopg import conninfo

from store import errors
from store.engine import Connection, Rows

_TABLES: Final = "item, body, bundle, fetched, last_bundle, doomed, slot"

# One snapshot. The locks come first: no snapshot may be older than a rewriting that it meets.
_READ: Final = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE {_TABLES} IN ACCESS SHARE MODE"


@dataclass(frozen=True)
class Role:
    """Whom the server knows us as (schema.sql says what it may), and how its writing begins."""

    name: str
    begin: str = "BEGIN"


SOURCE: Final = Role("peluit_source")
ERASER: Final = Role("peluit_eraser")
OFFICE: Final = Role("peluit_office", "BEGIN; LOCK TABLE item IN SHARE ROW EXCLUSIVE MODE")

# On every connection. Without statistics (schema.sql) the server would rather look through everything.
_SESSION: Final = {
    "search_path": "peluit",
    "synchronous_commit": "on",
    "enable_seqscan": "off",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
_CONNECTION: Final = {
    "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    # Between hosts: encrypted, and the server's name checked. Unix sockets need neither.
    "sslmode": "verify-full",
    "gssencmode": "disable",
    "application_name": "",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "tcp_user_timeout": "30000",
}
_NAMED_ELSEWHERE: Final = ("user", "password", "options", "sslmode")


class PostgresDatabase:
    """A role's view of the inbox, and this process's one connection for it, shared by its threads.

    `address` is `postgresql://…` and says only where the server is; InboxAddressError. Opened at the first
    use, and anew after a fork. Errors: any StoreError.
    """

    def __init__(self, address: str, role: Role) -> None:
        self._conninfo = _conninfo(address, role)
        self._role = role
        self._mutex = threading.Lock()
        self._opened: psycopg.Connection | None = None
        self._opened_by = 0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot. Keep it short: an erasure waits for it. Not to be nested."""
        with self._transaction(_READ) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable when the block ends, undone if it raises. Not to be nested."""
        with self._transaction(self._role.begin) as connection:
            yield connection

    @contextmanager
    def delete(self) -> Iterator[Connection]:
        """A write of whose deletions traces are left until `end_erasures` (schema.sql keeps in mind that)."""
        with self.write() as connection:
            yield connection

    def end_erasures(self) -> None:
        """Leaves nothing of what was deleted. Those who wait for it at the same time share one rewriting."""
        with self._transaction("BEGIN") as connection:
            connection.execute("SELECT end_erasures()")

    @contextmanager
    def erase(self) -> Iterator[Connection]:
        """A write after which nothing is left of what it deletes."""
        with self.delete() as connection:
            yield connection
        self.end_erasures()

    def compact(self) -> None:
        """Writes everything anew in the order of its keys: nothing tells the order of arrival."""
        with self._transaction("BEGIN") as connection:
            connection.execute("SELECT compact()")

    def close(self) -> None:
        """Closes this process's connection, if it has one; the next use opens a new one."""
        with self._mutex:
            if self._opened is not None and self._opened_by == os.getpid():
                self._opened.close()
            self._opened = None

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._mutex, _store_errors():
            connection = self._begun(begin)
            try:
                yield _Statements(connection)
                # The server ends a transaction in which something failed like this too, but says so.
                if connection.execute("COMMIT").statusmessage != "COMMIT":
                    raise errors.StoreError
            except BaseException:
                try:
                    connection.execute("ROLLBACK")
                except psycopg.Error:
                    connection.close()
                raise

    def _begun(self, begin: str) -> psycopg.Connection:
        """A connection in a new transaction. That an idle one broke is noticed here, and mended once."""
        connection = self._connected()
        try:
            connection.execute(begin.encode())
        except psycopg.errors.LockNotAvailable:
            connection.execute("ROLLBACK")
            raise
        except psycopg.OperationalError:
            connection.close()
            connection = self._connected()
            connection.execute(begin.encode())
        return connection

    def _connected(self) -> psycopg.Connection:
        # A parent's connection is neither used nor closed.
        if self._opened is None or self._opened.closed or self._opened_by != os.getpid():
            self._opened = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)
            self._opened_by = os.getpid()
        return self._opened


class _Statements:
    """A connection that takes the statements of SQLite's modules."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        return self._connection.execute(_translated(statement), parameters or None)

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> Rows:
        cursor = self._connection.cursor()
        cursor.executemany(_translated(statement), parameters)
        return cursor


@cache
def _translated(statement: str) -> bytes:
    """With psycopg's parameters, and without SQLite's hint for an index."""
    statement = re.sub(r" INDEXED BY \w+", "", statement).replace("?", "%s")
    return re.sub(r":(\w+)", r"%(\1)s", statement).encode()


def _conninfo(address: str, role: Role) -> str:
    try:
        told = conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        raise errors.InboxAddressError from None
    if any(name in told for name in _NAMED_ELSEWHERE):
        raise errors.InboxAddressError
    return conninfo.make_conninfo(address, **_CONNECTION, user=role.name)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        kind = next((ours for theirs, ours in _ERRORS if isinstance(error, theirs)), errors.StoreError)
        raise kind() from None


# The first that fits.
_ERRORS: Final[tuple[tuple[type[psycopg.Error], type[errors.StoreError]], ...]] = (
    (psycopg.errors.DiskFull, errors.StorageFullError),
    (psycopg.errors.LockNotAvailable, errors.BusyError),
    (psycopg.errors.QueryCanceled, errors.BusyError),
    (psycopg.errors.OutOfMemory, errors.BusyError),
    (psycopg.errors.TooManyConnections, errors.BusyError),
    (psycopg.errors.DeadlockDetected, errors.BusyError),
    (psycopg.errors.InsufficientPrivilege, errors.ForbiddenError),
    (psycopg.errors.IntegrityError, errors.ConflictError),
    (psycopg.OperationalError, errors.UnreachableError),
    (psycopg.InterfaceError, errors.UnreachableError),
)
