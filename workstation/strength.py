"""Whether a new passphrase is hard enough to guess, by zxcvbn (USENIX Security 2016)."""

from typing import Final

from zxcvbn import zxcvbn

from crypto.constants import LANGUAGES
from crypto.words import words
from workstation.errors import WeakPassphraseError
from workstation.texts import N_, _

SHORTEST: Final = 12
# of 0 to 4: more than 10^10 guesses. 3 (10^8) would let two common words pass, against which whoever has
# the disk needs some days.
_ENOUGH: Final = 4
_LOOKED_AT: Final = 72  # zxcvbn takes seconds for much more, and what it saw is strong by then

_KNOWN: Final = ("peluit", "inspektorat", "stasiun", "rahasia", "sandi", "katasandi", "indonesia", "merdeka")

_ADVICE: Final = {
    "dictionary": N_("common words, names and known passwords are tried first"),
    "spatial": N_("neighbouring keys are tried first"),
    "repeat": N_("repetitions add almost nothing"),
    "sequence": N_("sequences such as abc or 123 add almost nothing"),
    "date": N_("days and years are tried first"),
    "short": N_("it is too short"),
    "bruteforce": N_("it is too short"),
}
"""Why a passphrase is weak, by the longest pattern that zxcvbn found in it."""


def check_new_passphrase(passphrase: str, owner: str) -> None:
    """WeakPassphraseError, with a reason, if it would not hold against somebody who has the disk."""
    if len(passphrase) < SHORTEST:
        raise _weak(owner, "short")
    listed = [word for language in sorted(LANGUAGES) for word in words(language)]
    found = zxcvbn(passphrase[:_LOOKED_AT], user_inputs=[owner, *_KNOWN, *listed])
    if found["score"] < _ENOUGH:
        raise _weak(owner, max(found["sequence"], key=lambda match: len(match["token"]))["pattern"])


def _weak(owner: str, pattern: str) -> WeakPassphraseError:
    why = _ADVICE.get(pattern, _ADVICE["dictionary"])
    return WeakPassphraseError(owner=owner, length=SHORTEST, why=_(why))
