"""The custody note in a package for law enforcement: what is in it, by SHA-256, signed by a reviewer.

A text for people to sign by hand, whose last line is a signed document (docs/protocol.md section 1.1, purpose
`package`). Only that line proves anything; the words above it repeat what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crypto import signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import HASH_SIZE, ID_SIZE, INSTANCE_SIZE, MAX_TITLE_LENGTH, SUITE
from crypto.errors import BadSignatureError, ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from workstation import texts
from workstation.offices.office_errors import NotAPackageNoteError
from workstation.offices.registry import Office
from workstation.station import Station
from workstation.texts import _

PREFIX: Final = "peluit-package-1:"
LONGEST: Final = 65_536
_MOST_FILES: Final = 64
_PURPOSE: Final = "package"


@dataclass(frozen=True)
class Note:
    """What the signed line of a custody note says: a package, by whom, on which day, and SHA-256 by file."""

    id: bytes
    office: OfficeId
    reviewer: ReviewerId
    day: Day
    sums: Mapping[str, bytes]


def text(station: Station, office: Office, name: bytes, sums: Mapping[str, bytes], on: Day) -> str:
    """The note, signed by the reviewer who is here."""
    lines = [
        _("Custody note of a package for law enforcement. Handed over on paper and signed by both sides."),
        "",
        _("Number: {number}").format(number=name.hex()[:12]),
        _("Made on {day} by {reviewer} of {office}").format(
            day=on, reviewer=station.reviewer, office=texts.named(station.directory.office.names)
        ),
        _("For: {office}").format(office=texts.named(office.names)),
        _("The copies are cleaned of hidden data; the originals stay sealed with the office."),
        _("To compare the files with their sums: sha256sum -c SHA256SUMS"),
        "",
        *(f"{digest.hex()}  {path}" for path, digest in sums.items()),
        "",
        _("Handed over by: ……………………………………  on: ……………………"),
        _("Received by: ……………………………………  on: ……………………"),
        "",
        PREFIX + b64(_sign(station, name, sums, on)),
    ]
    return "".join(f"{line}\n" for line in lines)


def read(station: Station, untrusted_text: str) -> Note:
    """What a custody note of this office says, if one of its reviewers signed it; NotAPackageNoteError."""
    last = untrusted_text.rstrip().rpartition("\n")[2].strip()
    if not last.startswith(PREFIX) or len(untrusted_text) > LONGEST:
        raise NotAPackageNoteError
    try:
        encoded = last[len(PREFIX) :]
        untrusted_document = unb64(encoded, len(encoded) * 3 // 4)
        note, instance = _read_note(untrusted_document)
    except ProtocolError:
        raise NotAPackageNoteError from None
    place = station.keys.place
    keys = {r.sign for d in station.directories() for r in d.office.reviewers if r.id == note.reviewer}
    if (instance, note.office) != (place.instance, place.office) or not _signed_by(untrusted_document, keys):
        raise NotAPackageNoteError
    return note


def _sign(station: Station, name: bytes, sums: Mapping[str, bytes], on: Day) -> bytes:
    place = station.keys.place
    listed: list[Json] = [{"path": path, "sha256": b64(digest)} for path, digest in sums.items()]
    body: dict[str, Json] = {
        "day": on,
        "files": listed,
        "id": b64(name),
        "instance": b64(place.instance),
        "kind": "package",
        "office": place.office,
        "reviewer": station.reviewer,
        "suite": SUITE,
    }
    return signed.sign(body, _PURPOSE, station.keys.sign)


def _read_note(untrusted_document: bytes) -> tuple[Note, InstanceId]:
    fields = Fields(signed.peek(untrusted_document, LONGEST))
    fields.suite_and_kind("package")
    listed = fields.list_of("files", _read_sum, 1, _MOST_FILES)
    note = Note(
        id=fields.data("id", ID_SIZE),
        office=OfficeId(fields.id("office")),
        reviewer=ReviewerId(fields.id("reviewer")),
        day=fields.day("day"),
        sums=dict(listed),
    )
    instance = InstanceId(fields.data("instance", INSTANCE_SIZE))
    fields.end()
    return note, instance


def _read_sum(untrusted_value: object) -> tuple[str, bytes]:
    fields = Fields(untrusted_value)
    found = fields.text("path", MAX_TITLE_LENGTH, 1), fields.data("sha256", HASH_SIZE)
    fields.end()
    return found


def _signed_by(untrusted_document: bytes, keys: set[bytes]) -> bool:
    for key in keys:
        try:
            signed.check_signature(untrusted_document, _PURPOSE, key)
        except BadSignatureError:
            continue
        return True
    return False
