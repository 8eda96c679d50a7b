"""HPKE with X-Wing keys, the sending half (RFC 9180; docs/protocol.md section 2)."""

from typing import NewType

from cryptography.exceptions import InvalidKey, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

from crypto.constants import KEM_PUBLIC_SIZE, ML_KEM_PUBLIC_SIZE
from crypto.errors import MalformedError

RecipientKey = NewType("RecipientKey", bytes)
"""An X-Wing public key: ML-KEM-768 encapsulation key ‖ X25519 public key, 1,216 bytes."""

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def wrap(recipient: RecipientKey, info: bytes, plaintext: bytes) -> bytes:
    """`enc (1120) ‖ ciphertext ‖ tag (16)`; MalformedError if the key is none or of low order."""
    if len(recipient) != KEM_PUBLIC_SIZE:
        raise MalformedError
    try:
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(recipient[:ML_KEM_PUBLIC_SIZE]),
            X25519PublicKey.from_public_bytes(recipient[ML_KEM_PUBLIC_SIZE:]),
        )
        return SUITE.encrypt(plaintext, key, info=info)
    except (ValueError, InvalidKey, UnsupportedAlgorithm):
        raise MalformedError from None
