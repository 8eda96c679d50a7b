"""Seals a message as the reporter's browser would, and stores it as the API would."""

import secrets
from collections.abc import Collection

from crypto.codename import ReporterKeys
from crypto.constants import DELETION_NUMBERS, PAYLOAD_SIZES
from crypto.deletion import deletion_token, token_hash
from crypto.fields import Day, ReviewerId
from crypto.item import SealedItem
from crypto.message import Content, Message, Thread, sign_message
from crypto.seal.item import seal_item
from source_app.noscript.errors import TooLongError
from source_app.noscript.offices import Place

# Every request is a visit of its own, and sends one item.
_ORDER = 0
_LENGTH = 4


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
