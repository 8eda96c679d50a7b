"""Notes: what reviewers of a case write for themselves and each other.

They are locked under the case key and only added to: the case's log holds the SHA-256 of each. No bundle for
the server carries anything of them.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from crypto import canonical
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId
from workstation import caselog, cases, searching
from workstation.cases import Case
from workstation.errors import EmptyNoteError, NoteTextError, NoteTooLongError, VaultDamagedError
from workstation.station import Station

LONGEST: Final = 20_000
"""Letters of a note."""


@dataclass(frozen=True)
class Note:
    """Plain text by a reviewer. `number` counts from 1 within the case."""

    number: int
    day: Day
    reviewer: ReviewerId
    text: str


def add(station: Station, case: Case, untrusted_text: str, on: Day) -> Note:
    """Keeps a note of the reviewer who is here; EmptyNoteError, NoteTextError, NoteTooLongError."""
    note = Note(case.head.notes + 1, on, station.reviewer, _checked(untrusted_text))
    body = canonical.dump({"day": note.day, "reviewer": note.reviewer, "text": note.text})
    with station.vault.transaction():
        station.vault.rows(
            'INSERT INTO notes ("case", number, body) VALUES (?, ?, ?)',
            case.number,
            note.number,
            case.key.seal(body, *cases.place(b"note", note.number)),
        )
        caselog.write(station, case.key, "noted", note.number, _digest(note))
        searching.add(station, case, [note.text])
        cases.update(station, case, replace(case.head, notes=note.number))
    return note


def of_case(station: Station, case: Case) -> list[Note]:
    """All notes of a case, by number; VaultDamagedError."""
    rows = station.vault.rows('SELECT number, body FROM notes WHERE "case" = ? ORDER BY number', case.number)
    return [_read(number, case.key.open(sealed, *cases.place(b"note", number))) for number, sealed in rows]


def check(found: list[Note], deeds: list[caselog.Deed]) -> None:
    """VaultDamagedError unless these are the notes that the case's log tells of, word for word."""
    told = [(deed.number, deed.subject) for deed in deeds if deed.act == "noted"]
    if told != [(note.number, _digest(note)) for note in found]:
        raise VaultDamagedError


def _checked(untrusted_text: str) -> str:
    text = untrusted_text.strip()
    if not text:
        raise EmptyNoteError
    if len(text) > LONGEST:
        raise NoteTooLongError(limit=LONGEST)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoteTextError from None
    if "\0" in text:
        raise NoteTextError
    return text


def _digest(note: Note) -> str:
    return hashlib.sha256(note.text.encode()).hexdigest()


def _read(number: int, body: bytes) -> Note:
    try:
        fields = Fields(canonical.parse(body))
        note = Note(
            number, fields.day("day"), ReviewerId(fields.id("reviewer")), fields.text("text", LONGEST)
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return note
