"""What was typed into a form: read from the request's body within bounds, never by the framework.

The framework would write what is long into temporary files.
"""

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl

from source_app.noscript.errors import BadFormError

# Sixteen answers, thirty-two readers with their ticks, and what every form has.
MOST_FIELDS: Final = 96
LONGEST_TEXT: Final = 20_000
"""The characters that a browser lets a field hold: what is too long for an item still comes back."""
LONGEST_FORM: Final = 4 * 2**20
"""In bytes: sixteen full fields, each character nine bytes long (`%E2%80%9C`), and some more."""


class Typed:
    """The fields of a form. BadFormError if one that stands once in it comes twice."""

    def __init__(self, untrusted_fields: dict[str, list[str]]) -> None:
        self._fields = untrusted_fields

    def one(self, name: str) -> str:
        """The text of a field, its line ends as one character; empty if it is not there."""
        values = self._fields.get(name, ())
        if len(values) > 1:
            raise BadFormError
        return "".join(values).replace("\r\n", "\n")

    def take(self, name: str) -> str:
        """The text of a field, once: it is forgotten here, and never comes back with the form."""
        text = self.one(name)
        self._fields.pop(name, None)
        return text

    def all(self, name: str) -> frozenset[str]:
        """The values of a group of checkboxes."""
        return frozenset(self._fields.get(name, ()))


def read_form(untrusted_read: Callable[[int], bytes], length: int) -> Typed:
    """The fields of an `application/x-www-form-urlencoded` body of so many bytes; BadFormError."""
    untrusted_body = untrusted_read(min(length, LONGEST_FORM))
    if len(untrusted_body) != length:
        # The connection broke: what is there may end in the middle of a sentence.
        raise BadFormError
    try:
        pairs = parse_qsl(
            untrusted_body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise BadFormError from None
    return collect(pairs)


def collect(untrusted_pairs: Sequence[tuple[str, str]]) -> Typed:
    """Names and values in the order in which they came; BadFormError if one holds what no text may hold."""
    fields: dict[str, list[str]] = {}
    for name, value in untrusted_pairs:
        if "\0" in value:
            raise BadFormError
        fields.setdefault(name, []).append(value)
    return Typed(fields)
