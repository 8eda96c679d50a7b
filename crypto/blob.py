"""The geometry of an evidence blob (docs/protocol.md section 7)."""

from typing import NewType

from crypto.binding import bind
from crypto.constants import CHUNK_SIZE, PIECE_SIZE, TAG_SIZE
from crypto.padding import is_padme

BlobId = NewType("BlobId", bytes)


def chunk_count(padded: int) -> int:
    """How many chunks a padded file of so many bytes has."""
    return -(-padded // CHUNK_SIZE)


def chunk_size(padded: int, number: int) -> int:
    """The sealed size in bytes of one chunk, its tag included."""
    return min(CHUNK_SIZE, padded - number * CHUNK_SIZE) + TAG_SIZE


def blob_size(padded: int) -> int:
    """The size in bytes of the whole blob."""
    return padded + chunk_count(padded) * TAG_SIZE


def piece_count(padded: int) -> int:
    """In how many pieces a blob is sent (docs/protocol.md 11.4)."""
    return -(-blob_size(padded) // PIECE_SIZE)


def run_size(padded: int, first: int, count: int) -> int:
    """The size in bytes of `count` pieces from `first` on; what lies beyond the blob's end does not count."""
    end = min(blob_size(padded), (first + count) * PIECE_SIZE)
    return max(0, end - first * PIECE_SIZE)


def padded_size(blob: int) -> int | None:
    """The padded length whose blob has so many bytes; None if there is none."""
    count = -(-blob // (CHUNK_SIZE + TAG_SIZE))
    padded = blob - count * TAG_SIZE
    return padded if is_padme(padded) and blob_size(padded) == blob else None


def nonce(number: int, count: int) -> bytes:
    """STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): counter ‖ last-chunk flag."""
    return number.to_bytes(11) + bytes([number == count - 1])


def associated_data(blob: BlobId) -> bytes:
    """What every chunk is bound to."""
    return bind("blob", blob)
