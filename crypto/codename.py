"""The codename: eight words, and the keys that they give (docs/protocol.md section 3)."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase
from typing import NewType

from argon2.low_level import Type, hash_secret_raw
from nacl.signing import SigningKey

from crypto.binding import bind, derive
from crypto.constants import ARGON2_MEMORY_KIB, ARGON2_PASSES, CODENAME_WORDS, STEM_LENGTH
from crypto.errors import UnknownWordError
from crypto.fields import InstanceId
from crypto.keypairs import KemKeyPair
from crypto.words import is_known, words

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

Codename = NewType("Codename", str)
"""The canonical form: eight four-letter stems joined by one space."""


def make(language: str, below: Callable[[int], int] = secrets.randbelow) -> tuple[str, ...]:
    """Eight new words; `below(n)` draws uniformly from 0 to n-1."""
    return tuple(words(language)[below(len(words(language)))] for _ in range(CODENAME_WORDS))


def split(untrusted_text: str) -> list[str]:
    """The parts of what was typed, in ASCII lower case; everything else separates."""
    # str.lower() would make letters of other alphabets into ASCII ones (U+212A, the Kelvin sign, into k)
    lowered = untrusted_text.translate(_LOWER)
    return [part for part in re.split(r"[^a-z]+", lowered) if part]


def read(untrusted_text: str) -> Codename:
    """The canonical form of what a person typed; UnknownWordError unless it is eight known words."""
    parts = split(untrusted_text)
    if len(parts) != CODENAME_WORDS or not all(map(is_known, parts)):
        raise UnknownWordError
    return Codename(" ".join(part[:STEM_LENGTH] for part in parts))


def thread_id(verify_key: bytes) -> bytes:
    """The 16-byte name of the thread whose messages this Ed25519 key signs."""
    return hashlib.sha256(bind("thread", verify_key)).digest()[:16]


@dataclass(frozen=True)
class ReporterKeys:
    """Everything a codename gives."""

    sign: SigningKey = field(repr=False)
    reply: KemKeyPair
    hint: bytes = field(repr=False)
    deletion: bytes = field(repr=False)
    upload: bytes = field(repr=False)

    @property
    def verify(self) -> bytes:
        return self.sign.verify_key.encode()


def stretch(codename: Codename, instance: InstanceId) -> bytes:
    """Argon2id (RFC 9106) of a codename, 32 bytes."""
    salt = hashlib.sha256(bind("codename", instance)).digest()[:16]
    return hash_secret_raw(
        codename.encode("ascii"), salt, ARGON2_PASSES, ARGON2_MEMORY_KIB, 1, 32, Type.ID, version=0x13
    )


def keys(seed: bytes) -> ReporterKeys:
    """The keys that the stretched codename gives."""
    return ReporterKeys(
        sign=SigningKey(derive(seed, "sign-key")),
        reply=KemKeyPair.from_seed(derive(seed, "reply-key")),
        hint=derive(seed, "hint-key"),
        deletion=derive(seed, "deletion-secret"),
        upload=derive(seed, "upload-secret"),
    )
