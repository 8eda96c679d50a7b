"""A log in which every entry is bound to all before it, and its export (docs/protocol.md section 15)."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from crypto import canonical
from crypto.binding import b64, bind
from crypto.canonical import Json
from crypto.constants import HASH_SIZE, SUITE
from crypto.errors import BrokenLogError, MalformedError, ProtocolError
from crypto.fields import Day, Fields, OfficeId, identifier

START: Final = bytes(HASH_SIZE)
"""What stands for the hash before the first entry."""

Kind = Literal["staff-log", "station-log"]
"""Whose acts a log tells of: the server's staff, or the investigators at an air-gapped station."""

STAFF: Final = "staff-log"
STATION: Final = "station-log"

LONGEST_LINE: Final = 4_096
LONGEST_SUBJECT: Final = 200

_END: Final = "end"
_MOST: Final = 2**53 - 1
_NOTE_BYTES: Final = 16


@dataclass(frozen=True)
class Entry:
    """Who did what on which day. `number` counts from 1; `office` is empty for the server's own log."""

    number: int
    day: Day
    office: OfficeId
    actor: str
    act: str
    subject: str

    def fields(self) -> dict[str, Json]:
        return {
            "act": self.act,
            "actor": self.actor,
            "day": self.day,
            "number": self.number,
            "office": self.office,
            "subject": self.subject,
        }


@dataclass(frozen=True)
class Head:
    """Where a chain ends: how many entries it has, and the hash (32 bytes) that binds them all."""

    count: int
    hash: bytes


@dataclass(frozen=True)
class Verified:
    """A whole log. `since`: how many entries came after the noted head, if one was given."""

    office: OfficeId
    count: int
    head: bytes
    since: int | None
    kind: Kind = STAFF


def next_hash(former: bytes, entry: Entry, kind: Kind = STAFF) -> bytes:
    """The hash (32 bytes) of an entry and, through the former hash, of all before it."""
    return hashlib.sha256(bind(kind, former, canonical.dump(entry.fields()))).digest()


def note(head: bytes) -> str:
    """A head as people write it down: its first 128 bits, as eight groups of five digits."""
    groups = (int.from_bytes(head[at : at + 2]) for at in range(0, _NOTE_BYTES, 2))
    return "-".join(f"{group:05d}" for group in groups)


def read_note(untrusted_text: str) -> str:
    """The note, however its groups were separated; MalformedError."""
    digits = re.sub(r"[\s-]", "", untrusted_text)
    if not re.fullmatch(r"[0-9]{40}", digits):
        raise MalformedError
    return "-".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def export(office: OfficeId, entries: Iterable[tuple[Entry, bytes]], kind: Kind = STAFF) -> Iterator[bytes]:
    """The lines of a log from its first entry on, each with its hash."""
    yield _line({"kind": kind, "office": office, "suite": SUITE})
    count, head = 0, START
    for entry, head in entries:
        count = entry.number
        yield _line(entry.fields() | {"hash": b64(head)})
    yield _line({"count": count, "head": b64(head), "kind": _END})


def verify(untrusted_file: BinaryIO, noted: str | None = None) -> Verified:
    """Reads an export to its end. `noted` is the note of an older head, which must stand in it.

    MalformedError, WrongVersionError if this is no export; BrokenLogError with the first broken entry.
    """
    kind, office = _read_head(untrusted_file)
    count, head = 0, START
    since = 0 if noted == note(START) else None
    while True:
        untrusted_line = untrusted_file.readline(LONGEST_LINE)
        if not untrusted_line:
            raise BrokenLogError("cut", count + 1)
        fields = _read_line(untrusted_line, count + 1)
        if "kind" in fields.names():
            break
        entry, untrusted_hash = _read_entry(fields, count + 1)
        if entry.number != count + 1:
            is_there = entry.number <= count or _stands_in(untrusted_file, count + 1)
            raise BrokenLogError("order" if is_there else "missing", count + 1)
        head = next_hash(head, entry, kind)
        if entry.office != office or untrusted_hash != b64(head):
            raise BrokenLogError("changed", entry.number)
        count += 1
        since = count if note(head) == noted else since
    if untrusted_line != _line({"count": count, "head": b64(head), "kind": _END}):
        raise BrokenLogError("end", count + 1)
    if untrusted_file.read(1):
        raise BrokenLogError("longer", count + 1)
    if noted is not None and since is None:
        raise BrokenLogError("noted", count)
    return Verified(office, count, head, None if since is None else count - since, kind)


def _line(fields: dict[str, Json]) -> bytes:
    return canonical.dump(fields) + b"\n"


def _read_head(untrusted_file: BinaryIO) -> tuple[Kind, OfficeId]:
    untrusted_line = untrusted_file.readline(LONGEST_LINE)
    fields = Fields(canonical.parse(untrusted_line.removesuffix(b"\n")))
    kind: Kind = STAFF if fields.suite_and_kind(STAFF, STATION) == STAFF else STATION
    untrusted_office = fields.take("office")
    fields.end()
    return kind, OfficeId("" if untrusted_office == "" else identifier(untrusted_office))


def _read_line(untrusted_line: bytes, number: int) -> Fields:
    try:
        if not untrusted_line.endswith(b"\n"):
            raise MalformedError
        return Fields(canonical.parse(untrusted_line[:-1]))
    except ProtocolError:
        raise BrokenLogError("changed", number) from None


def _read_entry(fields: Fields, number: int) -> tuple[Entry, object]:
    try:
        entry = Entry(
            fields.integer("number", 1, _MOST),
            fields.day("day"),
            OfficeId(fields.text("office")),
            fields.text("actor"),
            fields.text("act"),
            fields.text("subject", LONGEST_SUBJECT),
        )
        untrusted_hash = fields.take("hash")
        fields.end()
    except ProtocolError:
        raise BrokenLogError("changed", number) from None
    return entry, untrusted_hash


def _stands_in(untrusted_file: BinaryIO, number: int) -> bool:
    """Whether an entry of this number follows further on."""
    while untrusted_line := untrusted_file.readline(LONGEST_LINE):
        try:
            if Fields(canonical.parse(untrusted_line[:-1])).take("number") == number:
                return True
        except ProtocolError:
            continue
    return False
