"""Hints: how a reporter finds replies without telling anyone (docs/protocol.md section 8.2)."""

import hmac
import secrets

from crypto.binding import bind
from crypto.constants import HINT_SIZE


def make_hint(hint_key: bytes, nonce: bytes) -> bytes:
    """`nonce (16) ‖ MAC (16)`."""
    return nonce + hmac.digest(hint_key, bind("hint", nonce), "sha256")[:16]


def new_hint(hint_key: bytes) -> bytes:
    return make_hint(hint_key, secrets.token_bytes(16))


def is_mine(hint_key: bytes, hint: bytes) -> bool:
    """Whether this hint was made with this key."""
    return len(hint) == HINT_SIZE and hmac.compare_digest(make_hint(hint_key, hint[:16]), hint)
