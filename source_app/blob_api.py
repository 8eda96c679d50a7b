"""Evidence: intake, tickets and pieces (docs/protocol.md 11.4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.blob import BlobId
from crypto.constants import HASH_SIZE, ID_SIZE, MAX_BLOB_SIZE, MAX_PIECES, PIECE_SIZE
from crypto.errors import MalformedError
from crypto.fields import Fields, OfficeId
from crypto.padding import is_padme, padme
from hardening.limits import LONGEST_JSON, BadJsonError, read_json
from source_app import tickets
from source_app.answers import JSON, OCTETS, Refusal, done, json_answer
from source_app.routes import Route
from source_app.services import Services
from store.errors import (
    BadPieceError,
    CompleteError,
    IncompleteError,
    TextOnlyError,
    TooLongError,
    VanishedError,
)
from store.incoming import TICKET_DAYS, Upload

_BLOB: Final = "/api/blob/<id:office>/<hex:blob>/<number:size>"
_LARGEST_NUMBER: Final = 2**53 - 1


def routes(services: Services) -> tuple[Route, ...]:
    uploads, largest = services.uploads, min(services.limits.largest_file, MAX_BLOB_SIZE)

    def intake() -> Response:
        try:
            uploads.check_open(calendar.today())
        except TextOnlyError:
            return json_answer({"evidence": "text-only", "largest": largest})
        return json_answer({"evidence": "open", "largest": largest})

    def ticket() -> Response:
        office, blob, size = _read_request(request.stream.read(LONGEST_JSON))
        if size > padme(largest):
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
        if not is_padme(size):
            raise _bad_request()
        if services.site.office(office) is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office")
        today = calendar.today()
        expires = calendar.add_days(today, TICKET_DAYS)
        with _refusals():
            uploads.check_room(Upload(OfficeId(office), blob, size, expires), today)
        made = tickets.issue(services.ticket_key, office, blob, size, expires)
        return json_answer({"expires": expires, "ticket": made})

    def have(office: str, blob: str, size: int) -> Response:
        upload = _upload(services, office, blob, size)
        with _refusals():
            holdings = uploads.have(upload)
        runs = [(run.first, run.count) for run in holdings.pieces]
        return json_answer({"complete": holdings.complete, "pieces": runs})

    def put(office: str, blob: str, size: int, first: int) -> Response:
        upload = _upload(services, office, blob, size)
        with _refusals():
            uploads.put(upload, first, request.stream.read, request.content_length or 0, calendar.today())
        return done()

    def finish(office: str, blob: str, size: int) -> Response:
        upload = _upload(services, office, blob, size)
        deletion = request.stream.read(HASH_SIZE)
        if len(deletion) != HASH_SIZE:
            raise _bad_request()
        with _refusals():
            uploads.finish(upload, deletion, calendar.today())
        return done()

    def drop(office: str, blob: str, size: int) -> Response:
        upload = _upload(services, office, blob, size)
        with _refusals():
            uploads.drop(upload)
        return done()

    return (
        Route("GET", "/api/intake", intake),
        Route("POST", "/api/ticket", ticket, JSON, LONGEST_JSON),
        Route("GET", _BLOB, have),
        Route("DELETE", _BLOB, drop),
        Route("PUT", f"{_BLOB}/<number:first>", put, OCTETS, MAX_PIECES * PIECE_SIZE),
        Route("POST", f"{_BLOB}/done", finish, OCTETS, HASH_SIZE),
    )


def _read_request(untrusted_body: bytes) -> tuple[str, BlobId, int]:
    try:
        fields = Fields(read_json(untrusted_body))
        office, blob = fields.id("office"), BlobId(fields.data("blob", ID_SIZE))
        size = fields.integer("size", 1, _LARGEST_NUMBER)
        fields.end()
    except (BadJsonError, MalformedError):
        raise _bad_request() from None
    return office, blob, size


def _upload(services: Services, office: str, blob_hex: str, size: int) -> Upload:
    """The upload that the request's ticket is good for."""
    blob, untrusted_ticket = BlobId(bytes.fromhex(blob_hex)), request.headers.get("Peluit-Ticket", "")
    expires = tickets.check(services.ticket_key, untrusted_ticket, office, blob, size, calendar.today())
    if expires is None:
        raise Refusal(HTTPStatus.FORBIDDEN, "bad-ticket")
    return Upload(OfficeId(office), blob, size, expires)


def _bad_request() -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, "bad-request")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except BadPieceError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-piece") from None
    except TooLongError:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large") from None
    except CompleteError:
        raise Refusal(HTTPStatus.CONFLICT, "complete") from None
    except IncompleteError:
        raise Refusal(HTTPStatus.CONFLICT, "incomplete") from None
    except TextOnlyError:
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "text-only") from None
    except VanishedError:
        # No fault of the server: nothing is logged.
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "storage-full") from None
