"""How many wrong attempts a day are taken, so that nobody can guess on and a stranger locks nobody out.

Decision 0021. Only attempts count in which exactly one of passphrase and code was right: whoever holds
neither guesses both at once, which is hopeless, and uses nothing up. They count by *lane*: each browser in
which the account has signed in before has one of its own, so has each recovery code, and all other browsers
share one. Every refusal writes one row, whichever it is, so that its time tells nothing.
"""

from sqlite3 import Connection
from typing import Final

from crypto.fields import Day, OfficeId

MOST_A_DAY: Final = 20
"""Wrong attempts in one lane of an account on one UTC day; with it used up, right ones are refused too."""

OTHERS: Final = b""
"""The lane of all browsers that nobody knows."""

_NOBODY: Final = (OfficeId(""), "", OTHERS)


def used_up(connection: Connection, office: OfficeId, name: str, lane: bytes, today: Day) -> bool:
    """Whether this lane takes no more attempts today."""
    row = connection.execute(
        "SELECT count FROM attempt WHERE office = ? AND name = ? AND lane = ? AND day = ?",
        (office, name, lane, today),
    ).fetchone()
    return row is not None and row[0] >= MOST_A_DAY


def count(connection: Connection, office: OfficeId, name: str, lane: bytes, today: Day) -> None:
    """Counts one."""
    connection.execute(_COUNT, (office, name, lane, today))


def count_nobodys(connection: Connection, today: Day) -> None:
    """The same work, for an attempt that counts against nobody."""
    connection.execute(_COUNT, (*_NOBODY, today))


def forget_other_days(connection: Connection, today: Day) -> None:
    """Erases the counts of days that are over."""
    connection.execute("DELETE FROM attempt WHERE day <> ?", (today,))


_COUNT: Final = """
INSERT INTO attempt (office, name, lane, day, count) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (office, name, lane) DO UPDATE
SET count = CASE WHEN day = excluded.day THEN count + 1 ELSE 1 END, day = excluded.day
"""
