"""Passphrases, kept as Argon2id hashes."""

import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106 section 4, second recommended option: 64 MiB, three passes, four lanes.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# One at a time in each process: whoever may knock must not be able to take all memory.
_TURN: Final = threading.Lock()

NOBODY: Final = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"
"""What an unknown name is checked against: the same work, and nothing known matches it."""


def protect(passphrase: str) -> str:
    """The text to keep instead of a passphrase."""
    with _TURN:
        return _HASHER.hash(_folded(passphrase))


def matches(kept: str, untrusted_passphrase: str) -> bool:
    """Whether `kept` was made from this passphrase. The caller must go on with equal work if not."""
    try:
        with _TURN:
            return _HASHER.verify(kept, _folded(untrusted_passphrase))
    except (VerificationError, InvalidHashError):
        return False


def _folded(passphrase: str) -> bytes:
    """One spelling for what looks the same on two keyboards."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
