"""Signed documents: Ed25519 signature ‖ canonical JSON (docs/protocol.md section 1.1)."""

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from crypto.binding import bind
from crypto.canonical import Json, dump, parse
from crypto.constants import SIGNATURE_SIZE
from crypto.errors import BadSignatureError, MalformedError


def sign(value: Json, purpose: str, key: SigningKey) -> bytes:
    """The signed document of `value` for the place that `purpose` names."""
    text = dump(value)
    return key.sign(bind(purpose, text)).signature + text


def verify(untrusted_document: bytes, purpose: str, key: bytes, longest: int) -> Json:
    """The value of a document signed by the Ed25519 public key `key` (32 bytes).

    MalformedError, BadSignatureError, NotCanonicalError; the signature is checked before the text is parsed.
    """
    if not SIGNATURE_SIZE < len(untrusted_document) <= longest:
        raise MalformedError
    check_signature(untrusted_document, purpose, key)
    return parse(untrusted_document[SIGNATURE_SIZE:])


def peek(untrusted_document: bytes, longest: int) -> Json:
    """The value before its signature is checked: only to find the key that must have signed it."""
    if not SIGNATURE_SIZE < len(untrusted_document) <= longest:
        raise MalformedError
    return parse(untrusted_document[SIGNATURE_SIZE:])


def check_signature(untrusted_document: bytes, purpose: str, key: bytes) -> None:
    """BadSignatureError unless the key `key` signed this document for `purpose`."""
    text = untrusted_document[SIGNATURE_SIZE:]
    try:
        VerifyKey(key).verify(bind(purpose, text), untrusted_document[:SIGNATURE_SIZE])
    except CryptoError:
        raise BadSignatureError from None
