"""Backups of a server (docs/protocol.md section 16): their head, their opening code and their keys.

The body is encrypted under an opening code of 128 bits that the server draws and forgets. The head holds the
code for each reviewer of an office: their station reads it from the head alone, and a person carries its
digits to the new server.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import BinaryIO, Final

from crypto import canonical
from crypto.binding import b64, bind, derive
from crypto.canonical import Json
from crypto.chained_log import note, read_note
from crypto.constants import (
    CHUNK_SIZE,
    HPKE_OVERHEAD,
    INSTANCE_SIZE,
    MAX_LIST,
    MAX_U32,
    SUITE,
    TAG_SIZE,
)
from crypto.errors import CannotOpenError, CutShortError, MalformedError
from crypto.fields import Day, Epoch, Fields, InstanceId, OfficeId, ReviewerId, distinct, identifier

MAGIC: Final = b"peluit-backup/1\n"
CODE_SIZE: Final = 16
COMMITMENT_SIZE: Final = 32
SEALED_CHUNK_SIZE: Final = CHUNK_SIZE + TAG_SIZE
ASSOCIATED: Final = bind("server-backup-body")
_STANZA_SIZE: Final = HPKE_OVERHEAD + CODE_SIZE
_LONGEST_HEAD: Final = 2 * 2**20
_LARGEST_GROUP: Final = 0xFFFF


@dataclass(frozen=True)
class ForOffice:
    """One office whose station opens a backup: for each reviewer, the code under the key of this epoch."""

    id: OfficeId
    epoch: Epoch
    stanzas: dict[ReviewerId, bytes]


@dataclass(frozen=True)
class Head:
    """What a backup says of itself; `data` are its bytes up to the commitment."""

    instance: InstanceId
    day: Day
    offices: tuple[ForOffice, ...]
    data: bytes
    commitment: bytes

    def office(self, office: OfficeId) -> ForOffice | None:
        return next((found for found in self.offices if found.id == office), None)


def info(instance: InstanceId, office: OfficeId, epoch: Epoch, reviewer: ReviewerId) -> bytes:
    """What a stanza is bound to."""
    return bind("server-backup", instance, office.encode(), epoch.to_bytes(4), reviewer.encode())


def keys(code: bytes, head: bytes) -> tuple[bytes, bytes]:
    """The body's key (32 bytes) and the commitment to it; `head` as in `Head.data`."""
    salt = hashlib.sha256(head).digest()
    return derive(code, "server-backup-key", salt), derive(code, "server-backup-commitment", salt)


def body_key(code: bytes, head: Head) -> bytes:
    """The key (32 bytes) of the body; CannotOpenError if the code is another backup's."""
    key, commitment = keys(code, head.data)
    if not hmac.compare_digest(commitment, head.commitment):
        raise CannotOpenError
    return key


def nonce(number: int, last: bool) -> bytes:
    """STREAM, as in section 7: counter ‖ last-chunk flag."""
    return number.to_bytes(11) + bytes([last])


def spell(code: bytes) -> str:
    """An opening code as people read and type it: eight groups of five digits."""
    return note(code)


def read_code(untrusted_text: str) -> bytes:
    """The code that somebody typed, however its groups were separated; MalformedError."""
    groups = [int(group) for group in read_note(untrusted_text).split("-")]
    if max(groups) > _LARGEST_GROUP:
        raise MalformedError
    return b"".join(group.to_bytes(2) for group in groups)


def write_head(instance: InstanceId, day: Day, offices: tuple[ForOffice, ...]) -> bytes:
    """The bytes of a backup up to its commitment."""
    listed: list[Json] = [
        {
            "epoch": office.epoch,
            "id": office.id,
            "stanzas": {reviewer: b64(stanza) for reviewer, stanza in office.stanzas.items()},
        }
        for office in offices
    ]
    body = canonical.dump(
        {"day": day, "instance": b64(instance), "kind": "server-backup", "offices": listed, "suite": SUITE}
    )
    return MAGIC + len(body).to_bytes(4) + body


def read_head(untrusted_file: BinaryIO) -> Head:
    """The head at the beginning of a file, which then stands at the body.

    MalformedError, CutShortError, NotCanonicalError, WrongVersionError.
    """
    start = untrusted_file.read(len(MAGIC) + 4)
    length = int.from_bytes(start[len(MAGIC) :])
    if not start.startswith(MAGIC) or length > _LONGEST_HEAD:
        raise MalformedError
    body, commitment = untrusted_file.read(length), untrusted_file.read(COMMITMENT_SIZE)
    if len(body) != length or len(commitment) != COMMITMENT_SIZE:
        raise CutShortError
    fields = Fields(canonical.parse(body))
    fields.suite_and_kind("server-backup")
    head = Head(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        day=fields.day("day"),
        offices=fields.list_of("offices", _read_office, 1, MAX_LIST),
        data=start + body,
        commitment=commitment,
    )
    fields.end()
    distinct([office.id for office in head.offices])
    return head


def _read_office(untrusted_value: object) -> ForOffice:
    fields = Fields(untrusted_value)
    stanzas = Fields(fields.take("stanzas"))
    office = ForOffice(
        id=OfficeId(fields.id("id")),
        epoch=Epoch(fields.integer("epoch", 0, MAX_U32)),
        stanzas={ReviewerId(identifier(name)): stanzas.data(name, _STANZA_SIZE) for name in stanzas.names()},
    )
    fields.end()
    if not 1 <= len(office.stanzas) <= MAX_LIST:
        raise MalformedError
    return office
