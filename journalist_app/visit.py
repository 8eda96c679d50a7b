"""The cookies, and the proof that a form came from our own page.

Each cookie holds 32 random bytes. The *door* cookie comes with the sign-in page and stands for nothing but
this browser; the *session* cookie comes with a right sign-in, always new, and its hash is the session
(store/staff/sessions.py). They are two so that a link from elsewhere, which brings no cookie along
(SameSite=Strict), ends on the sign-in page without replacing a session. The *known* cookie stays when the
browser is closed: it opens nothing, and keeps the wrong attempts of others from counting here
(store/staff/attempts.py). A form carries HMAC(cookie, label), which no other site can know; and where the
browser says who sends a request, it must say "same-origin".

All are `__Host-` and Secure, so that no other host and no plain http can plant one. That works where this
app is served: an http onion is a secure context in Tor Browser, loopback is one everywhere.
"""

import base64
import binascii
import hmac
import secrets
from typing import Final

from flask import Response, abort, g, make_response, render_template, request

from store.staff.browsers import DAYS
from store.staff.sessions import Entry

SESSION: Final = "__Host-peluit"
DOOR: Final = "__Host-peluit-door"
KNOWN: Final = "__Host-peluit-known"
FIELD: Final = "proof"

_SIZE: Final = 32
_LABEL: Final = b"peluit reviewers' form"


def begin() -> None:
    """Reads the cookies of this request."""
    g.session = _read(request.cookies.get(SESSION, ""))
    g.door = _read(request.cookies.get(DOOR, ""))
    g.known = _read(request.cookies.get(KNOWN, ""))
    g.account = None


def door_page(template: str, status: int = 200, /, **values: object) -> Response:
    """A page for those without a session: a browser that has none gets its door cookie with it."""
    response = make_response()
    if g.door is None:
        g.door = secrets.token_bytes(_SIZE)
        _hand_out(response, DOOR, g.door)
    response.set_data(render_template(template, **values))
    response.status_code = status
    return response


def sign_in(response: Response, entry: Entry) -> Response:
    """Hands the session over; what was in the browser before means nothing any more."""
    _hand_out(response, SESSION, entry.session)
    _hand_out(response, KNOWN, entry.browser, days=DAYS)
    _take_back(response, DOOR)
    return response


def sign_out(response: Response) -> Response:
    _take_back(response, SESSION)
    return response


def forget(response: Response) -> Response:
    """Signs out, and leaves nothing in the browser that tells of it."""
    _take_back(response, KNOWN)
    return sign_out(response)


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


def _hand_out(response: Response, name: str, token: bytes, days: int | None = None) -> None:
    text = base64.urlsafe_b64encode(token).decode("ascii")
    age = None if days is None else days * 86_400
    response.set_cookie(name, text, age, path="/", secure=True, httponly=True, samesite="Strict")


def _take_back(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
