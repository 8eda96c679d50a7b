"""Browsers in which somebody has signed in before: a random token each, of which the hash is kept.

It opens nothing; it only keeps the attempts of others from counting (store/staff/attempts.py).
"""

import hashlib
import secrets
from sqlite3 import Connection
from typing import Final

from crypto import calendar
from crypto.fields import Day
from store.staff.account import Account

TOKEN_SIZE: Final = 32
DAYS: Final = 90
"""How long a browser is known after its last right sign-in."""


def digest(untrusted_token: bytes) -> bytes:
    """What is stored of a random token."""
    return hashlib.sha256(untrusted_token).digest()


def is_known(connection: Connection, account: Account, untrusted_token: bytes) -> bool:
    """Whether this account has signed in with this token."""
    return (
        connection.execute(
            "SELECT 1 FROM browser WHERE token = ? AND office = ? AND name = ?",
            (digest(untrusted_token), account.office, account.name),
        ).fetchone()
        is not None
    )


def renew(connection: Connection, account: Account, untrusted_old: bytes | None, today: Day) -> bytes:
    """A new token in place of the one that the browser had; forgets those not seen for long."""
    connection.execute("DELETE FROM browser WHERE day < ?", (calendar.add_days(today, -DAYS),))
    if untrusted_old is not None:
        connection.execute("DELETE FROM browser WHERE token = ?", (digest(untrusted_old),))
    token = secrets.token_bytes(TOKEN_SIZE)
    row = (digest(token), account.office, account.name, today)
    connection.execute("INSERT INTO browser (token, office, name, day) VALUES (?, ?, ?, ?)", row)
    return token
