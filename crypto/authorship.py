"""Proof of authorship: a statement signed by a codename's key (docs/protocol.md section 9.1)."""

from dataclasses import dataclass

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64, unb64
from crypto.constants import (
    AUTHORSHIP_PREFIX,
    INSTANCE_SIZE,
    MAX_AUTHORSHIP_SIZE,
    MAX_STATEMENT_LENGTH,
    SUITE,
    VERIFY_KEY_SIZE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId


@dataclass(frozen=True)
class Authorship:
    """Whoever knows the codename of `verify` (Ed25519 public key, 32 bytes) said this to this office."""

    instance: InstanceId
    office: OfficeId
    day: Day
    statement: str
    verify: bytes


def sign_authorship(instance: InstanceId, office: OfficeId, day: Day, statement: str, key: SigningKey) -> str:
    """The statement as text for paper and letters, signed by the codename's key; MalformedError if it is
    empty, longer than 2,000 code points or has a NUL."""
    _statement(Fields({"statement": statement}))
    document = signed.sign(
        {
            "day": day,
            "instance": b64(instance),
            "kind": "authorship",
            "office": office,
            "statement": statement,
            "suite": SUITE,
            "verify": b64(key.verify_key.encode()),
        },
        "authorship",
        key,
    )
    return AUTHORSHIP_PREFIX + b64(document)


def read_authorship(untrusted_text: str, instance: InstanceId, office: OfficeId) -> Authorship:
    """What such a text says to this office, white space anywhere in it ignored; its signature holds.

    MalformedError, NotCanonicalError, WrongVersionError, BadSignatureError, WrongContextError.
    """
    untrusted_text = "".join(untrusted_text.split())
    untrusted_body = untrusted_text.removeprefix(AUTHORSHIP_PREFIX)
    if untrusted_body == untrusted_text:
        raise MalformedError
    untrusted_document = unb64(untrusted_body, len(untrusted_body) * 3 // 4)
    fields = Fields(signed.peek(untrusted_document, MAX_AUTHORSHIP_SIZE))
    fields.suite_and_kind("authorship")
    found = Authorship(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        day=fields.day("day"),
        statement=_statement(fields),
        verify=fields.data("verify", VERIFY_KEY_SIZE),
    )
    fields.end()
    signed.check_signature(untrusted_document, "authorship", found.verify)
    if found.instance != instance or found.office != office:
        raise WrongContextError
    return found


def _statement(fields: Fields) -> str:
    return fields.text("statement", MAX_STATEMENT_LENGTH, 1)
