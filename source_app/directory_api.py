"""`GET /api/directory/<office>`: the keys of this week (docs/protocol.md 11.2)."""

from http import HTTPStatus

from flask import Response

from crypto import calendar
from source_app.answers import Refusal, octets
from source_app.routes import Route
from source_app.services import Services
from store.errors import NoDirectoryError, NoSuchOfficeError


def routes(services: Services) -> tuple[Route, ...]:
    def directory(office: str) -> Response:
        try:
            return octets(services.directories.slice(office, calendar.today()))
        except NoSuchOfficeError:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office") from None
        except NoDirectoryError:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "no-keys") from None

    return (Route("GET", "/api/directory/<id:office>", directory),)
