"""The reviewers' accounts and sessions, and which bundles from the station were taken (staff.db).

Nothing here is finer than a day, and nothing says where anybody signed in from. The one trace of a moment,
the mark of the last code, matters for a minute and a half; the account's next page after that erases it.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Final

from crypto.errors import MalformedError
from crypto.fields import Day, OfficeId, identifier
from store import keyfile, passphrase, totp
from store.database import Database
from store.errors import (
    AccountExistsError,
    BundleTakenError,
    NoMatchError,
    OlderBundleTakenError,
    WeakPassphraseError,
)
from store.layout import Layout

REVIEWER: Final = "reviewer"

_MIGRATIONS: Final = (
    """
    CREATE TABLE account (
        name TEXT PRIMARY KEY,
        office TEXT NOT NULL,
        role TEXT NOT NULL,
        passphrase TEXT NOT NULL,
        totp TEXT NOT NULL,
        mark BLOB
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE session (
        token BLOB PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
        day TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE outbound (
        office TEXT NOT NULL,
        bundle BLOB NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (office, bundle)
    ) STRICT, WITHOUT ROWID;
    """,
)

_TOKEN_SIZE: Final = 32
_SHORTEST_PASSPHRASE: Final = 12
# An unknown name's code is compared with this secret's.
_NOBODY_SECRET: Final = "A" * 32


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. `office` bounds everything that the account may see."""

    name: str
    office: OfficeId
    role: str


class Staff:
    """staff.db. `clock` gives seconds since 1970. Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def add_account(self, name: str, office: OfficeId, chosen: str, role: str = REVIEWER) -> str:
        """Adds an account; gives its TOTP secret in base32 (RFC 6238), which is not shown again.

        MalformedError if the name is no id (protocol.md section 1); WeakPassphraseError, AccountExistsError.
        """
        identifier(name)
        if len(chosen) < _SHORTEST_PASSPHRASE:
            raise WeakPassphraseError
        secret = totp.new_secret()
        row = (name, office, role, passphrase.protect(chosen), secret)
        with self._database.write() as connection:
            if connection.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone():
                raise AccountExistsError
            connection.execute(
                "INSERT INTO account (name, office, role, passphrase, totp) VALUES (?, ?, ?, ?, ?)", row
            )
        return secret

    def sign_in(self, untrusted_name: str, untrusted_passphrase: str, untrusted_code: str) -> bytes:
        """A new session's token (32 random bytes), or NoMatchError, whatever was wrong and after equal work.

        A code is good for its half minute and the ones beside it, once, and never after a later one.
        """
        name = _name(untrusted_name)
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT passphrase, totp, mark FROM account WHERE name = ?", (name,)
            ).fetchone()
        kept, secret, mark = row or (passphrase.NOBODY, _NOBODY_SECRET, None)
        matches = passphrase.matches(kept, untrusted_passphrase)
        step = totp.accepted_step(secret, mark, untrusted_code, self._clock())
        if row is None or not matches or step is None:
            raise NoMatchError
        return self._open_session(name, secret, step)

    def account(self, untrusted_token: bytes) -> Account | None:
        """Who holds this token. A session lasts for the day (UTC) that it was opened on."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT name, office, role, totp, mark FROM session JOIN account ON account = name"
                " WHERE token = ? AND day = ?",
                (_digest(untrusted_token), self._today()),
            ).fetchone()
        if row is None:
            return None
        name, office, role, secret, mark = row
        if mark is not None and totp.last_step(secret, mark, self._clock()) < 0:
            self._forget_mark(name, mark)
        return Account(name, OfficeId(office), role)

    def close(self) -> None:
        """Closes this process's connection."""
        self._database.close()

    def sign_out(self, untrusted_token: bytes) -> None:
        """Ends a session; nothing happens if there is none."""
        with self._database.erase() as connection:
            connection.execute("DELETE FROM session WHERE token = ?", (_digest(untrusted_token),))

    @contextmanager
    def taking(self, office: OfficeId, bundle: bytes, number: int) -> Iterator[None]:
        """Whatever an outbound bundle does, done inside, happens for one bundle at a time.

        The bundle counts as taken only when the block has ended well: after a crash it can be brought again.
        BundleTakenError, OlderBundleTakenError before the block. Don't use this object inside it.
        """
        with self._database.write() as connection:
            if connection.execute(
                "SELECT 1 FROM outbound WHERE office = ? AND bundle = ?", (office, bundle)
            ).fetchone():
                raise BundleTakenError
            if number <= _last(connection, office):
                raise OlderBundleTakenError
            yield
            connection.execute(
                "INSERT INTO outbound (office, bundle, number) VALUES (?, ?, ?)", (office, bundle, number)
            )

    def last_outbound(self, office: OfficeId) -> int:
        """The number of the last bundle taken from this office's station; 0 if none was."""
        with self._database.read() as connection:
            return _last(connection, office)

    def _open_session(self, name: str, secret: str, step: int) -> bytes:
        token = secrets.token_bytes(_TOKEN_SIZE)
        today = self._today()
        with self._database.erase() as connection:
            row = connection.execute("SELECT mark FROM account WHERE name = ?", (name,)).fetchone()
            if row is None or totp.last_step(secret, row[0], self._clock()) >= step:
                raise NoMatchError
            connection.execute(
                "UPDATE account SET mark = ? WHERE name = ?", (totp.mark_of(secret, step), name)
            )
            connection.execute("DELETE FROM session WHERE day <> ?", (today,))
            connection.execute(
                "INSERT INTO session (token, account, day) VALUES (?, ?, ?)", (_digest(token), name, today)
            )
        return token

    def _forget_mark(self, name: str, mark: bytes) -> None:
        with self._database.erase() as connection:
            connection.execute("UPDATE account SET mark = NULL WHERE name = ? AND mark = ?", (name, mark))

    def _today(self) -> Day:
        return Day(datetime.fromtimestamp(self._clock(), UTC).date().isoformat())


def open_staff(layout: Layout, clock: Callable[[], float] = time.time) -> Staff:
    """The staff database of an installation, made at the first use; KeyFileMissingError and its siblings."""
    return Staff(Database(layout.staff, keyfile.read(layout.staff_key), _MIGRATIONS), clock)


def _name(untrusted_name: str) -> str:
    """The name as it is stored, or one that nobody has."""
    try:
        return identifier(untrusted_name.strip().lower())
    except MalformedError:
        return ""


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _last(connection: Connection, office: OfficeId) -> int:
    row = connection.execute("SELECT max(number) FROM outbound WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0)
