"""Injective framing of everything that is derived, signed or authenticated (docs/protocol.md section 1)."""

import base64
import binascii
import re

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.constants import SUITE
from crypto.errors import MalformedError

_B64 = re.compile(r"[A-Za-z0-9_-]*\Z")


def bind(purpose: str, *parts: bytes) -> bytes:
    """`SUITE ‖ " " ‖ purpose ‖ 0 ‖ (u32 length ‖ part)…`: no two different calls give the same bytes."""
    framed = b"".join(len(part).to_bytes(4) + part for part in parts)
    return f"{SUITE} {purpose}".encode("ascii") + b"\0" + framed


def derive(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """HKDF-SHA-256 (RFC 5869) of `key` for one purpose, 32 bytes."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=bind(purpose)).derive(key)


def b64(data: bytes) -> str:
    """base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(untrusted_text: object, size: int) -> bytes:
    """The `size` bytes that `b64` made this text from; MalformedError for any other text."""
    if not isinstance(untrusted_text, str) or not _B64.match(untrusted_text):
        raise MalformedError
    try:
        data = base64.urlsafe_b64decode(untrusted_text + "=" * (-len(untrusted_text) % 4))
    except binascii.Error:
        raise MalformedError from None
    if len(data) != size or b64(data) != untrusted_text:
        raise MalformedError
    return data
