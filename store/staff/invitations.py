"""From an invitation's code to an account that can sign in: passphrase, authenticator, recovery codes.

An invitation sets an account's sign-in up: a new person's, somebody's who lost theirs, or one's own anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from crypto import calendar
from crypto.fields import Day, OfficeId
from store import passphrase, totp
from store.database import Database
from store.errors import NoInvitationError, NoMatchError, NoSuchAccountError
from store.staff import audit, codes
from store.staff.account import Account, Role, day_of
from store.staff.credentials import leave_everywhere, make_recovery_codes

DAYS: Final = 7
"""How long an invitation is good for."""


@dataclass(frozen=True)
class Invitation:
    """`secret`: the TOTP secret in base32 (RFC 6238), once a passphrase is chosen."""

    office: OfficeId
    name: str
    role: Role
    until: Day
    secret: str | None


class Invitations:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def read(self, untrusted_code: str) -> Invitation:
        """What an invitation is for; NoInvitationError if there is none, or its last day is over."""
        with self._database.read() as connection:
            return self._read(connection, untrusted_code)

    def choose_passphrase(self, untrusted_code: str, chosen: str) -> Invitation:
        """Keeps the passphrase and makes a TOTP secret, both until `complete`.

        NoInvitationError, WeakPassphraseError.
        """
        invitation = self.read(untrusted_code)
        passphrase.check_strength(chosen, personal=(invitation.name, invitation.office))
        row = (passphrase.protect(chosen), totp.new_secret(), codes.digest(untrusted_code))
        with self._database.erase() as connection:
            connection.execute("UPDATE invitation SET passphrase = ?, totp = ? WHERE code = ?", row)
            return self._read(connection, untrusted_code)

    def renew_authenticator(self, actor: Account) -> str:
        """The code of an invitation for today, by which an account keeps its passphrase."""
        code, today = codes.new_code(), day_of(self._clock())
        with self._database.erase() as connection:
            row = connection.execute(
                "SELECT passphrase FROM account WHERE office = ? AND name = ? AND passphrase IS NOT NULL",
                (actor.office, actor.name),
            ).fetchone()
            if row is None:
                raise NoSuchAccountError
            invite(connection, actor.office, actor.name, code, today)
            connection.execute(
                "UPDATE invitation SET passphrase = ?, totp = ? WHERE office = ? AND name = ?",
                (row[0], totp.new_secret(), actor.office, actor.name),
            )
            audit.write(connection, today, actor, "authenticator-renewed")
        return code

    def complete(self, untrusted_code: str, untrusted_digits: str) -> tuple[str, ...]:
        """Makes what was chosen the account's; gives its recovery codes, which are not shown again.

        The six digits prove that the authenticator has the secret: NoMatchError. NoInvitationError.
        Sessions and recovery codes from before end.
        """
        with self._database.erase() as connection:
            found = self._read(connection, untrusted_code)
            if found.secret is None:
                raise NoInvitationError
            step = totp.accepted_step(found.secret, None, untrusted_digits, self._clock())
            if step is None:
                raise NoMatchError
            connection.execute(
                _COMPLETE,
                (totp.mark_of(found.secret, step), found.office, found.name, found.office, found.name),
            )
            leave_everywhere(connection, found.office, found.name)
            account = Account(found.name, found.office, found.role)
            audit.write(connection, day_of(self._clock()), account, "invitation-used")
            return make_recovery_codes(connection, found.office, found.name)

    def _read(self, connection: Connection, untrusted_code: str) -> Invitation:
        row = connection.execute(_READ, (codes.digest(untrusted_code), day_of(self._clock()))).fetchone()
        if row is None:
            raise NoInvitationError
        office, name, role, until, secret = row
        return Invitation(OfficeId(office), name, role, Day(until), secret)


def invite(connection: Connection, office: OfficeId, name: str, code: str, until: Day) -> None:
    """Gives an account an invitation, in place of any that it had."""
    connection.execute("DELETE FROM invitation WHERE office = ? AND name = ?", (office, name))
    row = (office, name, codes.digest(code), until)
    connection.execute("INSERT INTO invitation (office, name, code, until) VALUES (?, ?, ?, ?)", row)


def last_day(today: Day) -> Day:
    """The last day of an invitation that is made today."""
    return calendar.add_days(today, DAYS)


_READ: Final = """
SELECT office, name, role, until, invitation.totp FROM invitation JOIN account USING (office, name)
WHERE code = ? AND until >= ?
"""
_COMPLETE: Final = """
UPDATE account SET mark = ?, (passphrase, totp) =
  (SELECT passphrase, totp FROM invitation WHERE office = ? AND name = ?)
WHERE office = ? AND name = ?
"""
