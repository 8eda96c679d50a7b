"""Asking for passphrase and code again before a dangerous act; the answer is good for that act alone."""

from dataclasses import dataclass
from typing import Final

from flask import g, request

from journalist_app.parts import parts
from store.staff import codes
from store.staff.credentials import Attempt


@dataclass(frozen=True)
class Limits:
    """The longest that a field may be, in characters."""

    name: int = 64
    passphrase: int = 1_024
    code: int = codes.LONGEST


LIMITS: Final = Limits()


def field(name: str) -> str:
    """What stands in a form's field, cut to its limit; empty if it is missing. Untrusted."""
    return request.form.get(name, "")[: getattr(LIMITS, name, LIMITS.name)]


def confirm() -> None:
    """NoMatchError unless this form holds the passphrase and a fresh code of whoever is signed in."""
    account = g.account
    said = Attempt(account.office, account.name, field("passphrase"), field("code"), g.known)
    parts().staff.credentials.confirm(account, said)
