"""Random codes that people copy by hand: invitations and recovery codes. Only their hashes are stored.

80 random bits need no slow hash: nobody can try them all.
"""

import hashlib
import secrets
from typing import Final

# Crockford's base 32: no letter looks like another or like a digit.
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LOOKALIKES: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
_LENGTH: Final = 16
_GROUP: Final = 4

LONGEST: Final = 32
"""Of a code as somebody may type it, in characters."""


def new_code() -> str:
    """Four groups of four letters and digits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def digest(untrusted_code: str) -> bytes:
    """The SHA-256 hash (32 bytes) by which a code is known, however it was typed."""
    folded = "".join(untrusted_code.lower().split()).translate(_LOOKALIKES)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()
