"""A database of the server as the doctor sees it: opened for reading alone, brought up to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

from sqlcipher3 import dbapi2

from store.files import forget_times
from store.keyfile import RawKey
from store.settings import settle

DatabaseError = dbapi2.Error
"""It is not a database, is damaged, or does not open with this key."""


@contextmanager
def opened(path: Path, key: RawKey) -> Iterator[Connection]:
    """DatabaseError, PragmaError. What SQLite makes beside the file belongs to the file's owner."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection: Connection = dbapi2.connect(address, uri=True, isolation_level=None)
    try:
        settle(connection, key)
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()
        for ending in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                forget_times(beside)
