"""Whose requests are answered: those of the one browser that came with the one-time token.

The token stands in the address that the command prints; its first use gives the browser a cookie of 32 random
bytes, and makes the token worthless. A form carries HMAC(cookie, label), which no other site can know. Every
request must name exactly our address as its Host, so that a name which was made to point here (DNS rebinding)
gets nothing; every form must come from our own origin.
"""

import hmac
import secrets
from typing import Final

from flask import Response, current_app, request
from werkzeug.exceptions import Forbidden, MisdirectedRequest

COOKIE: Final = "__Host-peluit-station"
FIELD: Final = "proof"
READING: Final = frozenset({"GET", "HEAD"})
NAME: Final = "peluit-visit"

_SIZE: Final = 32
_LABEL: Final = b"peluit station's form"
_OWN: Final = frozenset({"same-origin", "none"})


class Visit:
    """The one browser that this page answers."""

    def __init__(self, origin: str) -> None:
        """`origin` as browsers write it: http://127.0.0.1:port."""
        self._origin = origin
        self._token: str | None = secrets.token_urlsafe(_SIZE)
        self._cookie: str | None = None

    @property
    def address(self) -> str:
        """Where the browser is to start; good once."""
        return f"{self._origin}/start?token={self._token}"

    def check(self) -> None:
        """MisdirectedRequest, Forbidden: whatever cannot come from a page of ours, or from nobody's."""
        if f"http://{request.environ.get('HTTP_HOST')}" != self._origin:
            raise MisdirectedRequest
        if request.method in READING:
            return
        if request.headers.get("Origin") != self._origin:
            raise Forbidden
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Forbidden

    def begin(self, untrusted_token: str, response: Response) -> None:
        """Takes the token and hands out the cookie; Forbidden if it is another, or was used."""
        if self._token is None or not _same(untrusted_token, self._token):
            raise Forbidden
        self._token = None
        self.renew(response)

    def renew(self, response: Response) -> None:
        """A new cookie for the same browser: its old pages mean nothing any more."""
        self._cookie = secrets.token_urlsafe(_SIZE)
        response.set_cookie(COOKIE, self._cookie, path="/", secure=True, httponly=True, samesite="Strict")

    def is_known(self) -> bool:
        """Whether this request comes from our browser, and was not begun by another site."""
        if request.headers.get("Sec-Fetch-Site", "none") not in _OWN:
            return False
        return self._cookie is not None and _same(request.cookies.get(COOKIE, ""), self._cookie)

    def proof(self) -> str:
        """What a form must carry."""
        assert self._cookie is not None
        return hmac.digest(self._cookie.encode(), _LABEL, "sha256").hex()

    def check_form(self) -> None:
        """Forbidden unless the form was shown to this browser by this page."""
        if not _same(request.form.get(FIELD, ""), self.proof()):
            raise Forbidden


def visit() -> Visit:
    """The app's one visit."""
    found: Visit = current_app.extensions[NAME]
    return found


def _same(untrusted_text: str, ours: str) -> bool:
    return hmac.compare_digest(untrusted_text.encode("utf-8", "replace"), ours.encode())
