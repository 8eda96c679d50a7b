"""What one office passes on to another, and what comes back (docs/protocol.md section 9.3).

The document travels as the payload of an ordinary sealed item for the other office.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import (
    ID_SIZE,
    INSTANCE_SIZE,
    MAX_GRANT_SIZE,
    MAX_TITLE_LENGTH,
    PAYLOAD_SIZES,
    SUITE,
)
from crypto.errors import MalformedError, ProtocolError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId, day
from crypto.grant import read_grant
from crypto.message import Evidence, Thread, evidence_json, read_evidence, read_thread, thread_json

KINDS: Final = ("answer", "disposition", "receipt")
LARGEST: Final = PAYLOAD_SIZES[-1] - 4
"""Bytes of the signed document: what an item's payload holds."""

MOST_ANSWERS: Final = 64
"""Answers that are passed on, and titles of what is withheld."""
MOST_EVIDENCE: Final = 32

_PURPOSE: Final = "disposition"
_SEED: Final = 32


@dataclass(frozen=True)
class ReplyRight:
    """What the other office needs to reply to the reporter: the grant as the reporter will read it
    (grant.py), the Ed25519 seed (32 bytes) of the key that it names, and the thread to seal replies for."""

    grant: bytes
    seed: bytes = field(repr=False)
    thread: Thread


@dataclass(frozen=True)
class Disposition:
    """A disposition of `office` to `to_office`, the receipt for it, or an answer to it.

    `id` (16 random bytes) names the disposition; its receipt and its answers go the other way and bear the
    same id. `due` is the day of the answer, or empty. `answers` are pairs of a title and what the report
    says under it, `withheld` the titles of what was not passed on, `text` what one office says to the other.
    """

    id: bytes
    kind: str
    instance: InstanceId
    office: OfficeId
    reviewer: ReviewerId
    to_office: OfficeId
    day: Day
    due: Day | str = ""
    subject: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    withheld: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    right: ReplyRight | None = None


def sign_disposition(disposition: Disposition, key: SigningKey) -> bytes:
    """The document, signed by the key of the reviewer whom it names.

    MalformedError if it is larger than `LARGEST` or a part of it is not as the protocol wants it.
    """
    body = _json(disposition)
    document = signed.sign(body, _PURPOSE, key)
    if len(document) > LARGEST or _read(Fields(body)) != disposition:
        raise MalformedError
    return document


def is_disposition(untrusted_document: bytes) -> bool:
    """Whether an opened payload says of itself that it is one of these, before anything of it is checked."""
    try:
        untrusted_value = signed.peek(untrusted_document, LARGEST)
    except ProtocolError:
        return False
    return isinstance(untrusted_value, dict) and untrusted_value.get("kind") in KINDS


def sender_of(untrusted_document: bytes) -> OfficeId:
    """The office that it says it is from: only to find the keys that must have signed it; MalformedError."""
    return _read(Fields(signed.peek(untrusted_document, LARGEST))).office


def read_disposition(
    untrusted_document: bytes,
    keys: Mapping[ReviewerId, bytes],
    instance: InstanceId,
    office: OfficeId,
    to_office: OfficeId,
) -> Disposition:
    """What `office` of `instance` wrote to `to_office`; `keys` are the Ed25519 keys of its reviewers.

    A right to reply that it gives is one: granted to this office by the same reviewer, for the thread and the
    key that stand beside it. WrongContextError (also if the reviewer is unknown), MalformedError,
    BadSignatureError, NotCanonicalError, WrongVersionError.
    """
    found = _read(Fields(signed.peek(untrusted_document, LARGEST)))
    if found.reviewer not in keys:
        raise WrongContextError
    signed.check_signature(untrusted_document, _PURPOSE, keys[found.reviewer])
    if (found.instance, found.office, found.to_office) != (instance, office, to_office):
        raise WrongContextError
    if found.right is not None:
        _check_right(found, found.right, keys)
    return found


def _check_right(found: Disposition, right: ReplyRight, keys: Mapping[ReviewerId, bytes]) -> None:
    author = {found.reviewer: keys[found.reviewer]}
    grant = read_grant(right.grant, author, found.instance, found.office, right.thread.verify)
    if (grant.to, grant.key) != (found.to_office, SigningKey(right.seed).verify_key.encode()):
        raise WrongContextError


def _read(fields: Fields) -> Disposition:
    kind = fields.suite_and_kind(*KINDS)
    due, right = fields.take("due"), fields.take("right")
    found = Disposition(
        id=fields.data("id", ID_SIZE),
        kind=kind,
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        reviewer=ReviewerId(fields.id("reviewer")),
        to_office=OfficeId(fields.id("to_office")),
        day=fields.day("day"),
        due="" if due == "" else day(due),
        subject=fields.text("subject", MAX_TITLE_LENGTH),
        answers=fields.list_of("answers", _read_answer, 0, MOST_ANSWERS),
        withheld=fields.list_of("withheld", _title, 0, MOST_ANSWERS),
        evidence=fields.list_of("evidence", read_evidence, 0, MOST_EVIDENCE),
        text=fields.text("text"),
        right=None if right is None else _read_right(right),
    )
    fields.end()
    # Only a disposition passes things on and gives rights; a receipt says nothing but that it is one.
    if kind != "disposition" and (found.right or found.withheld or found.due):
        raise MalformedError
    if kind == "receipt" and (found.subject or found.answers or found.evidence or found.text):
        raise MalformedError
    if found.office == found.to_office:
        raise MalformedError
    return found


def _read_answer(untrusted_value: object) -> tuple[str, str]:
    fields = Fields(untrusted_value)
    answer = fields.text("title", MAX_TITLE_LENGTH), fields.text("text")
    fields.end()
    return answer


def _title(untrusted_value: object) -> str:
    return Fields({"title": untrusted_value}).text("title", MAX_TITLE_LENGTH)


def _read_right(untrusted_value: object) -> ReplyRight:
    fields = Fields(untrusted_value)
    untrusted_grant = fields.text("grant", MAX_GRANT_SIZE * 4 // 3 + 1)
    right = ReplyRight(
        grant=unb64(untrusted_grant, len(untrusted_grant) * 3 // 4),
        seed=fields.data("seed", _SEED),
        thread=read_thread(fields.take("thread")),
    )
    fields.end()
    return right


def _json(disposition: Disposition) -> dict[str, Json]:
    right = disposition.right
    return {
        "answers": [{"text": text, "title": title} for title, text in disposition.answers],
        "day": disposition.day,
        "due": disposition.due,
        "evidence": [evidence_json(evidence) for evidence in disposition.evidence],
        "id": b64(disposition.id),
        "instance": b64(disposition.instance),
        "kind": disposition.kind,
        "office": disposition.office,
        "reviewer": disposition.reviewer,
        "right": None
        if right is None
        else {"grant": b64(right.grant), "seed": b64(right.seed), "thread": thread_json(right.thread)},
        "subject": disposition.subject,
        "suite": SUITE,
        "text": disposition.text,
        "to_office": disposition.to_office,
        "withheld": list(disposition.withheld),
    }
