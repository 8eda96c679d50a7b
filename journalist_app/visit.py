"""The two cookies, and the proof that a form came from our own page.

Each cookie holds 32 random bytes. The *door* cookie comes with the sign-in page and stands for nothing but
this browser; the *session* cookie comes with a right sign-in, always new, and its hash is the session
(store.staff). They are two so that a link from elsewhere, which brings no cookie along (SameSite=Strict),
ends on the sign-in page without replacing a session. A form carries HMAC(cookie, label), which no other site
can know; and where the browser says who sends a request, it must say "same-origin".

Both are `__Host-` and Secure, so that no other host and no plain http can plant one. That works where this
app is served: an http onion is a secure context in Tor Browser, loopback is one everywhere.
"""

import base64
import binascii
import hmac
import secrets
from typing import Final

from flask import Response, abort, g, request

SESSION: Final = "__Host-peluit"
DOOR: Final = "__Host-peluit-door"
FIELD: Final = "proof"

_SIZE: Final = 32
_LABEL: Final = b"peluit reviewers' form"


def begin() -> None:
    """Reads the cookies of this request."""
    g.session = _read(request.cookies.get(SESSION, ""))
    g.door = _read(request.cookies.get(DOOR, ""))
    g.account = None


def come_to_door(response: Response) -> Response:
    """Gives a browser that has none its door cookie; call `proof` after this."""
    if g.door is None:
        g.door = secrets.token_bytes(_SIZE)
        _hand_out(response, DOOR, g.door)
    return response


def sign_in(response: Response, token: bytes) -> Response:
    """Hands the session over; what was in the browser before means nothing any more."""
    _hand_out(response, SESSION, token)
    _take_back(response, DOOR)
    return response


def sign_out(response: Response) -> Response:
    _take_back(response, SESSION)
    return response


def proof() -> str:
    """What a form on this page must carry."""
    token = g.door if g.account is None else g.session
    return "" if token is None else _proof_of(token)


def check_form() -> None:
    """403 unless the form came from our own page, shown to this very browser."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    untrusted_proof = request.form.get(FIELD, "").encode("utf-8", "replace")
    if not hmac.compare_digest(untrusted_proof, proof().encode()) or not untrusted_proof:
        abort(403)


def _proof_of(token: bytes) -> str:
    return hmac.digest(token, _LABEL, "sha256").hex()


def _read(untrusted_cookie: str) -> bytes | None:
    try:
        token = base64.b64decode(untrusted_cookie, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return token if len(token) == _SIZE else None


def _hand_out(response: Response, name: str, token: bytes) -> None:
    text = base64.urlsafe_b64encode(token).decode("ascii")
    response.set_cookie(name, text, path="/", secure=True, httponly=True, samesite="Strict")


def _take_back(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
