"""Vectors of reply slots: the office's own, and those of another office under its grant."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nacl.signing import SigningKey

from crypto import calendar, signed
from crypto.canonical import Json, parse
from crypto.constants import MAX_GRANT_SIZE, REPLY_SIZE, SIGNATURE_SIZE
from crypto.disposition import Disposition, ReplyRight
from crypto.fields import InstanceId, OfficeId, ReviewerId
from crypto.grant import Grant, sign_grant
from crypto.kem import wrap
from crypto.message import Evidence
from crypto.padding import add_length
from crypto.reply import ReplyPart, sign_reply, slot_info
from crypto.seal.reply import dummy_slot, seal_reply
from tests.vectors.office import CONTEXT, DAY, INSTANCE, REPORTER, ROOT, SEED, SIGN, THREAD, Vector, vector

OTHER = OfficeId("dinas-contoh")
GRANTED = SigningKey(bytes([7]) * 32)
GRANT = Grant(
    INSTANCE,
    CONTEXT.office,
    ReviewerId("r1"),
    REPORTER.verify,
    OTHER,
    {"en": "Example Agency", "id": "Dinas Contoh"},
    GRANTED.verify_key.encode(),
    calendar.add_days(DAY, 30),
)
PART = ReplyPart(
    INSTANCE,
    CONTEXT.office,
    REPORTER.verify,
    ReviewerId("r1"),
    2,
    1,
    1,
    DAY,
    "answered",
    "Sudah ditelaah. é😀\n",
)
OTHERS = replace(
    PART, office=OTHER, reviewer=ReviewerId("kepala"), status=None, grant=sign_grant(GRANT, SIGN)
)
"""Under the grant, to be signed with its key."""
RIGHT = ReplyRight(sign_grant(GRANT, SIGN), bytes(GRANTED), THREAD)
WHOLE = Disposition(
    id=bytes(range(16)),
    kind="disposition",
    instance=INSTANCE,
    office=CONTEXT.office,
    reviewer=ReviewerId("r1"),
    to_office=OTHER,
    day=DAY,
    due=calendar.add_days(DAY, 14),
    subject="Dugaan pungutan di loket",
    answers=(("Apa yang terjadi?", "Ada pungutan.\n\né 😀"), ("Di mana?", "")),
    withheld=("Siapa pelapornya",),
    evidence=(Evidence(bytes(16), bytes(32), "bukti-1.png", "image/png", 5, bytes(32)),),
    text="Mohon ditindaklanjuti.",
    right=RIGHT,
)
ANSWER = replace(WHOLE, kind="answer", due="", withheld=(), right=None)
RECEIPT = replace(ANSWER, kind="receipt", subject="", answers=(), evidence=(), text="")
"""What the two offices write to one another, with the right to that reply."""


def vectors() -> Iterator[Vector]:
    out = {"number": 2, "other": None, "reviewer": "r1", "status": "answered", "text": PART.text}
    slot = seal_reply(PART, THREAD, SIGN).body
    yield _case("good", "one part", slot, output=out)
    yield _case("no-status", "status unchanged", _own(status=None), output=out | {"status": None})
    yield _case("codename", "another codename", slot, bytes(32), error="cannot-open")
    yield _case("dummy", "a dummy", dummy_slot(INSTANCE).body, error="cannot-open")
    yield _case("flip", "one bit", slot[:-1] + bytes([slot[-1] ^ 1]), error="cannot-open")
    yield _case("stranger", "a reviewer nobody knows", _own(reviewer=ReviewerId("r9")), error="wrong-context")
    yield _case("signature", "signed by another key", _sealed(sign_reply(PART, ROOT)), error="bad-signature")
    yield _case("thread", "for another thread", _own(thread=bytes(32)), error="wrong-context")
    yield _case(
        "instance", "of another instance", _own(instance=InstanceId(bytes(16))), error="wrong-context"
    )
    yield _case("office", "of another office", _own(office=OfficeId("kota-lain")), error="wrong-context")
    yield _case("part", "part 3 of 2", _own(part=3, parts=2), error="malformed")
    yield _case("number", "number 0", _own(number=0), error="malformed")
    yield _case("status", "a status nobody knows", _own(status="burnt"), error="malformed")
    good = add_length(sign_reply(PART, SIGN), 2, REPLY_SIZE)
    yield _case("padding", "padding is not zero", _sealed(b"", good[:-1] + b"\x01"), error="malformed")
    yield from _granted()


def _granted() -> Iterator[Vector]:
    out = {"number": 2, "other": GRANT.names, "reviewer": "kepala", "status": None, "text": PART.text}
    yield _case("granted", "another office with a grant", _under(), output=out)
    last = _under(day=GRANT.expires)
    yield _case("granted-last-day", "on the grant's last day", last, output=out)
    late = _under(day=calendar.add_days(GRANT.expires, 1))
    yield _case("granted-expired", "after the grant's last day", late, error="expired")
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "thread": ("a grant for another thread", {"thread": bytes(32)}),
        "instance": ("a grant of another instance", {"instance": InstanceId(bytes(16))}),
        "granter": ("a grant of another office", {"office": OfficeId("kota-lain")}),
        "reviewer": ("a grant by a reviewer nobody knows", {"reviewer": ReviewerId("r9")}),
        "to": ("a grant for a third office", {"to": OfficeId("dinas-lain")}),
    }
    for name, (about, change) in wrong.items():
        document = sign_grant(replace(GRANT, **change), SIGN)
        yield _case(f"granted-{name}", about, _under(grant=document), error="wrong-context")
    forged = _under(grant=sign_grant(GRANT, GRANTED))
    yield _case(
        "granted-forged", "a grant that the other office signed itself", forged, error="bad-signature"
    )
    purpose = _under(grant=signed.sign(parse(OTHERS.grant[SIGNATURE_SIZE:]), "reply-document", SIGN))
    yield _case("granted-purpose", "a grant signed for another purpose", purpose, error="bad-signature")
    own = _sealed(sign_reply(OTHERS, SIGN))
    yield _case("granted-own-key", "with a grant, signed by the own office", own, error="bad-signature")
    no_grant = _sealed(sign_reply(replace(OTHERS, grant=b""), GRANTED))
    yield _case("granted-none", "the granted key without the grant", no_grant, error="wrong-context")
    posing = _sealed(sign_reply(replace(PART, status=None, grant=OTHERS.grant), GRANTED))
    yield _case("granted-posing", "the granted key in the own office's name", posing, error="wrong-context")
    status = _under(status="answered")
    yield _case("granted-status", "tells where the report stands", status, error="malformed")
    instance = _under(instance=InstanceId(bytes(16)))
    yield _case("granted-reply-instance", "a reply of another instance", instance, error="wrong-context")
    thread = _under(thread=bytes(32))
    yield _case("granted-reply-thread", "a reply for another thread", thread, error="wrong-context")
    for name, change in _malformed().items():
        document = signed.sign({**_json(OTHERS.grant), **change}, "grant", SIGN)
        yield _case(f"granted-bad-{name}", f"a grant: {name}", _under(grant=document), error="malformed")
    suite = signed.sign({**_json(OTHERS.grant), "suite": "peluit/2"}, "grant", SIGN)
    yield _case("granted-suite", "a grant of another version", _under(grant=suite), error="wrong-version")
    spaced = OTHERS.grant.replace(b'"', b' "', 1)
    yield _case("granted-spaced", "a grant in another spelling", _under(grant=spaced), error="not-canonical")
    nothing = signed.sign({**_json(sign_reply(OTHERS, GRANTED)), "grant": ""}, "reply-document", GRANTED)
    yield _case("granted-empty", "an empty grant", _sealed(nothing), error="malformed")


def _malformed() -> dict[str, dict[str, Json]]:
    room = MAX_GRANT_SIZE - len(OTHERS.grant)
    return {
        "key": {"key": "AA"},
        "kind": {"kind": "reply"},
        "self": {"to": CONTEXT.office},
        "day": {"expires": "2026-02-30"},
        "extra": {"more": 1},
        "name": {"names": {"en": "", "id": "x"}},
        "oversized": {"names": {"en": "x" * 200, "id": "\u2603" * (room // 3)}},
    }


def _json(document: bytes) -> dict[str, Json]:
    value = parse(document[SIGNATURE_SIZE:])
    assert isinstance(value, dict)
    return value


def _under(**change: Any) -> bytes:
    """A slot of the other office, signed with the grant's key."""
    return _sealed(sign_reply(replace(OTHERS, **change), GRANTED))


def _own(**change: Any) -> bytes:
    return _sealed(sign_reply(replace(PART, **change), SIGN))


def _sealed(document: bytes, padded: bytes | None = None) -> bytes:
    return wrap(
        THREAD.reply, slot_info(INSTANCE, THREAD.verify), padded or add_length(document, 2, REPLY_SIZE)
    )


def _case(name: str, about: str, slot: bytes, seed: bytes = SEED, **result: Any) -> Vector:
    given = {
        "slot": slot.hex(),
        "seed": seed.hex(),
        "instance": INSTANCE.hex(),
        "office": CONTEXT.office,
        "reviewers": {"r1": SIGN.verify_key.encode().hex()},
    }
    return vector(f"reply-{name}", about, "open-reply", given, **result)
