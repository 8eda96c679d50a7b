"""Evidence: tickets and chunks (docs/protocol.md 11.4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.blob import BlobId, blob_size, chunk_count, chunk_size
from crypto.constants import CHUNK_SIZE, HASH_SIZE, ID_SIZE, TAG_SIZE
from crypto.errors import MalformedError
from crypto.fields import Fields, OfficeId
from crypto.padding import is_padme
from hardening.limits import LONGEST_JSON, BadJsonError, read_json
from source_app import tickets
from source_app.answers import JSON, OCTETS, Refusal, done, json_answer
from source_app.routes import Route
from source_app.services import LARGEST_BLOB, Services
from store.errors import BadChunkError, CompleteError, IncompleteError, TooLongError
from store.incoming import Upload

_BLOB: Final = "/api/blob/<id:office>/<hex:blob>/<number:size>"
# gunicorn copies what it has read ahead, up to 1 MiB, at every read: larger reads cost a third less CPU.
_PIECE: Final = 262_144
_LARGEST_NUMBER: Final = 2**53 - 1


def routes(services: Services) -> tuple[Route, ...]:
    def ticket() -> Response:
        office, blob, size = _read_request(request.stream.read(LONGEST_JSON))
        if blob_size(size) > LARGEST_BLOB:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
        if not is_padme(size):
            raise _bad_request()
        if services.site.office(office) is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office")
        today = calendar.today()
        services.chunks.expire(today)
        services.chunks.check_room(size)
        expires = calendar.add_days(today, tickets.TICKET_DAYS)
        made = tickets.issue(services.ticket_key, office, blob, size, expires)
        return json_answer({"expires": expires, "ticket": made})

    def have(office: str, blob: str, size: int) -> Response:
        holdings = services.chunks.have(_upload(services, office, blob, size))
        return json_answer({"chunks": holdings.chunks, "complete": holdings.complete})

    def put(office: str, blob: str, size: int, number: int) -> Response:
        upload = _upload(services, office, blob, size)
        with _chunk_refusals():
            if number >= chunk_count(size):
                raise BadChunkError
            _check_length(chunk_size(size, number))
            services.chunks.put(upload, number, _pieces())
        return done()

    def finish(office: str, blob: str, size: int) -> Response:
        upload = _upload(services, office, blob, size)
        deletion = request.stream.read(HASH_SIZE)
        if len(deletion) != HASH_SIZE:
            raise _bad_request()
        with _chunk_refusals():
            services.chunks.finish(upload, deletion, calendar.today())
        return done()

    return (
        Route("POST", "/api/ticket", ticket, JSON, LONGEST_JSON),
        Route("GET", _BLOB, have),
        Route("PUT", f"{_BLOB}/<number:number>", put, OCTETS, CHUNK_SIZE + TAG_SIZE),
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


def _check_length(size: int) -> None:
    """Refuses a body of another length before a byte of it is read."""
    length = request.content_length or 0
    if length > size:
        raise TooLongError
    if length < size:
        raise BadChunkError


def _pieces() -> Iterator[bytes]:
    """The body; werkzeug raises ClientDisconnected if it ends before its announced length."""
    while piece := request.stream.read(_PIECE):
        yield piece


def _bad_request() -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, "bad-request")


@contextmanager
def _chunk_refusals() -> Iterator[None]:
    try:
        yield
    except BadChunkError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-chunk") from None
    except TooLongError:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large") from None
    except CompleteError:
        raise Refusal(HTTPStatus.CONFLICT, "complete") from None
    except IncompleteError:
        raise Refusal(HTTPStatus.CONFLICT, "incomplete") from None
