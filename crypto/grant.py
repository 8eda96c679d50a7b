"""The right of another office to reply to a reporter directly (docs/protocol.md section 8.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_GRANT_SIZE, SUITE, VERIFY_KEY_SIZE
from crypto.errors import ExpiredError, MalformedError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from crypto.names import Names, read_names

_PURPOSE: Final = "grant"


@dataclass(frozen=True)
class Grant:
    """`office` lets the office `to` reply in the thread of this verify key, to the end of the day `expires`.

    `key` (Ed25519 public key, 32 bytes) is made for this grant alone: `to` signs its replies with it.
    `names` are what the reporter reads of `to`.
    """

    instance: InstanceId
    office: OfficeId
    reviewer: ReviewerId
    thread: bytes
    to: OfficeId
    names: Names
    key: bytes
    expires: Day


def sign_grant(grant: Grant, key: SigningKey) -> bytes:
    """The document, signed by a reviewer of the granting office; MalformedError if the names are too long."""
    document = signed.sign(_json(grant), _PURPOSE, key)
    if len(document) > MAX_GRANT_SIZE or _read(Fields(_json(grant))) != grant:
        raise MalformedError
    return document


def read_grant(
    untrusted_document: bytes,
    reviewers: Mapping[ReviewerId, bytes],
    instance: InstanceId,
    office: OfficeId,
    thread: bytes,
) -> Grant:
    """A grant of this office for this very thread; `reviewers` are its Ed25519 keys from a verified slice.

    WrongContextError (also if the reviewer is none of them), MalformedError, BadSignatureError,
    NotCanonicalError, WrongVersionError.
    """
    grant = peek_grant(untrusted_document)
    if grant.reviewer not in reviewers:
        raise WrongContextError
    signed.check_signature(untrusted_document, _PURPOSE, reviewers[grant.reviewer])
    if (grant.instance, grant.office, grant.thread) != (instance, office, thread):
        raise WrongContextError
    return grant


def peek_grant(untrusted_document: bytes) -> Grant:
    """What a document says, whoever signed it; MalformedError, NotCanonicalError, WrongVersionError."""
    return _read(Fields(signed.peek(untrusted_document, MAX_GRANT_SIZE)))


def check_day(grant: Grant, on: Day) -> None:
    """ExpiredError if the grant had ended on this day."""
    if on > grant.expires:
        raise ExpiredError


def _read(fields: Fields) -> Grant:
    fields.suite_and_kind("grant")
    grant = Grant(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        reviewer=ReviewerId(fields.id("reviewer")),
        thread=fields.data("thread", VERIFY_KEY_SIZE),
        to=OfficeId(fields.id("to")),
        names=read_names(fields.take("names")),
        key=fields.data("key", VERIFY_KEY_SIZE),
        expires=fields.day("expires"),
    )
    fields.end()
    if grant.to == grant.office:
        raise MalformedError
    return grant


def _json(grant: Grant) -> dict[str, Json]:
    return {
        "expires": grant.expires,
        "instance": b64(grant.instance),
        "key": b64(grant.key),
        "kind": "grant",
        "names": dict(grant.names),
        "office": grant.office,
        "reviewer": grant.reviewer,
        "suite": SUITE,
        "thread": b64(grant.thread),
        "to": grant.to,
    }
