"""An office's people: who there is, and what its administrators do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from crypto.fields import Day, OfficeId, identifier
from store import passphrase, totp
from store.database import Database
from store.errors import AccountExistsError, LastAdministratorError, NoSuchAccountError
from store.staff import audit, codes
from store.staff.account import Account, Role, check_role, console, day_of, folded_name, is_console
from store.staff.credentials import leave_everywhere
from store.staff.invitations import invite, last_day


@dataclass(frozen=True)
class Person:
    """`active`: can sign in. `invited`: the last day of an invitation, if there is one."""

    name: str
    role: Role
    active: bool
    invited: Day | None


class People:
    """An actor reaches the accounts of the own office only; another's are as unknown as none.

    Errors: any StoreError.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def listed(self, office: OfficeId) -> tuple[Person, ...]:
        """Everybody, by name."""
        with self._database.read() as connection:
            rows = connection.execute(f"{_PEOPLE} ORDER BY name", (office,)).fetchall()
        return tuple(Person(name, role, bool(active), until) for name, role, active, until in rows)

    def person(self, office: OfficeId, untrusted_name: str) -> Person:
        """NoSuchAccountError."""
        for person in self.listed(office):
            if person.name == untrusted_name:
                return person
        raise NoSuchAccountError

    def add(self, name: str, office: OfficeId, chosen: str, untrusted_role: str = "reviewer") -> str:
        """Adds an account that can sign in at once; gives its TOTP secret in base32, not shown again.

        Only the server's shell does so. MalformedError if the name is no id (protocol.md section 1);
        WeakPassphraseError, AccountExistsError.
        """
        role = check_role(untrusted_role, office)
        identifier(name)
        passphrase.check_strength(chosen, personal=(name, office))
        secret, protected = totp.new_secret(), passphrase.protect(chosen)
        with self._database.write() as connection:
            _add(connection, office, name, role)
            connection.execute(
                "UPDATE account SET passphrase = ?, totp = ? WHERE office = ? AND name = ?",
                (protected, secret, office, name),
            )
            self._log(connection, console(office), "account-made", f"{name} {role}")
        return secret

    def invite(self, actor: Account, name: str, untrusted_role: str) -> str:
        """Adds somebody who cannot sign in yet; gives the invitation's code, which is not shown again.

        MalformedError if the name is no id; NoSuchRoleError, AccountExistsError.
        """
        role = check_role(untrusted_role, actor.office)
        identifier(name)
        code = codes.new_code()
        with self._database.erase() as connection:
            _add(connection, actor.office, name, role)
            invite(connection, actor.office, name, code, last_day(day_of(self._clock())))
            self._log(connection, actor, "invited", f"{name} {role}")
        return code

    def reset(self, actor: Account, untrusted_name: str) -> str:
        """Ends somebody's sign-in at once; gives the code of an invitation to a new one.

        NoSuchAccountError, LastAdministratorError.
        """
        code = codes.new_code()
        with self._database.erase() as connection:
            name = _find(connection, actor.office, untrusted_name)
            connection.execute(_END_SIGN_IN, (actor.office, name))
            connection.execute("DELETE FROM recovery WHERE office = ? AND name = ?", (actor.office, name))
            leave_everywhere(connection, actor.office, name)
            invite(connection, actor.office, name, code, last_day(day_of(self._clock())))
            _check_one_is_left(connection, actor)
            self._log(connection, actor, "reset", name)
        return code

    def change_role(self, actor: Account, untrusted_name: str, untrusted_role: str) -> None:
        """From the next page on; NoSuchAccountError, NoSuchRoleError, LastAdministratorError."""
        role = check_role(untrusted_role, actor.office)
        with self._database.write() as connection:
            name = _find(connection, actor.office, untrusted_name)
            connection.execute(
                "UPDATE account SET role = ? WHERE office = ? AND name = ?", (role, actor.office, name)
            )
            _check_one_is_left(connection, actor)
            self._log(connection, actor, "role-changed", f"{name} {role}")

    def remove(self, actor: Account, untrusted_name: str) -> None:
        """Erases an account and all that hangs on it; NoSuchAccountError, LastAdministratorError."""
        with self._database.erase() as connection:
            name = _find(connection, actor.office, untrusted_name)
            connection.execute("DELETE FROM account WHERE office = ? AND name = ?", (actor.office, name))
            connection.execute("DELETE FROM attempt WHERE office = ? AND name = ?", (actor.office, name))
            _check_one_is_left(connection, actor)
            self._log(connection, actor, "removed", name)

    def _log(self, connection: Connection, actor: Account, act: audit.Act, subject: str) -> None:
        audit.write(connection, day_of(self._clock()), actor, act, subject)


def _add(connection: Connection, office: OfficeId, name: str, role: Role) -> None:
    key = (office, name)
    if connection.execute("SELECT 1 FROM account WHERE office = ? AND name = ?", key).fetchone():
        raise AccountExistsError
    connection.execute("INSERT INTO account (office, name, role) VALUES (?, ?, ?)", (*key, role))


def _find(connection: Connection, office: OfficeId, untrusted_name: str) -> str:
    row = connection.execute(
        "SELECT name FROM account WHERE office = ? AND name = ?", (office, folded_name(untrusted_name))
    ).fetchone()
    if row is None:
        raise NoSuchAccountError
    return str(row[0])


def _check_one_is_left(connection: Connection, actor: Account) -> None:
    """Undoes what would leave an office without anybody who can let people in.

    Asked after the act, in its transaction: two administrators may remove each other at the same moment. The
    console can always invite another.
    """
    if not is_console(actor) and not connection.execute(_HAS_ADMINISTRATOR, (actor.office,)).fetchone()[0]:
        raise LastAdministratorError


_PEOPLE: Final = """
SELECT name, role, account.passphrase IS NOT NULL, until
FROM account LEFT JOIN invitation USING (office, name) WHERE office = ?
"""
_END_SIGN_IN: Final = """
UPDATE account SET passphrase = NULL, totp = NULL, mark = NULL WHERE office = ? AND name = ?
"""
_HAS_ADMINISTRATOR: Final = """
SELECT EXISTS (
  SELECT 1 FROM account WHERE office = ? AND role = 'administrator' AND passphrase IS NOT NULL)
"""
