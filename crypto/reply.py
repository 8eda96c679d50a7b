"""What is inside a reply slot (docs/protocol.md section 8.1)."""

from dataclasses import dataclass, replace

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64, bind
from crypto.canonical import Json, dump
from crypto.constants import (
    INSTANCE_SIZE,
    MAX_REPLY_PARTS,
    MAX_U32,
    REPLY_SIZE,
    SIGNATURE_SIZE,
    STATUSES,
    SUITE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId


@dataclass(frozen=True)
class ReplyPart:
    """One slot's worth of a reply. `number` counts a thread's replies, `part` the slots of one; from 1."""

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


def slot_info(instance: InstanceId, verify: bytes) -> bytes:
    """The HPKE info of a slot for the thread with this verify key."""
    return bind("reply", instance, verify)


def sign_reply(part: ReplyPart, key: SigningKey) -> bytes:
    """The signed document of a part, signed by the reviewer's key."""
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


def read_reply(untrusted_document: bytes, keys: dict[ReviewerId, bytes]) -> ReplyPart:
    """The part in an opened slot; `keys` are the reviewers' Ed25519 keys from a verified slice.

    WrongContextError if the reviewer is none of them; MalformedError, BadSignatureError.
    """
    fields = Fields(signed.peek(untrusted_document, REPLY_SIZE))
    fields.suite_and_kind("reply")
    status = fields.take("status")
    parts = fields.integer("parts", 1, MAX_REPLY_PARTS)
    part = ReplyPart(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        thread=fields.data("thread", 32),
        reviewer=ReviewerId(fields.id("reviewer")),
        number=fields.integer("number", 1, MAX_U32),
        part=fields.integer("part", 1, parts),
        parts=parts,
        day=fields.day("day"),
        status=None if status is None else Fields({"status": status}).one_of("status", STATUSES),
        text=fields.text("text"),
    )
    fields.end()
    if part.reviewer not in keys:
        raise WrongContextError
    signed.check_signature(untrusted_document, "reply-document", keys[part.reviewer])
    return part


def _json(part: ReplyPart) -> Json:
    return {
        "day": part.day,
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
