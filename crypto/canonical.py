"""Canonical JSON: RFC 8785 with the limits of docs/protocol.md section 1.1."""

import json
from typing import TypeAlias

import rfc8785

from crypto.constants import MAX_DEPTH
from crypto.errors import MalformedError, NotCanonicalError

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

_MAX_INTEGER = 2**53 - 1


def dump(value: Json) -> bytes:
    """The one spelling of `value`; MalformedError if the protocol has none for it."""
    _check(value, MAX_DEPTH)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        raise MalformedError from None


def parse(untrusted_data: bytes) -> Json:
    """The value of canonical bytes.

    MalformedError: not JSON, or outside the limits. NotCanonicalError: JSON in another spelling.
    """
    try:
        value: Json = json.loads(untrusted_data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise MalformedError from None
    if dump(value) != untrusted_data:
        raise NotCanonicalError
    return value


def _check(value: object, depth: int) -> None:
    if isinstance(value, dict | list) and depth == 0:
        raise MalformedError
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise MalformedError
            _check(member, depth - 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth - 1)
    elif isinstance(value, int):
        if abs(value) > _MAX_INTEGER:
            raise MalformedError
    elif value is not None and not isinstance(value, str):
        raise MalformedError
