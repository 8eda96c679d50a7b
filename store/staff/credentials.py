"""Passphrase, code and recovery codes: checked for every sign-in and again before every dangerous act."""

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from crypto.fields import OfficeId
from store import passphrase, totp
from store.database import Database
from store.errors import NoMatchError, NoSuchAccountError
from store.staff import attempts, audit, browsers, codes
from store.staff.account import Account, Role, day_of, folded_name

RECOVERY_CODES: Final = 10

# What is compared with what somebody who does not exist says: role, hash, TOTP secret, mark.
_NOBODY: Final[tuple[Role, str, str, None]] = ("reviewer", passphrase.NOBODY, "A" * 32, None)


@dataclass(frozen=True)
class Attempt:
    """What somebody says to be let in. Nothing of it is checked; `browser` is the token of a known one."""

    office: str
    name: str
    passphrase: str
    code: str
    browser: bytes | None = None


@dataclass(frozen=True)
class Match:
    """An attempt that was right. It lets in once, when it is spent."""

    account: Account
    secret: str
    step: int | None
    recovery: bytes
    lane: bytes


class Credentials:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def match(self, untrusted: Attempt) -> Match:
        """NoMatchError, whatever was wrong and after equal work.

        A code is good for its half minute and the ones beside it, once, and never after a later one; a
        recovery code stands for a code, once.
        """
        name, office = folded_name(untrusted.name), OfficeId(folded_name(untrusted.office))
        recovery, today = codes.digest(untrusted.code), day_of(self._clock())
        with self._database.read() as connection:
            row = connection.execute(_CREDENTIALS, (office, name)).fetchone()
            role, kept, secret, mark = row or _NOBODY
            account = Account(name, office, role)
            has_recovery = connection.execute(_HAS_RECOVERY, (office, name, recovery)).fetchone() is not None
            lane = _lane(connection, account, untrusted.browser, recovery if has_recovery else None)
            used_up = attempts.used_up(connection, office, name, lane, today)
        is_right = passphrase.matches(kept, untrusted.passphrase)
        step = totp.accepted_step(secret, mark, untrusted.code, self._clock())
        has_code = step is not None or has_recovery
        if row is None or used_up or not is_right or not has_code:
            with self._database.write() as connection:
                if row is not None and is_right != has_code:
                    attempts.count(connection, office, name, lane, today)
                else:
                    attempts.count_nobodys(connection, today)
            raise NoMatchError
        return Match(account, secret, step, recovery, lane)

    def spend(self, connection: Connection, match: Match) -> None:
        """NoMatchError if the match was spent meanwhile, or its lane is used up for today. Erases."""
        account, today = match.account, day_of(self._clock())
        key = (account.office, account.name)
        row = connection.execute(
            "SELECT totp, mark FROM account WHERE office = ? AND name = ?", key
        ).fetchone()
        if row is None or row[0] != match.secret:
            raise NoMatchError
        if attempts.used_up(connection, *key, match.lane, today):
            raise NoMatchError
        attempts.forget_other_days(connection, today)
        if match.step is None:
            spent = connection.execute(_SPEND_RECOVERY, (*key, match.recovery))
            if not spent.rowcount:
                raise NoMatchError
            audit.write(connection, today, account, "recovery-used")
            return
        if totp.last_step(match.secret, row[1], self._clock()) >= match.step:
            raise NoMatchError
        mark = totp.mark_of(match.secret, match.step)
        connection.execute("UPDATE account SET mark = ? WHERE office = ? AND name = ?", (mark, *key))

    def confirm(self, actor: Account, untrusted: Attempt) -> None:
        """Whether whoever is signed in knows passphrase and code now; NoMatchError. For one act."""
        match = self.match(untrusted)
        if match.account != actor:
            raise NoMatchError
        with self._database.erase() as connection:
            self.spend(connection, match)

    def change_passphrase(self, actor: Account, chosen: str) -> None:
        """Signs the account out everywhere; WeakPassphraseError, NoSuchAccountError."""
        passphrase.check_strength(chosen, personal=(actor.name, actor.office))
        protected = passphrase.protect(chosen)
        with self._database.erase() as connection:
            changed = connection.execute(
                "UPDATE account SET passphrase = ? WHERE office = ? AND name = ? AND totp IS NOT NULL",
                (protected, actor.office, actor.name),
            )
            if not changed.rowcount:
                raise NoSuchAccountError
            leave_everywhere(connection, actor.office, actor.name)
            audit.write(connection, day_of(self._clock()), actor, "passphrase-changed")

    def recovery_codes_left(self, account: Account) -> int:
        with self._database.read() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM recovery WHERE office = ? AND name = ?", (account.office, account.name)
            ).fetchone()
        return int(count)

    def renew_recovery_codes(self, actor: Account) -> tuple[str, ...]:
        """New ones, which are not shown again; the old ones are good for nothing any more."""
        with self._database.erase() as connection:
            audit.write(connection, day_of(self._clock()), actor, "recovery-renewed")
            return make_recovery_codes(connection, actor.office, actor.name)


def make_recovery_codes(connection: Connection, office: OfficeId, name: str) -> tuple[str, ...]:
    """Replaces an account's recovery codes."""
    made = tuple(codes.new_code() for _ in range(RECOVERY_CODES))
    connection.execute("DELETE FROM recovery WHERE office = ? AND name = ?", (office, name))
    rows = [(office, name, codes.digest(code)) for code in made]
    connection.executemany("INSERT INTO recovery (office, name, code) VALUES (?, ?, ?)", rows)
    return made


def leave_everywhere(connection: Connection, office: OfficeId, name: str) -> None:
    """Ends an account's sessions and any set-up under way, and knows none of its browsers any more."""
    for table in ("session", "browser", "invitation"):
        connection.execute(f"DELETE FROM {table} WHERE office = ? AND name = ?", (office, name))  # noqa: S608


def _lane(
    connection: Connection, account: Account, untrusted_browser: bytes | None, recovery: bytes | None
) -> bytes:
    if untrusted_browser is not None and browsers.is_known(connection, account, untrusted_browser):
        return browsers.digest(untrusted_browser)
    return recovery or attempts.OTHERS


_CREDENTIALS: Final = """
SELECT role, passphrase, totp, mark FROM account WHERE office = ? AND name = ? AND passphrase IS NOT NULL
"""
_HAS_RECOVERY: Final = "SELECT 1 FROM recovery WHERE office = ? AND name = ? AND code = ?"
_SPEND_RECOVERY: Final = "DELETE FROM recovery WHERE office = ? AND name = ? AND code = ?"
