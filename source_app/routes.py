"""Every address that is served stands in one table; all else is refused before any code of ours sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter, RequestRedirect

from source_app.answers import Refusal

View = Callable[..., Response]

# Browsers say where a request comes from; what another site makes a browser send is not the reporter's will.
_OWN_SITES: Final = (None, "same-origin", "none")


@dataclass(frozen=True)
class Route:
    """One method of one address. `longest` bounds the body in bytes, `content_type` is what it must be."""

    method: str
    rule: str
    view: View
    content_type: str | None = None
    longest: int = 0


class IdConverter(BaseConverter):
    """An id of an office or channel (docs/protocol.md section 1)."""

    regex = r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"


class HexConverter(BaseConverter):
    """16 bytes in lower-case hexadecimal."""

    regex = r"[0-9a-f]{32}"


class NumberConverter(BaseConverter):
    """A decimal number without leading zeros."""

    regex = r"(?:0|[1-9][0-9]{0,15})"

    def to_python(self, value: str) -> int:
        return int(value)


def register(app: Flask, routes: Sequence[Route]) -> None:
    """Makes `routes` all that the app answers."""
    # Whatever is not exactly an address is none: nothing is ever redirected.
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"id": IdConverter, "hex": HexConverter, "number": NumberConverter}
    table = {f"{route.method} {route.rule}": route for route in routes}
    for name, route in table.items():
        app.add_url_rule(
            route.rule, name, route.view, methods=[route.method], provide_automatic_options=False
        )

    @app.before_request
    def check() -> None:
        if isinstance(request.routing_exception, RequestRedirect):
            raise Refusal(HTTPStatus.NOT_FOUND, "not-found")
        if request.endpoint is not None:
            _check(table[request.endpoint])


def _check(route: Route) -> None:
    if route.content_type is None:
        return
    if request.headers.get("Sec-Fetch-Site") not in _OWN_SITES:
        raise Refusal(HTTPStatus.FORBIDDEN, "forbidden")
    if request.mimetype != route.content_type:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-type")
    if "Transfer-Encoding" in request.headers:
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "length-required")
    if (request.content_length or 0) > route.longest:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
