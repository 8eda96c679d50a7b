"""Padding: payload sizes and Padmé for evidence (docs/protocol.md sections 5 and 7)."""

from crypto.constants import MAX_BLOB_SIZE, MIN_BLOB_SIZE
from crypto.errors import MalformedError


def padme(size: int) -> int:
    """The padded length of evidence of `size` bytes, at least 64 KiB.

    Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019, section 4: at most 12 % more
    and O(log log L) bits of the length remain.
    """
    if not 0 <= size <= MAX_BLOB_SIZE:
        raise MalformedError
    if size <= MIN_BLOB_SIZE:
        return MIN_BLOB_SIZE
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def is_padme(size: int) -> bool:
    """Whether some evidence is padded to exactly `size` bytes."""
    return MIN_BLOB_SIZE <= size <= MAX_BLOB_SIZE and padme(size) == size


def add_length(data: bytes, width: int, size: int) -> bytes:
    """`length (width bytes) ‖ data ‖ zeros`, `size` bytes in all; MalformedError if it does not fit."""
    if width + len(data) > size:
        raise MalformedError
    return (len(data).to_bytes(width) + data).ljust(size, b"\0")


def strip_length(untrusted_padded: bytes, width: int) -> bytes:
    """The data that `add_length` padded; MalformedError if the padding is not zero."""
    length = int.from_bytes(untrusted_padded[:width])
    data, rest = untrusted_padded[width : width + length], untrusted_padded[width + length :]
    if len(data) != length or rest.count(0) != len(rest):
        raise MalformedError
    return data
