"""`POST /api/item/<office>/<channel>`: a sealed item, checked for its shape (docs/protocol.md 11.3)."""

from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.constants import HASH_SIZE
from crypto.directory import Channel
from crypto.errors import ProtocolError
from crypto.fields import OfficeId
from crypto.item import SealedItem, largest, read_shape
from source_app.answers import OCTETS, Refusal, done
from source_app.routes import Route
from source_app.services import Services
from store.errors import NoDirectoryError, NoSuchOfficeError

_LONGEST: Final = HASH_SIZE + largest()


def routes(services: Services) -> tuple[Route, ...]:
    def item(office: str, channel: str) -> Response:
        known = _channel(services, office, channel)
        untrusted_body = request.stream.read(_LONGEST)
        deletion, untrusted_item = untrusted_body[:HASH_SIZE], untrusted_body[HASH_SIZE:]
        sealed = _check(untrusted_item, known)
        services.inbox.add_item(OfficeId(office), known.id, calendar.today(), deletion, sealed)
        return done()

    return (Route("POST", "/api/item/<id:office>/<id:channel>", item, OCTETS, _LONGEST),)


def _channel(services: Services, office: str, channel: str) -> Channel:
    try:
        known = services.directories.directory(office).office.channel(channel)
    except (NoSuchOfficeError, NoDirectoryError):
        known = None
    if known is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no-such-channel")
    return known


def _check(untrusted_item: bytes, channel: Channel) -> SealedItem:
    try:
        shape = read_shape(untrusted_item)
    except ProtocolError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-item") from None
    present = calendar.epoch_of(calendar.today())
    if len(shape.stanzas) != len(channel.recipients) or abs(shape.epoch - present) > 1:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-item")
    return SealedItem(untrusted_item)
