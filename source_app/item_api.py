"""`POST /api/item/<office>/<channel>`: a sealed item, checked for its shape (docs/protocol.md 11.3)."""

from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.constants import HASH_SIZE, MAX_ITEM_SIZE
from crypto.directory import Channel
from crypto.errors import ProtocolError
from crypto.fields import OfficeId
from crypto.item import SealedItem, read_shape
from source_app.answers import OCTETS, Refusal, done
from source_app.routes import Route
from source_app.services import Services
from store.errors import NoDirectoryError, NoSuchOfficeError

_LONGEST: Final = HASH_SIZE + MAX_ITEM_SIZE


def routes(services: Services) -> tuple[Route, ...]:
    def item(office: str, channel: str) -> Response:
        known = find_channel(services, OfficeId(office), channel)
        untrusted_body = request.stream.read(_LONGEST)
        deletion, untrusted_item = untrusted_body[:HASH_SIZE], untrusted_body[HASH_SIZE:]
        sealed = check_item(untrusted_item, known)
        services.inbox.add_item(OfficeId(office), known.id, calendar.today(), deletion, sealed)
        return done()

    return (Route("POST", "/api/item/<id:office>/<id:channel>", item, OCTETS, _LONGEST),)


def find_channel(services: Services, office: OfficeId, channel: str) -> Channel:
    """A channel of the published directory; Refusal."""
    try:
        known = services.directories.directory(office).office.channel(channel)
    except (NoSuchOfficeError, NoDirectoryError):
        known = None
    if known is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no-such-channel")
    return known


def check_item(untrusted_item: bytes, channel: Channel) -> SealedItem:
    """An item of the right shape, of this week or one beside it, for as many as read the channel; Refusal.

    Whose keys it is sealed to cannot be seen here: a client that hears `stale-directory` seals anew.
    """
    try:
        shape = read_shape(untrusted_item)
    except ProtocolError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-item") from None
    present = calendar.epoch_of(calendar.today())
    if abs(shape.epoch - present) > 1:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-item")
    if len(shape.stanzas) != len(channel.recipients):
        raise Refusal(HTTPStatus.CONFLICT, "stale-directory")
    return SealedItem(untrusted_item)
