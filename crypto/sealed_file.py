"""Sealed files: what was sealed without a network, to be handed in later (docs/protocol.md section 9.2).

Pure: the head is read and written here; the bytes of the entries follow it and are never looked into.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from crypto import canonical
from crypto.binding import b64
from crypto.blob import BlobId, blob_size
from crypto.canonical import Json
from crypto.constants import (
    HASH_SIZE,
    ID_SIZE,
    INSTANCE_SIZE,
    MAX_BLOB_SIZE,
    MAX_ITEM_SIZE,
    MAX_SEALED_ENTRIES,
    MAX_SEALED_HEAD,
    MIN_BLOB_SIZE,
    SEALED_MAGIC,
    SEALED_START,
    SUITE,
)
from crypto.errors import MalformedError, WrongContextError, WrongVersionError
from crypto.fields import ChannelId, Fields, InstanceId, OfficeId
from crypto.padding import is_padme


@dataclass(frozen=True)
class ItemEntry:
    """A sealed item of `size` bytes; `token_hash` (32 bytes) is what the server stores of its token."""

    channel: ChannelId
    size: int
    token_hash: bytes

    @property
    def length(self) -> int:
        """How many bytes of the file are this entry's."""
        return self.size


@dataclass(frozen=True)
class BlobEntry:
    """A blob of `size` bytes before sealing, padding included."""

    blob: BlobId
    size: int
    token_hash: bytes

    @property
    def length(self) -> int:
        """How many bytes of the file are this entry's."""
        return blob_size(self.size)


SealedEntry: TypeAlias = ItemEntry | BlobEntry


@dataclass(frozen=True)
class SealedHead:
    """What a sealed file says of itself; the entries are in the order of their bytes, and of sending."""

    instance: InstanceId
    office: OfficeId
    entries: tuple[SealedEntry, ...]


def write_head(head: SealedHead) -> bytes:
    """The file's bytes up to its first entry; MalformedError for entries that section 9.2 does not allow."""
    _check_order(head.entries)
    data = canonical.dump(
        {
            "entries": [_entry_json(entry) for entry in head.entries],
            "instance": b64(head.instance),
            "office": head.office,
            "suite": SUITE,
        }
    )
    return SEALED_MAGIC + len(data).to_bytes(4) + data


def head_length(untrusted_start: bytes) -> int:
    """How long the head is that follows the file's first SEALED_START bytes; MalformedError if this is no
    sealed file."""
    length = int.from_bytes(untrusted_start[len(SEALED_MAGIC) :])
    if (
        len(untrusted_start) != SEALED_START
        or not untrusted_start.startswith(SEALED_MAGIC)
        or length > MAX_SEALED_HEAD
    ):
        raise MalformedError
    return length


def read_head(untrusted_head: bytes, instance: InstanceId) -> SealedHead:
    """MalformedError, NotCanonicalError, WrongVersionError; WrongContextError: sealed for another site."""
    fields = Fields(canonical.parse(untrusted_head))
    if fields.take("suite") != SUITE:
        raise WrongVersionError
    head = SealedHead(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        entries=fields.list_of("entries", _read_entry, 1, MAX_SEALED_ENTRIES),
    )
    fields.end()
    _check_order(head.entries)
    if head.instance != instance:
        raise WrongContextError
    return head


def _entry_json(entry: SealedEntry) -> Json:
    size, token = entry.size, b64(entry.token_hash)
    if isinstance(entry, ItemEntry):
        return {"channel": entry.channel, "kind": "item", "size": size, "token": token}
    return {"blob": b64(entry.blob), "kind": "blob", "size": size, "token": token}


def _read_entry(untrusted_value: object) -> SealedEntry:
    fields = Fields(untrusted_value)
    token_hash = fields.data("token", HASH_SIZE)
    entry: SealedEntry
    if fields.one_of("kind", ("blob", "item")) == "item":
        channel = ChannelId(fields.id("channel"))
        entry = ItemEntry(channel, fields.integer("size", 1, MAX_ITEM_SIZE), token_hash)
    else:
        blob = BlobId(fields.data("blob", ID_SIZE))
        entry = BlobEntry(blob, fields.integer("size", MIN_BLOB_SIZE, MAX_BLOB_SIZE), token_hash)
        if not is_padme(entry.size):
            raise MalformedError
    fields.end()
    return entry


def _check_order(entries: Sequence[SealedEntry]) -> None:
    """A blob that no item tells of would be of no use to anybody, and two of one name would be one."""
    if not 1 <= len(entries) <= MAX_SEALED_ENTRIES:
        raise MalformedError
    kinds = [type(entry) for entry in entries]
    if BlobEntry in (kinds[0], kinds[-1]) or (BlobEntry, BlobEntry) in pairwise(kinds):
        raise MalformedError
    blobs = [entry.blob for entry in entries if isinstance(entry, BlobEntry)]
    tokens = [entry.token_hash for entry in entries]
    if len(set(blobs)) != len(blobs) or len(set(tokens)) != len(tokens):
        raise MalformedError
