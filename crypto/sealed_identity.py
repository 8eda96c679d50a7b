"""A name that a reporter seals to the office's identity custodians: its shape (docs/protocol.md section 6.1).

Each custodian gets a secret of their own. The key of the identity is boxed once for each set of `needed`
custodians, under the secrets of all in the set: fewer of them open nothing.
"""

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from crypto.binding import b64, bind, derive, unb64
from crypto.canonical import Json
from crypto.constants import (
    BOX_SIZE,
    COMMITMENT_SIZE,
    FEWEST_CUSTODIANS,
    IDENTITY_SIZE,
    STANZA_SIZE,
    TAG_SIZE,
)
from crypto.custodians import CustodianId, may_need
from crypto.errors import MalformedError
from crypto.fields import Fields, InstanceId, OfficeId, identifier

Set = tuple[CustodianId, ...]


@dataclass(frozen=True)
class Owner:
    """Whose identity it is: a thread (its Ed25519 public key) of an office."""

    instance: InstanceId
    office: OfficeId
    verify: bytes

    def info(self, custodian: CustodianId) -> bytes:
        """The HPKE info of a custodian's stanza."""
        return bind("identity", self.instance, self.office.encode(), self.verify, custodian.encode())


@dataclass(frozen=True)
class SealedIdentity:
    """`stanzas`: each custodian's secret, sealed; `boxes`: the key for each of `sets`, in that order."""

    needed: int
    stanzas: Mapping[CustodianId, bytes]
    boxes: tuple[bytes, ...]
    commitment: bytes
    ciphertext: bytes


def sets(custodians: Iterable[CustodianId], needed: int) -> list[Set]:
    """Every set of so many custodians, each in rising order, in rising order."""
    return list(itertools.combinations(sorted(custodians), needed))


def salt_of(owner: Owner, needed: int, stanzas: Mapping[CustodianId, bytes]) -> bytes:
    """What ties every key below to the thread, the office and all stanzas (32 bytes)."""
    parts = [part for custodian in sorted(stanzas) for part in (custodian.encode(), stanzas[custodian])]
    head = bind("identity-head", owner.instance, owner.office.encode(), owner.verify, bytes([needed]), *parts)
    return hashlib.sha256(head).digest()


def box_key(secrets: Sequence[bytes], salt: bytes) -> bytes:
    """The key of a set's box, from the secrets (32 bytes each) of all in the set, in the set's order."""
    return derive(b"".join(secrets), "identity-box", salt)


def box_bound(members: Set) -> bytes:
    """The associated data of a set's box."""
    return bind("identity-box", *(custodian.encode() for custodian in members))


def content_keys(identity_key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """(key of the content, commitment), 32 bytes each: all boxes must give the same identity."""
    return derive(identity_key, "identity-key", salt), derive(identity_key, "identity-commitment", salt)


def sealed_json(sealed: SealedIdentity) -> Json:
    """As it stands in a message."""
    return {
        "boxes": [b64(box) for box in sealed.boxes],
        "commitment": b64(sealed.commitment),
        "content": b64(sealed.ciphertext),
        "needed": sealed.needed,
        "stanzas": {custodian: b64(stanza) for custodian, stanza in sealed.stanzas.items()},
    }


def read_sealed(untrusted_value: object) -> SealedIdentity:
    """MalformedError unless it has the shape; whose custodians they are is not known here."""
    fields = Fields(untrusted_value)
    untrusted_stanzas = Fields(fields.take("stanzas"))
    names = [CustodianId(identifier(name)) for name in untrusted_stanzas.names()]
    needed = fields.integer("needed", FEWEST_CUSTODIANS, len(names))
    if not may_need(len(names), needed):
        raise MalformedError
    boxes = comb(len(names), needed)
    sealed = SealedIdentity(
        needed=needed,
        stanzas={name: untrusted_stanzas.data(name, STANZA_SIZE) for name in names},
        boxes=fields.list_of("boxes", lambda value: unb64(value, BOX_SIZE), boxes, boxes),
        commitment=fields.data("commitment", COMMITMENT_SIZE),
        ciphertext=fields.data("content", IDENTITY_SIZE + TAG_SIZE),
    )
    fields.end()
    return sealed
