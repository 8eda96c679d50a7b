"""Every refusal as a page in the design of the others. It says what to do, and nothing about the request."""

from typing import Final

from flask import Flask, g, render_template
from werkzeug import Response
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from hardening import logs
from journalist_app import uploads
from journalist_app.texts import N_, gettext
from store.errors import BusyError, StorageFullError, StoreError, UnreachableError

_SAID: Final[dict[int, tuple[str, str]]] = {
    400: (N_("Not understood"), N_("The server cannot read this request.")),
    403: (
        N_("Not allowed"),
        N_("This page was open for too long, or the request came from another place. Start again."),
    ),
    404: (N_("Not found"), N_("There is nothing here, or it was erased.")),
    405: (N_("Not this way"), N_("This address does not take such a request.")),
    413: (N_("Too large"), N_("What was sent is larger than this server takes.")),
    500: (N_("Something failed"), N_("The server could not finish this. Nothing is half done; try again.")),
    503: (
        N_("Not now"),
        N_("The server is busy or its disk is full. Nothing is half done; try again later."),
    ),
}


def register(app: Flask) -> None:
    """Makes every error of the app one of these pages."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(StoreError, lambda error: _page(_answer_to(error)))
    app.register_error_handler(Exception, _unforeseen)


def _unforeseen(error: Exception) -> Response:
    logs.report(error)
    return _page(InternalServerError())


def _answer_to(error: StoreError) -> HTTPException:
    if isinstance(error, StorageFullError | BusyError | UnreachableError):
        return ServiceUnavailable()
    logs.report(error)
    return InternalServerError()


def _page(error: HTTPException) -> Response:
    response = error.get_response()
    status = response.status_code
    if status < 400:
        return response
    if status == 413 and g.get("account"):
        uploads.read_away()
    title, sentence = _SAID.get(status, _SAID[400] if status < 500 else _SAID[500])
    html = render_template("error.html", status=status, title=gettext(title), sentence=gettext(sentence))
    response.set_data(html)
    response.content_type = "text/html; charset=utf-8"
    return response
