"""What is inside a reply slot (docs/protocol.md sections 8.1 and 8.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64, bind, unb64
from crypto.canonical import Json, dump
from crypto.constants import (
    INSTANCE_SIZE,
    MAX_GRANT_SIZE,
    MAX_REPLY_PARTS,
    MAX_U32,
    REPLY_SIZE,
    SIGNATURE_SIZE,
    STATUSES,
    SUITE,
    VERIFY_KEY_SIZE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from crypto.grant import Grant, check_day, read_grant


@dataclass(frozen=True)
class ReplyPart:
    """One slot's worth of a reply by `office`. `part` counts the slots of one reply from 1.

    `number` counts the replies of an office to a thread; of another office, those under one grant. `grant` is
    that document (grant.py), or empty; who replies under a grant tells no status.
    """

    instance: InstanceId
    office: OfficeId
    thread: bytes
    reviewer: ReviewerId
    number: int
    part: int
    parts: int
    day: Day
    status: str | None
    text: str
    grant: bytes = b""


@dataclass(frozen=True)
class OpenedReply:
    """A part that may be shown, and the grant that lets its office reply, None for the thread's own."""

    part: ReplyPart
    grant: Grant | None


def slot_info(instance: InstanceId, verify: bytes) -> bytes:
    """The HPKE info of a slot for the thread with this verify key."""
    return bind("reply", instance, verify)


def sign_reply(part: ReplyPart, key: SigningKey) -> bytes:
    """The signed document of a part, signed by the reviewer's key, or by that of the grant."""
    return signed.sign(_json(part), "reply-document", key)


def cut(whole: ReplyPart) -> tuple[ReplyPart, ...]:
    """The parts of a reply whose text may be too long for one slot; MalformedError past 32 parts."""
    widest = replace(whole, part=MAX_REPLY_PARTS, parts=MAX_REPLY_PARTS, text="")
    room = REPLY_SIZE - 2 - SIGNATURE_SIZE - len(dump(_json(widest)))
    pieces = [""]
    left = room
    for character in whole.text:
        cost = len(dump(character)) - 2
        if cost > left:
            pieces.append("")
            left = room
        pieces[-1] += character
        left -= cost
    if len(pieces) > MAX_REPLY_PARTS:
        raise MalformedError
    return tuple(replace(whole, part=i, parts=len(pieces), text=text) for i, text in enumerate(pieces, 1))


def read_reply(
    untrusted_document: bytes,
    reviewers: Mapping[ReviewerId, bytes],
    instance: InstanceId,
    office: OfficeId,
    thread: bytes,
) -> OpenedReply:
    """The part in an opened slot of a thread of `office`; `reviewers` are its keys from a verified slice.

    WrongContextError if another office speaks without a grant for this thread, or a reviewer who is none of
    those; ExpiredError: after the grant's last day. MalformedError, BadSignatureError, NotCanonicalError,
    WrongVersionError.
    """
    part = _read(Fields(signed.peek(untrusted_document, REPLY_SIZE)))
    grant = read_grant(part.grant, reviewers, instance, office, thread) if part.grant else None
    author, key = (office, reviewers.get(part.reviewer)) if grant is None else (grant.to, grant.key)
    if key is None:
        raise WrongContextError
    signed.check_signature(untrusted_document, "reply-document", key)
    if (part.instance, part.office, part.thread) != (instance, author, thread):
        raise WrongContextError
    if grant is not None:
        check_day(grant, part.day)
    return OpenedReply(part, grant)


def _read(fields: Fields) -> ReplyPart:
    fields.suite_and_kind("reply")
    status, grant = fields.take("status"), fields.take("grant")
    parts = fields.integer("parts", 1, MAX_REPLY_PARTS)
    part = ReplyPart(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        thread=fields.data("thread", VERIFY_KEY_SIZE),
        reviewer=ReviewerId(fields.id("reviewer")),
        number=fields.integer("number", 1, MAX_U32),
        part=fields.integer("part", 1, parts),
        parts=parts,
        day=fields.day("day"),
        status=None if status is None else Fields({"status": status}).one_of("status", STATUSES),
        text=fields.text("text"),
        grant=b"" if grant is None else _grant(grant),
    )
    fields.end()
    if part.grant and part.status is not None:
        raise MalformedError
    return part


def _grant(untrusted_text: object) -> bytes:
    """A document of any length but none, and at most that of a grant."""
    text = Fields({"grant": untrusted_text}).text("grant", -(-MAX_GRANT_SIZE * 4 // 3), 1)
    return unb64(text, len(text) * 3 // 4)


def _json(part: ReplyPart) -> Json:
    return {
        "day": part.day,
        "grant": b64(part.grant) if part.grant else None,
        "instance": b64(part.instance),
        "kind": "reply",
        "number": part.number,
        "office": part.office,
        "part": part.part,
        "parts": part.parts,
        "reviewer": part.reviewer,
        "status": part.status,
        "suite": SUITE,
        "text": part.text,
        "thread": b64(part.thread),
    }
