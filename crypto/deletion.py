"""Deletion tokens: only the codename gives them (docs/protocol.md section 9)."""

import hashlib
import hmac

from crypto.binding import bind
from crypto.fields import Day


def deletion_token(deletion_secret: bytes, on: Day, number: int) -> bytes:
    """The token (32 bytes) for one thing sent on a day; `number` is below DELETION_NUMBERS."""
    return hmac.digest(deletion_secret, bind("deletion", on.encode("ascii"), number.to_bytes(2)), "sha256")


def token_hash(token: bytes) -> bytes:
    """What the server stores of it."""
    return hashlib.sha256(token).digest()
