"""Seals a message as the reporter's browser would, and stores it as the API would."""

import secrets
from collections.abc import Collection
from http import HTTPStatus

from flask import g

from crypto import calendar
from crypto.codename import Codename, ReporterKeys
from crypto.constants import DELETION_NUMBERS, PAYLOAD_SIZES
from crypto.deletion import deletion_token, token_hash
from crypto.fields import Day, ReviewerId
from crypto.item import SealedItem
from crypto.message import Content, Message, Thread, sign_message
from crypto.seal.item import seal_item
from source_app.noscript import checking
from source_app.noscript.errors import NotSentError, TooLongError
from source_app.noscript.offices import Place
from source_app.noscript.refusals import not_stored
from source_app.noscript.services import Services
from store.errors import StoreError

# Every request is a visit of its own, and sends one item.
_ORDER = 0
_LENGTH = 4


def send(
    services: Services, place: Place, name: Codename, content: Content, excluded: Collection[ReviewerId]
) -> None:
    """Seals what was typed, and stores it; NotSentError."""
    today, keys = calendar.today(), checking.keys_of(name, services.site.instance)
    try:
        item = seal(place, keys, content, excluded, g.language, today)
        (deletion,) = token_hashes(keys, today, 1)
        services.inbox.add_item(place.slice.office.id, place.channel.id, deletion, item)
    except TooLongError as error:
        raise NotSentError(checking.too_long(error.over), HTTPStatus.UNPROCESSABLE_ENTITY) from None
    except StoreError as error:
        raise NotSentError(not_stored(error), HTTPStatus.SERVICE_UNAVAILABLE) from None


def seal(
    place: Place,
    keys: ReporterKeys,
    content: Content,
    excluded: Collection[ReviewerId],
    language: str,
    on: Day,
) -> SealedItem:
    """An item for the channel's recipients, less those left out. TooLongError."""
    thread = Thread(keys.verify, keys.reply.public, keys.hint)
    message = Message(place.context, on, _ORDER, language, tuple(sorted(excluded)), thread, content)
    document = sign_message(message, keys.sign)
    over = len(document) + _LENGTH - PAYLOAD_SIZES[-1]
    if over > 0:
        raise TooLongError(over)
    recipients = {recipient: place.slice.keys[recipient] for recipient in place.channel.recipients}
    return seal_item(document, place.context, place.slice.epoch, recipients, excluded)


def token_hashes(keys: ReporterKeys, on: Day, count: int) -> list[bytes]:
    """The hashes of so many of the day's deletion tokens, all different (docs/protocol.md section 9)."""
    numbers = secrets.SystemRandom().sample(range(DELETION_NUMBERS), count)
    return [token_hash(deletion_token(keys.deletion, on, number)) for number in numbers]


def every_token(keys: ReporterKeys, on: Day) -> list[bytes]:
    """All of a day's deletion tokens."""
    return [deletion_token(keys.deletion, on, number) for number in range(DELETION_NUMBERS)]
