"""Case keys: the lock on everything that belongs to one case.

A case key is 32 random bytes. It is stored once for each permitted reader, sealed to that reader's X25519
key (a sealed box of libsodium over `bind("vault", "case-key", u64 case number) ‖ key`); nobody else has a
way to it. What it locks is padded to a power of two and sealed in a SecretBox whose key is derived for the
very place where the value stands, so that no value can be moved to another:

```
box key = HKDF(case key, "vault", SHA-256(bind("vault", part of place, …)))
```
"""

import hashlib
import secrets
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from crypto.binding import bind, derive
from crypto.errors import ProtocolError
from crypto.padding import add_length, strip_length
from workstation.errors import VaultDamagedError

_SMALLEST = 512
_WIDTH = 4


@dataclass(frozen=True, repr=False)
class CaseKey:
    """The key of one case; no repr, so that no log shows it."""

    case: int
    secret: bytes

    @staticmethod
    def generate(case: int) -> "CaseKey":
        return CaseKey(case, secrets.token_bytes(32))

    def seal(self, data: bytes, *place: bytes) -> bytes:
        """Locks a value for one place of the case."""
        size = max(_SMALLEST, 1 << (len(data) + _WIDTH - 1).bit_length())
        return bytes(self._box(place).encrypt(add_length(data, _WIDTH, size)))

    def open(self, untrusted_sealed: bytes, *place: bytes) -> bytes:
        """The value locked for this place; VaultDamagedError."""
        try:
            return strip_length(self._box(place).decrypt(untrusted_sealed), _WIDTH)
        except (CryptoError, ProtocolError):
            raise VaultDamagedError from None

    def wrap(self, reader: PublicKey) -> bytes:
        """The key, for one reader only."""
        return bytes(SealedBox(reader).encrypt(_frame(self.case) + self.secret))

    def _box(self, place: tuple[bytes, ...]) -> SecretBox:
        return SecretBox(derive(self.secret, "vault", hashlib.sha256(bind("vault", *place)).digest()))


def unwrap(case: int, untrusted_wrapped: bytes, reader: PrivateKey) -> CaseKey:
    """The case key that `wrap` made for this reader; VaultDamagedError."""
    frame = _frame(case)
    try:
        opened = SealedBox(reader).decrypt(untrusted_wrapped)
    except CryptoError:
        raise VaultDamagedError from None
    if opened[: len(frame)] != frame or len(opened) != len(frame) + 32:
        raise VaultDamagedError
    return CaseKey(case, opened[len(frame) :])


def _frame(case: int) -> bytes:
    return bind("vault", b"case-key", case.to_bytes(8))
