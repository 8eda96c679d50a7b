"""The application: the same table of routes and headers as the door with scripts, other pages behind it."""

import gc
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import ClientDisconnected

from hardening.confinement import reach_of_address
from hardening.deploy import REACH, WORKER_START
from hardening.headers import Kind, headers
from source_app import routes
from source_app.noscript import (
    authorship,
    erasure,
    evidence,
    front,
    messages,
    rating,
    refusals,
    report,
    sealed,
    sealing_copy,
    texts,
    thread,
)
from source_app.noscript.services import Services
from source_app.noscript.source import Source
from store.space import DEFAULT_LARGEST_FILE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_FILE: Final = 25 * 10**6
"""In bytes. Without scripts a broken connection costs the whole file: a larger one would seldom arrive."""

_KINDS: Final = {"text/html": Kind.FORM_PAGE, "text/css": Kind.SCRIPT}
_PIECE: Final = 65_536


def create_app(
    source: str, largest_file: int = LARGEST_FILE, largest_sealed: int = DEFAULT_LARGEST_FILE
) -> Flask:
    """The no-script door to the source application that listens at `source` (noscript/source.py).

    In bytes: `largest_file` bounds a file that is sealed here, `largest_sealed` one inside a sealed file.
    """
    services = Services(Source(source), largest_file)
    app = Flask("source_app.noscript", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    texts.register(app)
    table = (
        *front.routes(services),
        *report.routes(services),
        *evidence.routes(services),
        *thread.routes(services),
        *messages.routes(services),
        *rating.routes(services),
        *erasure.routes(services),
        *authorship.routes(services),
        *sealed.routes(services, largest_sealed),
        *sealing_copy.routes(services),
    )
    routes.register(app, table)
    app.extensions[REACH] = reach_of_address(source)
    app.extensions[WORKER_START] = _start
    app.wsgi_app = _forgetting(app.wsgi_app)  # type: ignore[assignment, method-assign]  # Flask's own way
    refusals.register(app, largest_file)
    app.after_request(_add_headers)
    app.after_request(partial(_read_away, 4 * largest_file))
    return app


def _start() -> None:
    # What is there now stays: the collections after each form need not look at it.
    gc.freeze()


def _forgetting(app: "WSGIApplication") -> "WSGIApplication":
    """Frees what a form has left in cycles of references at once; peluit/serve.py has it overwritten."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        finally:
            if environ["REQUEST_METHOD"] == "POST":
                gc.collect()

    return call


def _add_headers(answer: Response) -> Response:
    answer.headers.update(headers(_KINDS.get(answer.mimetype or "", Kind.DATA)))
    return answer


def _read_away(most: int, answer: Response) -> Response:
    """Reads what is left of a body: a browser that is still sending a file does not see an early answer."""
    if request.content_length is None:
        return answer
    with suppress(ClientDisconnected, OSError):
        left = most
        while left > 0 and (piece := request.stream.read(min(left, _PIECE))):
            left -= len(piece)
    return answer
