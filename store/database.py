"""One SQLCipher database: transactions, migrations, and an erasure that leaves nothing.

Journal mode: WAL. Durable inserts a second on the two-core reference machine (bench/journal_modes.py: two
processes, 11.8 kB rows, `synchronous=FULL`, the file-lock queue; November 2026): with a quiet disk WAL 1,361
to 1,697, TRUNCATE 558 to 587, DELETE 354 to 593, PERSIST 410 to 659; with a busy one WAL 370, TRUNCATE 62,
DELETE 58. The rollback journals need three to four flushes a commit and fall below the goal of 100 as soon as
the disk has other work. In WAL, a reader never holds a writer up. The price is a log of what was written:
an erasure ends with VACUUM and a truncating checkpoint, so that neither free pages, nor leftovers inside
index pages, nor the log keep what was deleted (`secure_delete` alone leaves some), and so that pages lie in
the order of their random keys, not of arrival. For the latter the hourly tidying does the same.

Writers of all processes queue on a file lock before `BEGIN IMMEDIATE`: nobody meets "database is locked".
"""

import fcntl
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from sqlcipher3 import dbapi2

from store import errors
from store.files import forget_times, share
from store.keyfile import RawKey
from store.settings import pragma, settle

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]
"""SQLite's authorizer: action, its two arguments, database, trigger → SQLITE_OK or SQLITE_DENY."""

# Stands in the file's header (application_id) from the moment something is deleted until no trace is left.
_ERASURE_PENDING: Final = "1"


