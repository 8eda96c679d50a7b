"""Sealed things for tests. The server cannot tell random bytes of the right shape from the real thing."""

import secrets

from crypto import calendar
from crypto.blob import BlobId, blob_size
from crypto.constants import COMMITMENT_SIZE, MAX_PIECES, PIECE_SIZE, STANZA_SIZE, TAG_SIZE
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


def whole_blob(blob: BlobId, padded: int) -> bytes:
    """A blob by its size; no two pieces of it are the same."""
    size = blob_size(padded)
    lines = (number.to_bytes(8) + blob for number in range(-(-size // 24)))
    return b"".join(lines)[:size]


def runs(blob: BlobId, padded: int) -> list[tuple[int, bytes]]:
    """The requests that bring a blob: the first piece of each, and its body."""
    whole, step = whole_blob(blob, padded), MAX_PIECES * PIECE_SIZE
    return [(at // PIECE_SIZE, whole[at : at + step]) for at in range(0, len(whole), step)]
