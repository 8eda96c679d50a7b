"""The page for locking offline, and its hash, as the source application has them: handed on as they are."""

from functools import partial
from typing import Final

from flask import Response

from source_app.answers import OCTETS
from source_app.noscript.services import Services
from source_app.pages import LANGUAGES
from source_app.routes import Route
from source_app.sealing_page import FILE_NAME

_HASH: Final = ".sha256"


def routes(services: Services) -> tuple[Route, ...]:
    def page(address: str) -> Response:
        answer = Response(services.file(address), mimetype=OCTETS)
        answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return answer

    def hash_line(address: str) -> Response:
        return Response(services.file(address), mimetype="text/plain")

    addresses = [f"/{language}/{FILE_NAME}" for language in LANGUAGES]
    return (
        *(Route("GET", address, partial(page, address)) for address in addresses),
        *(Route("GET", address + _HASH, partial(hash_line, address + _HASH)) for address in addresses),
    )
