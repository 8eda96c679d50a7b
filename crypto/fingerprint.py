"""A root key's fingerprint, for comparison with the poster (docs/protocol.md section 4)."""

import hashlib

from crypto.binding import bind
from crypto.words import words


def fingerprint(root: bytes) -> bytes:
    """16 bytes that stand for an Ed25519 root key."""
    return hashlib.sha256(bind("fingerprint", root)).digest()[:16]


def digits(root: bytes) -> tuple[str, ...]:
    """Eight groups of five decimal digits."""
    whole = fingerprint(root)
    return tuple(f"{int.from_bytes(whole[i : i + 2]):05d}" for i in range(0, 16, 2))


def spoken(root: bytes, language: str) -> tuple[str, ...]:
    """The first 88 bits as eight words of a list."""
    bits = int.from_bytes(fingerprint(root)[:11])
    return tuple(words(language)[(bits >> shift) & 0x7FF] for shift in range(77, -1, -11))
