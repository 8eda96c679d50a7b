"""The settings of a SQLCipher connection: all set on every connection, all read back."""

from sqlite3 import Connection
from typing import Final

from store.errors import PragmaError
from store.keyfile import RawKey

# Longer than the worst erasure; writers wait on a file lock, so that only checkpoints and readers meet this.
_BUSY_MILLISECONDS: Final = 30_000

# Set, then read back; a library that ignores one must not be used. store/database.py says why.
_SETTINGS: Final[dict[str, str]] = {
    "cipher_log_level": "NONE",
    "busy_timeout": str(_BUSY_MILLISECONDS),
    "foreign_keys": "1",
    "secure_delete": "1",
    "synchronous": "2",
    "temp_store": "2",
    "trusted_schema": "0",
    "cell_size_check": "1",
    "mmap_size": "0",
    "journal_mode": "wal",
}

# What SQLCipher 4 does by itself; read back, so that a build without encryption is noticed.
_CIPHER: Final[dict[str, str]] = {
    "cipher_page_size": "4096",
    "cipher_use_hmac": "1",
    "cipher_hmac_algorithm": "HMAC_SHA512",
    "cipher_plaintext_header_size": "0",
    "cipher_status": "1",
}


def settle(connection: Connection, key: RawKey) -> None:
    """Gives a fresh connection its key and settings; PragmaError if one does not hold.

    A wrong key shows as the library's own error at the first statement that reads.
    """
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA cipher_log_level = {_SETTINGS['cipher_log_level']}")
    connection.execute("SELECT count(*) FROM sqlite_schema")
    for name, value in _SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    for name, value in (_SETTINGS | _CIPHER).items():
        if pragma(connection, name) != value:
            raise PragmaError


def pragma(connection: Connection, name: str) -> str:
    """A setting as text; empty if the library does not know it."""
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return "" if row is None else str(row[0])
