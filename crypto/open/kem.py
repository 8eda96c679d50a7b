"""HPKE with X-Wing keys, the receiving half (RFC 9180; docs/protocol.md section 2)."""

from cryptography.exceptions import InvalidTag

from crypto.errors import CannotOpenError
from crypto.kem import SUITE
from crypto.keypairs import KemKeyPair


def unwrap(key: KemKeyPair, info: bytes, untrusted_wrapped: bytes) -> bytes:
    """The plaintext that `crypto.kem.wrap` sealed to this key; CannotOpenError."""
    try:
        return SUITE.decrypt(untrusted_wrapped, key.private, info=info)
    except (InvalidTag, ValueError):
        raise CannotOpenError from None
