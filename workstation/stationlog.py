"""Who did what on this station: a hash chain in the vault that is only added to (decision 0028).

An entry is written in the transaction of its act: both are there, or neither. An act on other files than the
vault is noted before it is done: after a crash an entry may stand for an act that was not finished, never the
other way round. What is done in a case says here only that it was done in some case; what it was, caselog.py
keeps for the case's readers.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final, Literal

from crypto import calendar, chained_log
from crypto.chained_log import START, STATION, Entry, Head, Verified, next_hash
from crypto.errors import BrokenLogError
from crypto.fields import Day, OfficeId, ReviewerId
from workstation.errors import LogBrokenError, LogCutError
from workstation.vault import Vault

Act = Literal[
    "backup-made",
    "bundle-imported",
    "bundle-made",
    "case",
    "case-erased",
    "custodian-added",
    "custodian-removed",
    "keys-destroyed",
    "keys-renewed",
    "office-added",
    "office-changed",
    "office-enrolled",
    "office-revoked",
    "reviewer-added",
    "reviewer-removed",
    "reviewer-replaced",
    "server-backup-opened",
    "settings-changed",
    "statistics-published",
    "unlocked",
]
"""`case`: something in a case, of which the subject is a commitment."""

CASE: Final = "case"


def write(vault: Vault, office: OfficeId, actor: ReviewerId, act: Act, subject: str = "") -> None:
    """Adds an entry of today; inside a transaction of the caller. A subject has at most 200 characters."""
    former = head(vault)
    entry = Entry(former.count + 1, calendar.today(), office, actor, act, subject)
    row = (entry.number, entry.day, actor, act, subject, next_hash(former.hash, entry, STATION))
    vault.rows("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", *row)


def write_once_a_day(vault: Vault, office: OfficeId, actor: ReviewerId, act: Act) -> None:
    """The same unless it stands there for this day already."""
    if not vault.row(
        "SELECT 1 FROM log WHERE day = ? AND actor = ? AND act = ?", calendar.today(), actor, act
    ):
        write(vault, office, actor, act)


def head(vault: Vault) -> Head:
    """The end of the chain as it is now."""
    row = vault.row("SELECT number, hash FROM log ORDER BY number DESC LIMIT 1")
    return Head(0, START) if row is None else Head(*row)


def page(vault: Vault, office: OfficeId, before: int | None, limit: int) -> list[Entry]:
    """The last entries before this number, newest first."""
    rows = vault.rows(_PAGE, 2**62 if before is None else before, limit)
    return [Entry(number, Day(day), office, actor, act, subject) for number, day, actor, act, subject in rows]


def of_commitment(vault: Vault, office: OfficeId, commitment: str) -> Entry | None:
    """The entry that holds this commitment, if there is one."""
    row = vault.row("SELECT number, day, actor FROM log WHERE act = 'case' AND subject = ?", commitment)
    return None if row is None else Entry(row[0], Day(row[1]), office, row[2], CASE, commitment)


def export(vault: Vault, office: OfficeId) -> Iterator[bytes]:
    """The whole log as docs/protocol.md section 15 has it, for `peluit audit verify`."""
    rows = vault.rows("SELECT number, day, actor, act, subject, hash FROM log ORDER BY number")
    entries = ((Entry(row[0], Day(row[1]), office, *row[2:5]), row[5]) for row in rows)
    return chained_log.export(office, entries, STATION)


def verify(vault: Vault, office: OfficeId, noted: str | None = None) -> Verified:
    """Checks every entry, and that a head which was noted stands in it; LogBrokenError, LogCutError."""
    try:
        return chained_log.verify(BytesIO(b"".join(export(vault, office))), noted)
    except BrokenLogError as error:
        if error.why == "noted":
            raise LogCutError(count=error.number) from None
        raise LogBrokenError(number=error.number) from None


_PAGE: Final = (
    "SELECT number, day, actor, act, subject FROM log WHERE number < ? ORDER BY number DESC LIMIT ?"
)
