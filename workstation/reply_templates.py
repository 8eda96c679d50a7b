"""Beginnings of replies, as data: an office can change the file beside this module."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.constants import STATUSES
from crypto.errors import MalformedError
from crypto.fields import Fields
from crypto.names import Names, Notes, read_names, read_notes

DEFAULT: Final = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Template:
    """What a reply may begin with, and the status that goes with it, if any."""

    id: str
    status: str | None
    titles: Names
    texts: Notes


def load(path: Path = DEFAULT) -> list[Template]:
    """The templates in a file, in its order; MalformedError, OSError."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise MalformedError from None
    if not isinstance(value, list):
        raise MalformedError
    return [_template(member) for member in value]


def _template(untrusted_value: object) -> Template:
    fields = Fields(untrusted_value)
    status = fields.take("status")
    template = Template(
        id=fields.id("id"),
        status=None if status is None else Fields({"status": status}).one_of("status", STATUSES),
        titles=read_names(fields.take("titles")),
        texts=read_notes(fields.take("texts")),
    )
    fields.end()
    return template
