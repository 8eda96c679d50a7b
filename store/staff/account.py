"""Who somebody is, and what the roles are."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from crypto.errors import MalformedError
from crypto.fields import Day, OfficeId, identifier
from store.errors import NoSuchRoleError

Role = Literal["reviewer", "administrator", "operator", "monitor"]
"""`reviewer`: the office's sealed things. `administrator`: the office's people. `monitor`: the office's
numbers. `operator`: the server, and nothing of any office."""

SERVER: Final = OfficeId("")
"""Stands for the server where others have an office; no office has this id. Operators belong to it."""

CONSOLE: Final = "(console)"
SCHEDULE: Final = "(schedule)"


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. Names are unique within an office, which bounds all that they may see."""

    name: str
    office: OfficeId
    role: Role


def console(office: OfficeId) -> Account:
    """Whoever holds the server's shell, as the actor of what a command does; nobody signs in by this name."""
    return Account(CONSOLE, office, "administrator")


def schedule(office: OfficeId) -> Account:
    """The server itself, as the actor of what it does on its days; nobody signs in by this name."""
    return Account(SCHEDULE, office, "administrator")


def is_console(actor: Account) -> bool:
    """Whether the actor is the server's shell."""
    return actor.name == CONSOLE


def roles_in(office: OfficeId) -> tuple[Role, ...]:
    """The roles that an office has, or the server."""
    return tuple(role for role in get_args(Role) if (role == "operator") == (office == SERVER))


def check_role(untrusted_role: str, office: OfficeId) -> Role:
    """NoSuchRoleError unless the office has this role."""
    for role in roles_in(office):
        if role == untrusted_role:
            return role
    raise NoSuchRoleError


def folded_name(untrusted_name: str) -> str:
    """The name as it is stored, or one that nobody has."""
    try:
        return identifier(untrusted_name.strip().lower())
    except MalformedError:
        return ""


def day_of(seconds: float) -> Day:
    """The UTC day of a moment in seconds since 1970."""
    return Day(datetime.fromtimestamp(seconds, UTC).date().isoformat())
