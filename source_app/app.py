"""The application: one table of routes, one way to refuse, the same headers on everything."""

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from crypto.constants import CHUNK_SIZE
from hardening import logs
from hardening.deploy import REACH, WORKER_START
from hardening.headers import headers, kind_of
from source_app import (
    answers,
    blob_api,
    board_api,
    deletion_api,
    directory_api,
    housekeeping,
    item_api,
    routes,
    sealing_files,
    static_files,
    statistics_pages,
)
from source_app.answers import Refusal
from source_app.services import open_services
from store.errors import StoreError
from store.layout import Layout
from store.reach import of_source
from store.space import DEFAULT_LIMITS, Limits

_MOST_READ_AWAY: Final = 2 * CHUNK_SIZE
_PIECE: Final = 65_536

_CODES: Final = {
    HTTPStatus.BAD_REQUEST: "bad-request",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong-method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
}


def create_app(layout: Layout, limits: Limits = DEFAULT_LIMITS, inbox: str = "") -> Flask:
    """The source application for one data folder; `inbox` says where its inbox is (store/reporting.py).

    Nothing is opened that must not cross a fork. StoreError if the folder is not as `peluit init` makes it.
    """
    services = open_services(layout, limits, inbox)
    app = Flask("source_app", static_folder=None, template_folder=None)
    table = (
        *static_files.routes(layout),
        *sealing_files.routes(layout),
        *statistics_pages.routes(layout, services),
        *directory_api.routes(services),
        *item_api.routes(services),
        *blob_api.routes(services),
        *deletion_api.routes(services),
        *board_api.routes(services),
    )
    routes.register(app, table)
    app.extensions[REACH] = of_source(layout, inbox)
    app.extensions[WORKER_START] = partial(housekeeping.start, services)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _not_served)
    app.register_error_handler(ConnectionError, _hung_up)
    app.register_error_handler(TimeoutError, _hung_up)
    app.register_error_handler(StoreError, _not_stored)
    app.register_error_handler(Exception, _failed)
    app.after_request(_add_headers)
    app.after_request(_read_away)
    return app


def _add_headers(answer: Response) -> Response:
    answer.headers.update(headers(kind_of(answer.mimetype or "")))
    return answer


def _read_away(answer: Response) -> Response:
    """Reads what is left of a body: a browser that is still sending does not see an early answer.

    Only of one that has said its length, as browsers do: what is no chunk raises gunicorn's own errors.
    """
    if request.content_length is None or "hung_up" in g:
        return answer
    with suppress(ClientDisconnected, ConnectionError, TimeoutError):
        left = _MOST_READ_AWAY
        while left > 0 and (piece := request.stream.read(min(left, _PIECE))):
            left -= len(piece)
    return answer


def _refused(refusal: Refusal) -> Response:
    return answers.error(refusal.status, refusal.code)


def _not_served(exception: HTTPException) -> Response:
    status = HTTPStatus(exception.code or HTTPStatus.BAD_REQUEST)
    return answers.error(status, _CODES.get(status, "bad-request"))


def _hung_up(_error: OSError) -> Response:
    """A circuit broke or stalled while a body came: nothing to note, and nothing more to read."""
    g.hung_up = True
    return answers.error(HTTPStatus.BAD_REQUEST, "bad-request")


def _not_stored(error: StoreError) -> Response:
    logs.report(error)
    return answers.error(HTTPStatus.SERVICE_UNAVAILABLE, "storage-full")


def _failed(error: Exception) -> Response:
    logs.report(error)
    return answers.error(HTTPStatus.INTERNAL_SERVER_ERROR, "internal")
