"""Secret keys from seeds. Only the browser, the no-script door and the station make any."""

import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from crypto.constants import KEM_SEED_SIZE
from crypto.errors import MalformedError
from crypto.kem import RecipientKey


@dataclass(frozen=True)
class KemKeyPair:
    """An X-Wing key pair. `seed` (32 bytes) is the whole secret."""

    seed: bytes = field(repr=False)
    public: RecipientKey
    private: MLKEM768X25519PrivateKey = field(repr=False, compare=False)

    @staticmethod
    def from_seed(seed: bytes) -> "KemKeyPair":
        """draft-connolly-cfrg-xwing-kem section 5.2: SHAKE-256 of the seed gives both secrets."""
        if len(seed) != KEM_SEED_SIZE:
            raise MalformedError
        expanded = hashlib.shake_256(seed).digest(96)
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        public = ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return KemKeyPair(seed, RecipientKey(public), MLKEM768X25519PrivateKey(ml_kem, x25519))

    @staticmethod
    def generate() -> "KemKeyPair":
        return KemKeyPair.from_seed(secrets.token_bytes(KEM_SEED_SIZE))
