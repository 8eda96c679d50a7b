"""One-time codes that are good once (RFC 6238), remembered without writing down a moment.

What is kept of an accepted code is its *mark*, HMAC(secret, step). Only the three steps that can be accepted
now are ever compared with it, so the mark is of no use a minute and a half later and can be erased.
"""

import hmac
from typing import Final

import pyotp

_STEP_SECONDS: Final = 30


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def otpauth(name: str, secret: str, issuer: str) -> str:
    """The `otpauth://` address of a secret, for an authenticator or a QR code."""
    return pyotp.TOTP(secret, name=name, issuer=issuer).provisioning_uri()


def mark_of(secret: str, step: int) -> bytes:
    """What is remembered of an accepted code."""
    return hmac.digest(secret.encode("ascii"), b"peluit code " + step.to_bytes(8), "sha256")


def accepted_step(secret: str, mark: bytes | None, untrusted_code: str, seconds: float) -> int | None:
    """The step whose code this is: the present one or a neighbour, and later than the marked one."""
    code = "".join(untrusted_code.split()).encode("utf-8", "replace")
    last = last_step(secret, mark, seconds)
    matching = [
        step for step in _steps(seconds) if hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), code)
    ]
    return max((step for step in matching if step > last), default=None)


def last_step(secret: str, mark: bytes | None, seconds: float) -> int:
    """The step that a mark stands for; -1 if there is none, or it is too old to matter."""
    return next((step for step in _steps(seconds) if mark == mark_of(secret, step)), -1)


def _steps(seconds: float) -> range:
    now = int(seconds) // _STEP_SECONDS
    return range(now - 1, now + 2)
