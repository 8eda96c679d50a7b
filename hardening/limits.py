"""Bounds on what a stranger may send."""

import json
from typing import Final, NoReturn

LONGEST_JSON: Final = 1_024
DEEPEST_JSON: Final = 4


class BadJsonError(ValueError):
    """The text is not JSON within the bounds."""


def read_json(untrusted_text: bytes, longest: int = LONGEST_JSON, deepest: int = DEEPEST_JSON) -> object:
    """The value of a short, flat JSON text without doubled keys, floats or constants; BadJsonError.

    Bytes are counted before parsing; Python's own parser stops at its recursion limit.
    """
    if len(untrusted_text) > longest:
        raise BadJsonError
    try:
        value = json.loads(
            untrusted_text.decode("utf-8"),
            object_pairs_hook=_without_doubles,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise BadJsonError from None
    _check_depth(value, deepest)
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJsonError
    return found


def _refuse(_text: str) -> NoReturn:
    raise BadJsonError


def _check_depth(value: object, left: int) -> None:
    if isinstance(value, dict | list):
        if not left:
            raise BadJsonError
        for member in value.values() if isinstance(value, dict) else value:
            _check_depth(member, left - 1)
