"""The custody note beside exported evidence: who took out what, on which day, with which SHA-256, signed.

A text for people whose last line is a signed document (docs/protocol.md section 1.1, purpose `custody`) by
the reviewer's key. Only that line counts; the words above it repeat what it says.
"""

from dataclasses import dataclass
from typing import Final

from crypto import calendar, signed
from crypto.binding import b64, unb64
from crypto.constants import HASH_SIZE, INSTANCE_SIZE, MAX_BLOB_SIZE, MAX_U32, SUITE
from crypto.errors import BadSignatureError, ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from workstation import terminal, watermark
from workstation.errors import NotACustodyNoteError, UnprovenCustodyError
from workstation.station import Station
from workstation.texts import _
from workstation.unsealing import Unsealed

NOTE_ENDING: Final = ".custody.txt"
LONGEST: Final = 65_536
"""Bytes of a whole note."""

PREFIX: Final = "peluit-custody-1:"
_LONGEST_NAME: Final = 4_096


@dataclass(frozen=True)
class Custody:
    """`reviewer` took evidence out of the station on this day; `untrusted_name` is the reporter's name for
    it. Size in bytes, SHA-256 of the whole original."""

    case: int
    evidence: int
    untrusted_name: str
    size: int
    sha256: bytes
    reviewer: ReviewerId
    day: Day


def note(station: Station, case: int, number: int, untrusted_name: str, what: Unsealed) -> str:
    """The note's text, signed by the reviewer who is here, today."""
    custody = Custody(
        case, number, untrusted_name, what.written, what.sha256, station.reviewer, calendar.today()
    )
    head = _("Custody note of an exported original. The last line is signed; to check it with the file:")
    command = "peluit station custody NOTE FILE"
    lines = watermark.lines(station.keys.place.instance, [head, f"  {command}", "", *describe(custody), ""])
    lines.append(PREFIX + b64(_sign(station, custody)))
    return "".join(f"{line}\n" for line in lines)


def describe(custody: Custody) -> list[str]:
    """What it says, as safe lines."""
    return [
        _("Evidence {number} of case {case}").format(number=custody.evidence, case=custody.case),
        _("Taken out on {day} by {reviewer}").format(day=custody.day, reviewer=custody.reviewer),
        _("Name given by the reporter: {name}").format(name=terminal.safe(custody.untrusted_name)),
        _("Size: {size} bytes").format(size=terminal.grouped(custody.size)),
        f"SHA-256: {custody.sha256.hex()}",
    ]


def read(station: Station, untrusted_text: str) -> Custody:
    """What a note says that a reviewer of this office signed, present or former.

    NotACustodyNoteError, UnprovenCustodyError.
    """
    last = untrusted_text.rstrip().rpartition("\n")[2].strip()
    if not last.startswith(PREFIX) or len(untrusted_text) > LONGEST:
        raise NotACustodyNoteError
    try:
        untrusted_document = unb64(last[len(PREFIX) :], (len(last) - len(PREFIX)) * 3 // 4)
        custody, instance, office = _read(untrusted_document)
        place = station.keys.place
        if (instance, office) != (place.instance, place.office):
            raise UnprovenCustodyError
        _check(station, untrusted_document, custody.reviewer)
    except ProtocolError:
        raise NotACustodyNoteError from None
    return custody


def _sign(station: Station, custody: Custody) -> bytes:
    place = station.keys.place
    return signed.sign(
        {
            "case": custody.case,
            "day": custody.day,
            "evidence": custody.evidence,
            "instance": b64(place.instance),
            "kind": "custody",
            "name": custody.untrusted_name,
            "office": place.office,
            "reviewer": custody.reviewer,
            "sha256": b64(custody.sha256),
            "size": custody.size,
            "suite": SUITE,
        },
        "custody",
        station.keys.sign,
    )


def _read(untrusted_document: bytes) -> tuple[Custody, InstanceId, OfficeId]:
    fields = Fields(signed.peek(untrusted_document, LONGEST))
    fields.suite_and_kind("custody")
    found = Custody(
        case=fields.integer("case", 1, MAX_U32),
        evidence=fields.integer("evidence", 1, MAX_U32),
        untrusted_name=fields.text("name", _LONGEST_NAME),
        size=fields.integer("size", 0, MAX_BLOB_SIZE),
        sha256=fields.data("sha256", HASH_SIZE),
        reviewer=ReviewerId(fields.id("reviewer")),
        day=fields.day("day"),
    )
    place = InstanceId(fields.data("instance", INSTANCE_SIZE)), OfficeId(fields.id("office"))
    fields.end()
    return found, *place


def _check(station: Station, untrusted_document: bytes, reviewer: ReviewerId) -> None:
    """UnprovenCustodyError unless a key that some directory of the office names for them signed it."""
    keys = {r.sign for d in station.directories() for r in d.office.reviewers if r.id == reviewer}
    for key in keys:
        try:
            signed.check_signature(untrusted_document, "custody", key)
        except BadSignatureError:
            continue
        return
    raise UnprovenCustodyError