class Database:
    """A database file and this process's one connection to it, shared by its threads.

    Opened at the first use, and again after a fork. `migrations` are SQL scripts; `user_version` counts those
    that were applied. `authorizer` rules over every statement after opening. Errors: any StoreError.
    """

    def __init__(
        self, path: Path, key: RawKey, migrations: Sequence[str], authorizer: Authorizer | None = None
    ) -> None:
        self._path = path
        self._key = key
        self._migrations = migrations
        self._authorizer = authorizer
        self._mutex = threading.Lock()
        self._opened: tuple[Connection, int] | None = None
        # Whether an empty log says that the file is compact: from this connection's first rewriting on.
        self._log_tells = False
        _DATABASES.add(self)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot. Keep it short: an erasure waits for it. Not to be nested."""
        with self._mine() as (connection, _lock), _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable when the block ends, undone if it raises. Not to be nested."""
        with self._mine() as (connection, lock), _queue(lock):
            with _transaction(connection, "BEGIN IMMEDIATE"):
                yield connection
            self._forget_times()

    @contextmanager
    def delete(self) -> Iterator[Connection]:
        """A write of whose deletions traces are left until `end_erasures`; nobody can find them by asking."""
        with self.write() as connection:
            before = connection.total_changes
            yield connection
            if connection.total_changes > before:
                with self._without_authorizer(connection):
                    connection.execute(f"PRAGMA application_id = {_ERASURE_PENDING}")

    def end_erasures(self) -> None:
        """Leaves nothing of what was deleted. Those who wait for it at the same time share one rewriting.

        If it is cut off, the next call or the next opening (without an authorizer) repeats it.
        """
        with self._mine() as (connection, lock), _queue(lock), self._without_authorizer(connection):
            if pragma(connection, "application_id") == _ERASURE_PENDING:
                self._compact(connection)

    @contextmanager
    def erase(self) -> Iterator[Connection]:
        """A write after which nothing is left of what it deletes."""
        with self.delete() as connection:
            yield connection
        self.end_erasures()

    def compact(self) -> None:
        """Rewrites the file in the order of its keys: page numbers no longer tell the order of arrival."""
        with self._mine() as (connection, lock), _queue(lock), self._without_authorizer(connection):
            self._compact(connection)

    def copy(self, path: Path, key: RawKey) -> None:
        """Writes all that is there to a new file under another key, ordered by its keys; writers wait."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with self._mine() as (connection, lock), _queue(lock), self._without_authorizer(connection):
            connection.execute(f"ATTACH DATABASE ? AS copy KEY \"x'{key.hex()}'\"", (str(path),))
            try:
                # A copy that breaks is thrown away: it needs no journal, which would be one more file.
                connection.execute("PRAGMA copy.journal_mode = OFF")
                connection.execute("SELECT sqlcipher_export('copy')")
                version = pragma(connection, "user_version")
                connection.execute(f"PRAGMA copy.user_version = {version}")
            finally:
                connection.execute("DETACH DATABASE copy")

    def tidy(self) -> None:
        """Compacts if something was written since that was done, or if this process cannot know it.

        Sets the times of the files anew in any case. Every rewriting ends with an empty log, every write
        begins one; only where the last connection was closed in between does an empty log mean nothing.
        """
        with self._mine() as (connection, lock), _queue(lock), self._without_authorizer(connection):
            if self._log_tells and not self._log_size():
                self._forget_times()
            else:
                self._compact(connection)

    def close(self) -> None:
        """Closes this process's connection, if it has one; the next use opens a new one."""
        with self._mutex:
            if self._opened is not None:
                connection, lock = self._opened
                with _queue(lock):
                    connection.close()
                    self._forget_times()
                os.close(lock)
                self._opened = None
                self._log_tells = False

    def leave_to_parent(self) -> None:
        """In a forked child: neither use nor close the parent's connection."""
        _INHERITED.append(self._opened)
        self._mutex = threading.Lock()
        self._opened = None
        self._log_tells = False

    @contextmanager
    def _mine(self) -> Iterator[tuple[Connection, int]]:
        with self._mutex, _store_errors(), errors.full_disk():
            if self._opened is None:
                self._opened = self._open()
            yield self._opened

    def _open(self) -> tuple[Connection, int]:
        os.close(self._made(self._path))
        lock = self._made(self._path.with_name(f"{self._path.name}.queue"))
        connection: Connection = dbapi2.connect(
            str(self._path), isolation_level=None, check_same_thread=False
        )
        try:
            with _queue(lock):
                settle(connection, self._key)
                _migrate(connection, self._migrations)
                if self._authorizer is not None:
                    connection.set_authorizer(self._authorizer)
                elif pragma(connection, "application_id") == _ERASURE_PENDING:
                    self._compact(connection)
                self._forget_times()
        except BaseException:
            connection.close()
            os.close(lock)
            raise
        return connection, lock

    def _made(self, path: Path) -> int:
        # SQLite gives -wal and -shm the mode of the database.
        file = os.open(path, _OPEN, 0o600)
        share(file, path.parent)
        return file

    @contextmanager
    def _without_authorizer(self, connection: Connection) -> Iterator[None]:
        """For the statements of this file, which are constants."""
        connection.set_authorizer(None)
        try:
            yield
        finally:
            connection.set_authorizer(self._authorizer)

    def _compact(self, connection: Connection) -> None:
        # The log begins anew, so that its index (-shm) too shows nothing but the rewriting.
        _empty_log(connection)
        # VACUUM holds its copy of the live rows in memory (temp_store): what waits for the next export.
        connection.execute("VACUUM")
        _empty_log(connection)
        connection.execute("PRAGMA application_id = 0")
        _empty_log(connection)
        self._log_tells = True
        self._forget_times()

    def _log_size(self) -> int:
        """In bytes."""
        return self._path.with_name(f"{self._path.name}-wal").stat().st_size

    def _forget_times(self) -> None:
        for ending in ("", "-wal", "-shm", ".queue"):
            path = self._path.with_name(self._path.name + ending)
            if path.exists():
                forget_times(path)


_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_DATABASES: Final[weakref.WeakSet[Database]] = weakref.WeakSet()
_INHERITED: Final[list[tuple[Connection, int] | None]] = []


def _after_fork() -> None:
    for database in _DATABASES:
        database.leave_to_parent()


os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def _queue(lock: int) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


@contextmanager
def _transaction(connection: Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _migrate(connection: Connection, migrations: Sequence[str]) -> None:
    version = int(pragma(connection, "user_version"))
    if version > len(migrations):
        raise errors.NewerDatabaseError
    for number, script in enumerate(migrations[version:], version + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT")
        except dbapi2.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _empty_log(connection: Connection) -> None:
    busy, _log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise errors.BusyError


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except dbapi2.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise _ERRORS.get(code, errors.StoreError)() from None


_ERRORS: Final[dict[int, type[errors.StoreError]]] = {
    dbapi2.SQLITE_FULL: errors.StorageFullError,
    dbapi2.SQLITE_BUSY: errors.BusyError,
    dbapi2.SQLITE_LOCKED: errors.BusyError,
    dbapi2.SQLITE_NOTADB: errors.WrongKeyError,
    dbapi2.SQLITE_CORRUPT: errors.WrongKeyError,
    dbapi2.SQLITE_CONSTRAINT: errors.ConflictError,
    dbapi2.SQLITE_AUTH: errors.ForbiddenError,
}
