"""The public board, as files (docs/protocol.md 11.5)."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from flask import Response

from source_app import answers
from source_app.answers import Refusal
from source_app.routes import Route
from source_app.services import Services
from store.errors import NoSuchPageError


def routes(services: Services) -> tuple[Route, ...]:
    def index() -> Response:
        return _send(services.board.index)

    def page(version: str, number: int) -> Response:
        return _send(lambda: services.board.page(version, number))

    return (
        Route("GET", "/board/index", index),
        Route("GET", "/board/<hex:version>/<number:number>", page),
    )


def _send(find: Callable[[], Path]) -> Response:
    try:
        return answers.file(find())
    except (NoSuchPageError, FileNotFoundError):
        # The second: it was the version before the present one until a moment ago.
        raise Refusal(HTTPStatus.NOT_FOUND, "no-such-page") from None
