"""Every refusal as a page like the others. It says what to do, and nothing about the request."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from hardening import logs
from source_app.answers import Refusal
from source_app.noscript.errors import BadFormError
from source_app.noscript.front import page
from source_app.noscript.texts import N_, gettext, written_size
from store.errors import BusyError, StorageFullError, StoreError, TextOnlyError, VanishedError

_SAID: Final[dict[str, tuple[str, str]]] = {
    "bad-request": (
        N_("Not understood"),
        N_(
            "The server cannot read what arrived; perhaps the connection broke. Nothing has been stored. "
            "Go back and send it again."
        ),
    ),
    "forbidden": (
        N_("Not allowed"),
        N_("This request came from another site. Nothing has been stored. Begin at the start of this one."),
    ),
    "not-found": (N_("Not found"), N_("There is nothing at this address. Begin at the start.")),
    "no-such-office": (
        N_("No such office"),
        N_("This office is not on this server. Begin at the start, and compare the address with the poster."),
    ),
    "no-such-channel": (
        N_("No longer open"),
        N_("The office does not take this kind of report any more. Choose another kind."),
    ),
    "no-keys": (
        N_("No keys for this week"),
        N_(
            "This office has no valid keys for this week, so nothing can be locked for it. Come back "
            "tomorrow, or tell the office by letter, without saying who you are."
        ),
    ),
    "too-large": (
        N_("Too large"),
        N_("This is more than the server takes. A file may have up to %(size)s. Nothing has been stored."),
    ),
    "storage-full": (
        N_("Not now"),
        N_("The server is busy or its disk is full. Nothing is half done. Come back later."),
    ),
    "internal": (
        N_("Something failed"),
        N_("The server could not finish this. Nothing is half done. Go back and try again."),
    ),
}
_CODES: Final = {HTTPStatus.NOT_FOUND: "not-found", HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large"}

# The router's own.
_SAME: Final = {"wrong-type": "bad-request", "length-required": "bad-request"}


def register(app: Flask, largest: int) -> None:
    """Makes every error of the app one of these pages; `largest` is the size of the largest file."""

    def said(status: HTTPStatus, code: str) -> Response:
        title, sentence = _SAID[_SAME.get(code, code)]
        text = gettext(sentence)
        if code == "too-large":
            text %= {"size": written_size(largest)}
        return page("error.html", status, title=gettext(title), sentence=text)

    def refused(refusal: Refusal) -> Response:
        return said(refusal.status, refusal.code)

    def not_served(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST)
        return said(status, _CODES.get(status, "bad-request"))

    def bad_form(_error: BadFormError) -> Response:
        return said(HTTPStatus.BAD_REQUEST, "bad-request")

    def full(error: StoreError) -> Response:
        logs.report(error)
        return said(HTTPStatus.SERVICE_UNAVAILABLE, "storage-full")

    def broken(_error: OSError) -> Response:
        # Clients come and go: that is no error, and nobody hears this answer.
        return said(HTTPStatus.BAD_REQUEST, "bad-request")

    def failed(error: Exception) -> Response:
        logs.report(error)
        return said(HTTPStatus.INTERNAL_SERVER_ERROR, "internal")

    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, not_served)
    app.register_error_handler(BadFormError, bad_form)
    app.register_error_handler(StoreError, full)
    app.register_error_handler(ConnectionError, broken)
    app.register_error_handler(TimeoutError, broken)
    app.register_error_handler(Exception, failed)


def not_stored(error: StoreError) -> str:
    """Why something that was typed or attached could not be stored."""
    if isinstance(error, TextOnlyError):
        return gettext(
            "Files are not taken just now: the server has no room for them today. Text is still taken. Send "
            "this file another day, under the same codename."
        )
    if not isinstance(error, StorageFullError | BusyError | VanishedError):
        logs.report(error)
    return gettext(
        "Not stored: the server is busy or its disk is full. Nothing is half done. Wait a little, type the "
        "codename again and send once more."
    )
