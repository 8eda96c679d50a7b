"""Dispositions: every part comes back, and whatever is not quite right is refused."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from nacl.signing import SigningKey

from crypto import calendar, signed
from crypto.canonical import Json, parse
from crypto.constants import SIGNATURE_SIZE
from crypto.disposition import (
    LARGEST,
    Disposition,
    ReplyRight,
    is_disposition,
    read_disposition,
    sender_of,
    sign_disposition,
)
from crypto.errors import (
    BadSignatureError,
    MalformedError,
    ProtocolError,
    WrongContextError,
    WrongVersionError,
)
from crypto.fields import InstanceId, OfficeId, ReviewerId
from crypto.grant import Grant, check_day, peek_grant, sign_grant
from crypto.item import Context
from crypto.message import sign_message
from crypto.open.item import open_item
from crypto.seal.item import seal_item
from tests.vectors.office import CONTEXT, EPOCH, INSTANCE, KEYS, MESSAGE, REPORTER, SIGN, THREAD
from tests.vectors.replies import ANSWER, GRANT, GRANTED, OTHER, RECEIPT, RIGHT, WHOLE

KEYS_OF_SENDER = {ReviewerId("r1"): SIGN.verify_key.encode()}


def read(document: bytes, **changes: Any) -> Disposition:
    given: dict[str, Any] = {
        "keys": KEYS_OF_SENDER,
        "instance": INSTANCE,
        "office": CONTEXT.office,
        "to_office": OTHER,
    }
    return read_disposition(document, **(given | changes))


def again(changes: Mapping[str, Json], of: Disposition = WHOLE) -> bytes:
    """The same document with other fields, signed anew."""
    value = parse(sign_disposition(of, SIGN)[SIGNATURE_SIZE:])
    assert isinstance(value, dict)
    return signed.sign({**value, **changes}, "disposition", SIGN)


@pytest.mark.parametrize("whole", [WHOLE, replace(WHOLE, right=None, due=""), ANSWER, RECEIPT])
def test_every_part_comes_back_through_a_sealed_item(whole: Disposition) -> None:
    document = sign_disposition(whole, SIGN)
    context = Context(INSTANCE, OTHER, CONTEXT.channel)
    item = seal_item(document, context, EPOCH, {name: key.public for name, key in KEYS.items()})
    opened = open_item(item, KEYS[ReviewerId("r2")], context)
    assert is_disposition(opened) and sender_of(opened) == CONTEXT.office
    assert read(opened) == whole


def test_a_message_is_no_disposition() -> None:
    assert not is_disposition(sign_message(MESSAGE, REPORTER.sign))


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"keys": {ReviewerId("r2"): SIGN.verify_key.encode()}}, WrongContextError),
        ({"keys": {ReviewerId("r1"): SigningKey.generate().verify_key.encode()}}, BadSignatureError),
        ({"instance": InstanceId(bytes(16))}, WrongContextError),
        ({"office": OfficeId("kota-lain")}, WrongContextError),
        ({"to_office": OfficeId("dinas-lain")}, WrongContextError),
    ],
)
def test_only_from_whom_and_to_whom_it_is(given: dict[str, Any], error: type[ProtocolError]) -> None:
    with pytest.raises(error):
        read(sign_disposition(WHOLE, SIGN), **given)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "report"},
        {"more": 1},
        {"id": "AA"},
        {"day": "2026-02-30"},
        {"due": "soon"},
        {"due": None},
        {"subject": "x" * 201},
        {"text": "\0"},
        {"answers": [{"title": "x" * 201, "text": ""}]},
        {"answers": [{"title": "x"}]},
        {"answers": [{"title": str(n), "text": ""} for n in range(65)]},
        {"withheld": [1]},
        {"evidence": [{}]},
        {"to_office": "kota-contoh"},
        {"right": {}},
        {"right": {"grant": "", "seed": "", "thread": {}}},
    ],
    ids=str,
)
def test_what_is_malformed_is_refused(changes: dict[str, Json]) -> None:
    with pytest.raises(MalformedError):
        read(again(changes))


def test_another_version_is_told_apart() -> None:
    with pytest.raises(WrongVersionError):
        read(again({"suite": "peluit/2"}))


@pytest.mark.parametrize("whole", [ANSWER, RECEIPT])
@pytest.mark.parametrize("changes", [{"due": "2026-12-01"}, {"withheld": ["x"]}], ids=str)
def test_only_a_disposition_asks_for_something(whole: Disposition, changes: dict[str, Json]) -> None:
    with pytest.raises(MalformedError):
        read(again(changes, whole))


def test_a_receipt_says_nothing_more() -> None:
    with pytest.raises(MalformedError):
        sign_disposition(replace(RECEIPT, text="x"), SIGN)


def test_what_does_not_fit_into_an_item_cannot_be_signed() -> None:
    with pytest.raises(MalformedError):
        sign_disposition(replace(WHOLE, text="x" * LARGEST), SIGN)
    with pytest.raises(MalformedError):
        sign_disposition(replace(WHOLE, answers=(("x", "y"),) * 65), SIGN)


def granted(grant: Grant) -> ReplyRight:
    return replace(RIGHT, grant=sign_grant(grant, SIGN))


@pytest.mark.parametrize(
    ("right", "error"),
    [
        (replace(RIGHT, seed=secrets.token_bytes(32)), WrongContextError),
        (replace(RIGHT, thread=replace(THREAD, verify=bytes(32))), WrongContextError),
        (replace(RIGHT, grant=sign_grant(GRANT, GRANTED)), BadSignatureError),
        (
            replace(RIGHT, grant=sign_grant(replace(GRANT, to=OfficeId("dinas-lain")), SIGN)),
            WrongContextError,
        ),
        (
            replace(RIGHT, grant=sign_grant(replace(GRANT, reviewer=ReviewerId("r2")), SIGN)),
            WrongContextError,
        ),
        (replace(RIGHT, grant=b"x" * 65), ProtocolError),
    ],
)
def test_a_right_to_reply_that_the_reporter_would_not_accept_is_refused_at_once(
    right: ReplyRight, error: type[ProtocolError]
) -> None:
    with pytest.raises(error):
        read(sign_disposition(replace(WHOLE, right=right), SIGN))


def test_without_a_right_nothing_of_the_thread_is_in_it() -> None:
    document = sign_disposition(replace(WHOLE, right=None), SIGN)
    value = parse(document[SIGNATURE_SIZE:])
    assert isinstance(value, dict) and value["right"] is None
    for secret in (THREAD.verify, THREAD.reply, THREAD.hint):
        assert secret not in document and secret.hex().encode() not in document


def test_no_secret_stands_in_a_repr() -> None:
    assert repr(RIGHT.seed) not in repr(WHOLE)


def test_a_grant_with_names_that_leave_no_room_for_words_cannot_be_made() -> None:
    assert peek_grant(sign_grant(replace(GRANT, names={"en": "x" * 200, "id": "x" * 200}), SIGN)).to == OTHER
    with pytest.raises(MalformedError):
        sign_grant(replace(GRANT, names={"en": "é" * 200, "id": "漢" * 200}), SIGN)


def test_a_grant_holds_to_the_end_of_its_last_day() -> None:
    grant: Grant = GRANT
    check_day(grant, grant.expires)
    with pytest.raises(ProtocolError) as caught:
        check_day(grant, calendar.add_days(grant.expires, 1))
    assert caught.value.kind == "expired"
