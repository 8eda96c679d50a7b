"""Passphrases: how good one is, and the Argon2id hash that is kept of it."""

import threading
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from crypto.constants import LANGUAGES
from crypto.words import words
from store.errors import Weakness, WeakPassphraseError

SHORTEST: Final = 12
"""In characters."""

# Of 0 to 4: "safely unguessable: moderate protection from offline slow-hash scenario" (zxcvbn's README).
_LOWEST_SCORE: Final = 3
# zxcvbn's own bound: its work grows with the square of the length. What is longer is judged by its beginning.
_LONGEST_JUDGED: Final = 72
_PATTERNS: Final[Mapping[str, Weakness]] = {
    "dictionary": "common",
    "spatial": "keyboard",
    "repeat": "repeat",
    "sequence": "sequence",
    "regex": "date",
    "date": "date",
}

# RFC 9106 section 4, second recommended option: 64 MiB, three passes, four lanes.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# One at a time in each process: whoever may knock must not be able to take all memory.
_TURN: Final = threading.Lock()

NOBODY: Final = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"
"""What an unknown name is checked against: the same work, and nothing known matches it."""


def check_strength(chosen: str, personal: Sequence[str]) -> None:
    """WeakPassphraseError unless it is long, and zxcvbn (with our word lists) finds it hard to guess.

    `personal` are words that others know about the person: the name, the office.
    """
    if len(chosen) < SHORTEST:
        raise WeakPassphraseError("short")
    folded = _folded(chosen).decode("utf-8", "replace").lower()
    own = [part.lower() for word in personal for part in (word, *word.split("-"))]
    listed = [word for language in LANGUAGES for word in words(language)]
    judged = zxcvbn(folded[:_LONGEST_JUDGED], [*own, *listed], max_length=_LONGEST_JUDGED)
    if judged["score"] < _LOWEST_SCORE:
        raise WeakPassphraseError(_weakness(judged["sequence"], own))


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


def _weakness(sequence: Sequence[Mapping[str, object]], own: Sequence[str]) -> Weakness:
    """The kind of the longest part of what zxcvbn found."""
    if any(part["token"] in own for part in sequence):
        return "personal"
    longest = max(sequence, key=lambda part: len(str(part["token"])))
    return _PATTERNS.get(str(longest["pattern"]), "guessable")


def _folded(passphrase: str) -> bytes:
    """One spelling for what looks the same on two keyboards."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
