"""A reply as the station keeps it, locked in its case."""

from dataclasses import dataclass

from crypto import canonical
from crypto.binding import b64, unb64
from crypto.constants import ID_SIZE, MAX_REPLY_PARTS, MAX_U32, STATUSES
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId
from workstation.errors import VaultDamagedError


@dataclass(frozen=True)
class ReplyBody:
    """A reply and where its slots are.

    `tokens` (16 random bytes each) name them in the outbox; without these nobody can tell whose they are.
    """

    number: int
    day: Day
    reviewer: ReviewerId
    status: str | None
    text: str
    tokens: tuple[bytes, ...]


def write(body: ReplyBody) -> bytes:
    """Canonical JSON, to be locked."""
    return canonical.dump(
        {
            "day": body.day,
            "number": body.number,
            "reviewer": body.reviewer,
            "status": body.status,
            "text": body.text,
            "tokens": [b64(token) for token in body.tokens],
        }
    )


def read(text: bytes) -> ReplyBody:
    """What `write` wrote; VaultDamagedError."""
    try:
        fields = Fields(canonical.parse(text))
        status = fields.take("status")
        body = ReplyBody(
            number=fields.integer("number", 1, MAX_U32),
            day=fields.day("day"),
            reviewer=ReviewerId(fields.id("reviewer")),
            status=None if status is None else Fields({"status": status}).one_of("status", STATUSES),
            text=fields.text("text"),
            tokens=fields.list_of("tokens", lambda value: unb64(value, ID_SIZE), 1, MAX_REPLY_PARTS),
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return body
