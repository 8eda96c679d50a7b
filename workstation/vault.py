"""The vault: one SQLCipher database with a random raw key, and the discipline of its connections."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from workstation.errors import DiskFullError, NewerVaultError, VaultDamagedError
from workstation.files import writing
from workstation.schema import MIGRATIONS

# rollback journal, not WAL: what is erased must be gone when the command ends (design/measurements.md)
PRAGMAS: Final = {
    "foreign_keys": 1,
    "secure_delete": 1,
    "journal_mode": "delete",
    "synchronous": 2,
    "temp_store": 2,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "cipher_use_hmac": 1,
}


class Vault:
    """One open connection. Only errors of `workstation.errors` come out of it."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Opens an existing database with its raw key (32 bytes); VaultDamagedError, NewerVaultError."""
        with _translated():
            self._connection = sqlcipher.connect(
                f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None
            )
        try:
            with _translated():
                self._set_up(key)
                self._migrate()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def create(path: Path, key: bytes) -> "Vault":
        """Makes a new database, readable by its owner only."""
        with writing(path):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return Vault(path, key)

    def copy(self, path: Path, key: bytes) -> "Vault":
        """Writes all of it to a new file under a key (32 bytes), without what was erased, and opens that."""
        with writing(path):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        version: int = self.value("PRAGMA user_version")
        self.rows(f"ATTACH DATABASE ? AS copy KEY \"x'{key.hex()}'\"", str(path.absolute()))
        try:
            self.rows("SELECT sqlcipher_export('copy')")
            self.rows(f"PRAGMA copy.user_version = {version}")
        finally:
            self.rows("DETACH DATABASE copy")
        copied = Vault(path, key)
        copied.rows("PRAGMA journal_mode = memory")  # no trace beside it; a copy that breaks is thrown away
        return copied

    def check(self) -> None:
        """Reads every page and proves it; VaultDamagedError."""
        if self.rows("PRAGMA cipher_integrity_check") or self.rows("PRAGMA integrity_check") != [("ok",)]:
            raise VaultDamagedError

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Runs one statement and gives all its rows."""
        with _translated():
            found: list[tuple[Any, ...]] = self._connection.execute(sql, values).fetchall()
        return found

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row, if there is any."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: object) -> Any:
        """The one value of a query that always has one."""
        return self.rows(sql, *values)[0][0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside, or nothing. IMMEDIATE: never a surprise between reading and writing."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self.rows("ROLLBACK")
            raise

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What the block does is undone if it raises; the caller's transaction goes on."""
        self.rows("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self.rows("ROLLBACK TO attempt")
                self.rows("RELEASE attempt")
            raise
        self.rows("RELEASE attempt")

    def _set_up(self, key: bytes) -> None:
        self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if not self.row("PRAGMA cipher_version"):
            raise VaultDamagedError  # plain SQLite would write in the clear
        self.rows("SELECT count(*) FROM sqlite_master")
        for name, wanted in PRAGMAS.items():
            self.rows(f"PRAGMA {name} = {wanted}")
            if str(self.value(f"PRAGMA {name}")) != str(wanted):
                raise VaultDamagedError

    def _migrate(self) -> None:
        version: int = self.value("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise NewerVaultError
        for number, migration in enumerate(MIGRATIONS[version:], version + 1):
            with self.transaction():
                for statement in migration.split(";\n"):
                    self.rows(statement)
                self.rows(f"PRAGMA user_version = {number}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error as error:
        if "is full" in str(error):
            raise DiskFullError from None
        raise VaultDamagedError from None
