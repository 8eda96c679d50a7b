"""What was done in a case, for its readers only.

The station's log holds a commitment to it, SHA-256(bind("vault", "log", nonce, details)): not which case and
not what. The opening (the nonce of 32 random bytes, then the details as canonical JSON) is locked under the
case key, in a row that does not say which entry it opens. It goes with the case; the chain still holds.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final, Literal, get_args

from crypto import calendar, canonical
from crypto.binding import b64, bind
from crypto.canonical import Json
from crypto.chained_log import Entry
from crypto.constants import ID_SIZE, MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import Fields
from workstation import stationlog
from workstation.caselock import CaseKey
from workstation.errors import VaultDamagedError
from workstation.station import Station

CaseAct = Literal[
    "begun",
    "cleaned",
    "excluded",
    "exported",
    "exported-incomplete",
    "filed",
    "given",
    "identity-destroyed",
    "noted",
    "replied",
    "stepped",
    "viewed",
]
"""`filed`: a message; `excluded`: reviewers, by a later message; `given`: to one more reader; `stepped`:
casework (casework/journal.py)."""

_ACTS: Final[tuple[str, ...]] = get_args(CaseAct)
_NONCE: Final = 32
_LONGEST: Final = 2_000  # the ids of as many reviewers as there can be
_PLACE: Final = b"log"


@dataclass(frozen=True)
class Deed:
    """An act in a case. `number`: of the message, reply, note, step or piece of evidence, 0 if of none;
    `subject`: a status, a SHA-256 in hex or reviewers' ids, by the act."""

    case: int
    act: str
    number: int = 0
    subject: str = ""


def write(station: Station, key: CaseKey, act: CaseAct, number: int = 0, subject: str = "") -> None:
    """Adds an act of the reviewer who is here; inside a transaction of the caller."""
    deed = Deed(key.case, act, number, subject)
    nonce, name, details = secrets.token_bytes(_NONCE), secrets.token_bytes(ID_SIZE), _dump(deed)
    station.vault.rows(
        'INSERT INTO openings (id, "case", opening) VALUES (?, ?, ?)',
        name,
        key.case,
        key.seal(nonce + details, _PLACE, name),
    )
    station.log("case", _commitment(nonce, details))


def write_once_a_day(station: Station, key: CaseKey, act: CaseAct, number: int) -> None:
    """The same, in a transaction of its own, unless this reviewer's act stands there for this day already."""
    wanted = (calendar.today(), station.reviewer, Deed(key.case, act, number))
    if wanted not in [(entry.day, entry.actor, deed) for entry, deed in of_case(station, key)]:
        with station.vault.transaction():
            write(station, key, act, number)


def of_case(station: Station, key: CaseKey) -> list[tuple[Entry, Deed]]:
    """All that was done in a case, the first act first; VaultDamagedError if the log lacks one of them."""
    rows = station.vault.rows('SELECT id, opening FROM openings WHERE "case" = ?', key.case)
    found = [_open(station, key, *row) for row in rows]
    return sorted(found, key=lambda pair: pair[0].number)


def _open(station: Station, key: CaseKey, name: bytes, sealed: bytes) -> tuple[Entry, Deed]:
    opening = key.open(sealed, _PLACE, name)
    deed, commitment = _read(opening[_NONCE:]), _commitment(opening[:_NONCE], opening[_NONCE:])
    entry = stationlog.of_commitment(station.vault, station.keys.place.office, commitment)
    if entry is None or deed.case != key.case:
        raise VaultDamagedError
    return entry, deed


def _commitment(nonce: bytes, details: bytes) -> str:
    return b64(hashlib.sha256(bind("vault", _PLACE, nonce, details)).digest())


def _dump(deed: Deed) -> bytes:
    fields: Json = {"act": deed.act, "case": deed.case, "number": deed.number, "subject": deed.subject}
    return canonical.dump(fields)


def _read(text: bytes) -> Deed:
    try:
        fields = Fields(canonical.parse(text))
        deed = Deed(
            case=fields.integer("case", 1, MAX_U32),
            act=fields.one_of("act", _ACTS),
            number=fields.integer("number", 0, MAX_U32),
            subject=fields.text("subject", _LONGEST),
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return deed
