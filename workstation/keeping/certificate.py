"""The certificate of destruction (berita acara pemusnahan): what went, by which rule, and who agreed.

A text for people whose last line is a signed document (docs/protocol.md section 1.1, purpose `destruction`)
by the key of the reviewer who destroyed. Only that line counts. It names random case numbers and counts, and
the head of the station's log behind the destruction; nothing of what a case was about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import HASH_SIZE, INSTANCE_SIZE, MAX_U32, SUITE
from crypto.errors import BadSignatureError, ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from workstation import files, stationlog, terminal, texts, watermark
from workstation.casework import titles
from workstation.casework.errors import (
    NoSuchCertificateError,
    NotACertificateError,
    UnprovenCertificateError,
)
from workstation.casework.stages import OUTCOMES
from workstation.station import Station
from workstation.texts import _

PREFIX: Final = "peluit-destruction-1:"
PURPOSE: Final = "destruction"
LONGEST: Final = 2**20
_MOST_CASES: Final = 2_000


@dataclass(frozen=True)
class Destroyed:
    """A case that is gone: what it ended with, how many months such are kept, what it held, who proposed."""

    case: int
    outcome: str
    months: int
    messages: int
    replies: int
    files: int
    proposed: ReviewerId


@dataclass(frozen=True)
class Certificate:
    """`reviewer` destroyed these on this day; `entries` and `head` (SHA-256) are the log's after it."""

    reviewer: ReviewerId
    day: Day
    destroyed: tuple[Destroyed, ...]
    entries: int
    head: bytes


@dataclass(frozen=True)
class Made:
    """A certificate of this station: its number, its day, and its text."""

    number: int
    day: Day
    text: str


def make(station: Station, destroyed: Sequence[Destroyed], on: Day) -> Made:
    """Signs a certificate and keeps it in the vault; inside the transaction of the destruction."""
    head = stationlog.head(station.vault)
    found = Certificate(station.reviewer, on, tuple(destroyed), head.count, head.hash)
    document = _sign(station, found)
    number = 1 + int(station.vault.value("SELECT count(*) FROM certificates"))
    station.vault.rows("INSERT INTO certificates (number, document) VALUES (?, ?)", number, document)
    return Made(number, on, text_of(station, number, document))


def kept(station: Station) -> list[tuple[int, Certificate]]:
    """Every certificate that this station made, by number."""
    rows = station.vault.rows("SELECT number, document FROM certificates ORDER BY number")
    return [(number, _read(document)[0]) for number, document in rows]


def again(station: Station, number: int) -> Made:
    """One that was made before; NoSuchCertificateError."""
    row = station.vault.row("SELECT document FROM certificates WHERE number = ?", number)
    if row is None:
        raise NoSuchCertificateError(number=number)
    return Made(number, _read(row[0])[0].day, text_of(station, number, row[0]))


def text_of(station: Station, number: int, document: bytes) -> str:
    """The words for people, and the signed line."""
    found, _instance, _office = _read(document)
    office = station.directory.office
    lines = [
        _("Certificate of destruction {number}").format(number=number),
        terminal.safe(texts.named(office.names)),
        "",
        *describe(found),
        "",
        _("The last line is signed; to check it: peluit station retention check FILE"),
        "",
        PREFIX + b64(document),
    ]
    return "".join(f"{line}\n" for line in watermark.lines(office.instance, lines))


def describe(found: Certificate) -> list[str]:
    """What it says, as safe lines."""
    lines = [_("Destroyed on {day} by {reviewer}").format(day=found.day, reviewer=found.reviewer)]
    for each in found.destroyed:
        lines += [
            _("Case {case}: {outcome}, kept {months} months; proposed by {reviewer}").format(
                case=each.case,
                outcome=titles.outcome(each.outcome),
                months=each.months,
                reviewer=each.proposed,
            ),
            "  "
            + _("{messages} messages, {replies} replies, {files} evidence files").format(
                messages=each.messages, replies=each.replies, files=each.files
            ),
        ]
    way = _("Way: the key of the case, its records and its files were overwritten (crypto-erasure).")
    log = _("Log of the station after it: entry {count}, SHA-256 {hash}")
    return [*lines, way, log.format(count=found.entries, hash=found.head.hex())]


def write(made: Made, to: Path) -> Path:
    """Writes it into a folder under a name that is free; NotAFolderError, DiskFullError, CannotWriteError."""
    return files.write_beside(to / f"pemusnahan-{made.day}-{made.number}.txt", made.text.encode())


def read(station: Station, untrusted_text: str) -> Certificate:
    """What a certificate says that a reviewer of this office signed, present or former.

    NotACertificateError, UnprovenCertificateError.
    """
    last = untrusted_text.rstrip().rpartition("\n")[2].strip()
    if not last.startswith(PREFIX) or len(untrusted_text) > LONGEST:
        raise NotACertificateError
    try:
        untrusted_document = unb64(last[len(PREFIX) :], (len(last) - len(PREFIX)) * 3 // 4)
        found, instance, office = _read(untrusted_document)
    except ProtocolError:
        raise NotACertificateError from None
    place = station.keys.place
    if (instance, office) != (place.instance, place.office):
        raise UnprovenCertificateError
    for key in {r.sign for d in station.directories() for r in d.office.reviewers if r.id == found.reviewer}:
        try:
            signed.check_signature(untrusted_document, PURPOSE, key)
        except BadSignatureError:
            continue
        return found
    raise UnprovenCertificateError


def _sign(station: Station, found: Certificate) -> bytes:
    place = station.keys.place
    destroyed: list[Json] = [
        {
            "case": each.case,
            "files": each.files,
            "messages": each.messages,
            "months": each.months,
            "outcome": each.outcome,
            "proposed": each.proposed,
            "replies": each.replies,
        }
        for each in found.destroyed
    ]
    body: Json = {
        "day": found.day,
        "destroyed": destroyed,
        "entries": found.entries,
        "head": b64(found.head),
        "instance": b64(place.instance),
        "kind": PURPOSE,
        "office": place.office,
        "reviewer": found.reviewer,
        "suite": SUITE,
    }
    return signed.sign(body, PURPOSE, station.keys.sign)


def _read(untrusted_document: bytes) -> tuple[Certificate, InstanceId, OfficeId]:
    fields = Fields(signed.peek(untrusted_document, LONGEST))
    fields.suite_and_kind(PURPOSE)
    found = Certificate(
        reviewer=ReviewerId(fields.id("reviewer")),
        day=fields.day("day"),
        destroyed=fields.list_of("destroyed", _read_destroyed, 1, _MOST_CASES),
        entries=fields.integer("entries", 1, MAX_U32),
        head=fields.data("head", HASH_SIZE),
    )
    place = InstanceId(fields.data("instance", INSTANCE_SIZE)), OfficeId(fields.id("office"))
    fields.end()
    return found, *place


def _read_destroyed(untrusted_value: object) -> Destroyed:
    fields = Fields(untrusted_value)
    found = Destroyed(
        case=fields.integer("case", 1, MAX_U32),
        outcome=fields.one_of("outcome", OUTCOMES),
        months=fields.integer("months", 1, MAX_U32),
        messages=fields.integer("messages", 0, MAX_U32),
        replies=fields.integer("replies", 0, MAX_U32),
        files=fields.integer("files", 0, MAX_U32),
        proposed=ReviewerId(fields.id("proposed")),
    )
    fields.end()
    return found
