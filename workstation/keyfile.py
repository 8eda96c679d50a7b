"""Key files: secrets at rest behind a passphrase.

```
key file = "peluit" ‖ "k" ‖ 0x01 ‖ u16 header length ‖ header ‖ SecretBox (nonce 24 ‖ tag 16 ‖ ciphertext)
header  = canonical JSON: {"kdf": {"memory": KiB, "passes": n, "salt": b64(16)},
                           "owner": "office" | reviewer id, "suite": "peluit/1"}
box key = HKDF(Argon2id(passphrase in NFC, salt, memory, passes, p = 1), "vault", SHA-256(header))
```

The header goes into the key, so that nobody can lower the cost or give the file to another owner unnoticed.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from crypto import canonical
from crypto.binding import b64, derive
from crypto.canonical import Json
from crypto.constants import MAGIC, SUITE
from crypto.errors import ProtocolError
from crypto.fields import Fields
from workstation.errors import KeyFileError, WrongPassphraseError

OFFICE = "office"
_HEAD = MAGIC + b"k\x01"
_SALT_SIZE = 16


@dataclass(frozen=True)
class Cost:
    """Argon2id's memory in KiB and number of passes (RFC 9106)."""

    memory: int
    passes: int


# 64 MiB and three passes (RFC 9106 section 4, second choice) take 0.14-0.28 s here (design/measurements.md)
DEFAULT_COST = Cost(memory=65_536, passes=3)
_LOWEST = Cost(memory=8, passes=1)
HIGHEST_COST = Cost(memory=2**20, passes=16)


def seal(secret: Json, owner: str, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The key file of `owner` (a reviewer id, or `office`) that holds this value."""
    kdf: Json = {"memory": cost.memory, "passes": cost.passes, "salt": b64(secrets.token_bytes(_SALT_SIZE))}
    header = canonical.dump({"kdf": kdf, "owner": owner, "suite": SUITE})
    box = SecretBox(_box_key(header, owner, passphrase))
    return _HEAD + len(header).to_bytes(2) + header + bytes(box.encrypt(canonical.dump(secret)))


def open_(untrusted_file: bytes, owner: str, passphrase: str) -> Json:
    """The value in a key file; KeyFileError, WrongPassphraseError."""
    length = int.from_bytes(untrusted_file[8:10])
    header, sealed = untrusted_file[10 : 10 + length], untrusted_file[10 + length :]
    if untrusted_file[:8] != _HEAD or len(sealed) < SecretBox.NONCE_SIZE + SecretBox.MACBYTES:
        raise KeyFileError(owner=owner)
    box = SecretBox(_box_key(header, owner, passphrase))
    try:
        text = box.decrypt(sealed)
    except CryptoError:
        raise WrongPassphraseError(owner=owner) from None
    try:
        return canonical.parse(text)
    except ProtocolError:
        raise KeyFileError(owner=owner) from None


def cost_of(untrusted_file: bytes, owner: str) -> Cost:
    """What opening a key file costs; KeyFileError."""
    try:
        return _read_header(untrusted_file[10 : 10 + int.from_bytes(untrusted_file[8:10])], owner)[0]
    except ProtocolError:
        raise KeyFileError(owner=owner) from None


def _box_key(untrusted_header: bytes, owner: str, passphrase: str) -> bytes:
    try:
        cost, salt = _read_header(untrusted_header, owner)
    except ProtocolError:
        raise KeyFileError(owner=owner) from None
    password = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    stretched = hash_secret_raw(password, salt, cost.passes, cost.memory, 1, 32, Type.ID, version=0x13)
    return derive(stretched, "vault", hashlib.sha256(untrusted_header).digest())


def _read_header(untrusted_header: bytes, owner: str) -> tuple[Cost, bytes]:
    fields = Fields(canonical.parse(untrusted_header))
    kdf = Fields(fields.take("kdf"))
    if fields.text("owner") != owner or fields.text("suite") != SUITE:
        raise KeyFileError(owner=owner)
    fields.end()
    cost = Cost(
        memory=kdf.integer("memory", _LOWEST.memory, HIGHEST_COST.memory),
        passes=kdf.integer("passes", _LOWEST.passes, HIGHEST_COST.passes),
    )
    salt = kdf.data("salt", _SALT_SIZE)
    kdf.end()
    return cost, salt
