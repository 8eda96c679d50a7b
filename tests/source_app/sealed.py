"""Sealed things for tests. The server cannot tell random bytes of the right shape from the real thing."""

import secrets

from crypto import calendar
from crypto.blob import BlobId, chunk_count, chunk_size
from crypto.constants import COMMITMENT_SIZE, STANZA_SIZE, TAG_SIZE
from crypto.fields import Epoch
from crypto.item import header

DELETION = bytes(range(32))


def present() -> Epoch:
    return calendar.epoch_of(calendar.today())


def item(stanzas: int = 3, payload: int = 8_192, epoch: int | None = None) -> bytes:
    """A sealed item by its shape."""
    made = [secrets.token_bytes(STANZA_SIZE) for _ in range(stanzas)]
    begin = header(Epoch(present() if epoch is None else epoch), made)
    return begin + secrets.token_bytes(COMMITMENT_SIZE + payload + TAG_SIZE)


def new_blob() -> BlobId:
    return BlobId(secrets.token_bytes(16))


def chunks(blob: BlobId, padded: int) -> list[bytes]:
    """The chunks of a blob, by their sizes."""
    return [(bytes([n]) + blob * 65_537)[: chunk_size(padded, n)] for n in range(chunk_count(padded))]
