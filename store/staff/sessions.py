"""Sessions: random tokens of which the hash is kept, for one UTC day (decision 0009)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crypto.fields import OfficeId
from store import totp
from store.database import Database
from store.staff import audit, browsers
from store.staff.account import Account, day_of
from store.staff.credentials import Attempt, Credentials, leave_everywhere

_TOKEN_SIZE: Final = 32


@dataclass(frozen=True)
class Entry:
    """What a right sign-in gives the browser: two tokens of 32 random bytes."""

    account: Account
    session: bytes
    browser: bytes


class Sessions:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._credentials = Credentials(database, clock)

    def sign_in(self, untrusted: Attempt) -> Entry:
        """A new session; NoMatchError as in `Credentials.match`."""
        match = self._credentials.match(untrusted)
        account, token, today = match.account, secrets.token_bytes(_TOKEN_SIZE), day_of(self._clock())
        with self._database.erase() as connection:
            self._credentials.spend(connection, match)
            connection.execute("DELETE FROM session WHERE day <> ?", (today,))
            row = (browsers.digest(token), account.office, account.name, today)
            connection.execute("INSERT INTO session (token, office, name, day) VALUES (?, ?, ?, ?)", row)
            audit.write_once_a_day(connection, today, account, "signed-in")
            return Entry(account, token, browsers.renew(connection, account, untrusted.browser, today))

    def account(self, untrusted_token: bytes) -> Account | None:
        """Who holds this token. A session lasts for the day (UTC) that it was opened on."""
        with self._database.read() as connection:
            row = connection.execute(
                _ACCOUNT, (browsers.digest(untrusted_token), day_of(self._clock()))
            ).fetchone()
        if row is None:
            return None
        name, office, role, secret, mark = row
        account = Account(name, OfficeId(office), role)
        if mark is not None and totp.last_step(secret, mark, self._clock()) < 0:
            self._forget_mark(account, mark)
        return account

    def sign_out(self, untrusted_token: bytes) -> None:
        """Ends a session; nothing happens if there is none."""
        with self._database.erase() as connection:
            connection.execute("DELETE FROM session WHERE token = ?", (browsers.digest(untrusted_token),))

    def sign_out_everywhere(self, actor: Account) -> None:
        """Ends all sessions of an account, forgets its browsers and ends a set-up under way."""
        with self._database.erase() as connection:
            leave_everywhere(connection, actor.office, actor.name)
            audit.write(connection, day_of(self._clock()), actor, "left-everywhere")

    def _forget_mark(self, account: Account, mark: bytes) -> None:
        with self._database.erase() as connection:
            connection.execute(_FORGET_MARK, (account.office, account.name, mark))


_ACCOUNT: Final = """
SELECT name, office, role, totp, mark FROM session JOIN account USING (office, name)
WHERE token = ? AND day = ? AND passphrase IS NOT NULL
"""
_FORGET_MARK: Final = "UPDATE account SET mark = NULL WHERE office = ? AND name = ? AND mark = ?"
