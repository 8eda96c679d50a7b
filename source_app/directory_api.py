"""`GET /api/directory/<office>`: the keys of this week (docs/protocol.md 11.2)."""

from functools import lru_cache
from http import HTTPStatus

from flask import Response

from crypto import calendar
from source_app.answers import OCTETS, Refusal
from source_app.routes import Route
from source_app.services import Services
from source_app.static_files import StaticFile, answer_with, keep
from store.errors import NoDirectoryError, NoSuchOfficeError


def routes(services: Services) -> tuple[Route, ...]:
    def directory(office: str) -> Response:
        try:
            return answer_with(_kept(services.directories.slice(office, calendar.today())))
        except NoSuchOfficeError:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office") from None
        except NoDirectoryError:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "no-keys") from None

    return (Route("GET", "/api/directory/<id:office>", directory),)


# Pages fetch it anew before they seal: as public as the page itself, it may be as small.
@lru_cache(maxsize=64)
def _kept(document: bytes) -> StaticFile:
    return keep(OCTETS, document)
