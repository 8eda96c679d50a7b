"""The shape of a sealed item, readable without any key (docs/protocol.md section 5)."""

import hashlib
from dataclasses import dataclass
from typing import NewType

from crypto.binding import bind, derive
from crypto.constants import (
    COMMITMENT_SIZE,
    ITEM_HEADER_SIZE,
    ITEM_TYPE,
    MAGIC,
    MAX_STANZAS,
    PAYLOAD_SIZES,
    STANZA_SIZE,
    TAG_SIZE,
    VERSION,
)
from crypto.errors import MalformedError, WrongVersionError
from crypto.fields import ChannelId, Epoch, InstanceId, OfficeId

SealedItem = NewType("SealedItem", bytes)
ItemId = NewType("ItemId", bytes)

PAYLOAD_NONCE = bytes(11) + b"\x01"


@dataclass(frozen=True)
class Context:
    """Where an item belongs; part of what every stanza is bound to."""

    instance: InstanceId
    office: OfficeId
    channel: ChannelId

    def info(self, epoch: Epoch) -> bytes:
        """The HPKE info of a stanza."""
        return bind(
            "item", self.instance, self.office.encode(), self.channel.encode(), int(epoch).to_bytes(4)
        )


@dataclass(frozen=True)
class ItemShape:
    """An item cut at its seams. `header` is every byte before the commitment."""

    epoch: Epoch
    stanzas: tuple[bytes, ...]
    header: bytes
    commitment: bytes
    ciphertext: bytes


def header(epoch: Epoch, stanzas: list[bytes]) -> bytes:
    """Every byte before the commitment."""
    fixed = MAGIC + bytes([ITEM_TYPE, VERSION]) + int(epoch).to_bytes(4) + bytes([len(stanzas)])
    return fixed + b"".join(stanzas)


def read_shape(untrusted_item: bytes) -> ItemShape:
    """Checks everything that can be checked without a key; WrongVersionError or MalformedError."""
    if len(untrusted_item) < ITEM_HEADER_SIZE or untrusted_item[:7] != MAGIC + bytes([ITEM_TYPE]):
        raise MalformedError
    if untrusted_item[7] != VERSION:
        raise WrongVersionError
    count = untrusted_item[12]
    seam = ITEM_HEADER_SIZE + count * STANZA_SIZE
    payload = len(untrusted_item) - seam - COMMITMENT_SIZE - TAG_SIZE
    if not 1 <= count <= MAX_STANZAS or payload not in PAYLOAD_SIZES:
        raise MalformedError
    stanzas = tuple(untrusted_item[i : i + STANZA_SIZE] for i in range(ITEM_HEADER_SIZE, seam, STANZA_SIZE))
    if len(set(stanzas)) != count:
        raise MalformedError
    return ItemShape(
        epoch=Epoch(int.from_bytes(untrusted_item[8:12])),
        stanzas=stanzas,
        header=untrusted_item[:seam],
        commitment=untrusted_item[seam : seam + COMMITMENT_SIZE],
        ciphertext=untrusted_item[seam + COMMITMENT_SIZE :],
    )


def item_id(item: bytes) -> ItemId:
    """The 16-byte name of an item."""
    return ItemId(hashlib.sha256(item).digest()[:16])


def payload_keys(item_key: bytes, header_bytes: bytes) -> tuple[bytes, bytes]:
    """(payload key, commitment), 32 bytes each, bound to every header byte."""
    salt = hashlib.sha256(header_bytes).digest()
    return derive(item_key, "payload-key", salt), derive(item_key, "commitment", salt)
