"""What a reporter is asked: an office's forms and its limits of evidence (docs/protocol.md section 4)."""

import re
from dataclasses import dataclass
from typing import Final

from crypto.canonical import Json
from crypto.constants import (
    EVIDENCE,
    MAX_ANSWERS,
    MAX_BLOB_SIZE,
    MAX_CHOICES,
    MAX_ENDING_LENGTH,
    MAX_REFUSED,
    MAX_ROWS,
    NEEDS,
)
from crypto.errors import MalformedError
from crypto.fields import Fields, FormId, distinct
from crypto.names import Names, Notes, read_names, read_notes

_ENDING: Final = re.compile(rf"[a-z0-9]{{1,{MAX_ENDING_LENGTH}}}\Z")


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; the answer is its id."""

    id: str
    titles: Names


@dataclass(frozen=True)
class Field:
    """One question: a text of `rows` lines, or, with choices, one of them."""

    id: str
    titles: Names
    examples: Notes
    need: str
    rows: int
    choices: tuple[Choice, ...] = ()

    def choice(self, choice: str) -> Choice | None:
        return next((found for found in self.choices if found.id == choice), None)


@dataclass(frozen=True)
class Form:
    """What a channel asks. `evidence` says whether it asks for files."""

    id: FormId
    fields: tuple[Field, ...]
    notes: Notes
    evidence: str

    def field(self, field: str) -> Field | None:
        return next((found for found in self.fields if found.id == field), None)


@dataclass(frozen=True)
class Limits:
    """Files that a client does not send: larger than `largest` bytes, or with one of these name endings."""

    largest: int
    refused: tuple[str, ...]


def form_json(form: Form) -> Json:
    """The form as it stands in a directory or slice."""
    return {
        "evidence": form.evidence,
        "fields": [_field_json(field) for field in form.fields],
        "id": form.id,
        "notes": dict(form.notes),
    }


def limits_json(limits: Limits) -> Json:
    """The limits as they stand in a directory or slice."""
    return {"largest": limits.largest, "refused": list(limits.refused)}


def read_form(untrusted_value: object) -> Form:
    """MalformedError if it breaks any rule of section 4."""
    fields = Fields(untrusted_value)
    form = Form(
        id=FormId(fields.id("id")),
        fields=fields.list_of("fields", read_field, 1, MAX_ANSWERS),
        notes=read_notes(fields.take("notes")),
        evidence=fields.one_of("evidence", EVIDENCE),
    )
    fields.end()
    distinct([field.id for field in form.fields])
    if all(field.need == "optional" for field in form.fields):
        raise MalformedError
    return form


def read_field(untrusted_value: object) -> Field:
    """MalformedError if it breaks any rule of section 4."""
    fields = Fields(untrusted_value)
    field = Field(
        id=fields.id("id"),
        titles=read_names(fields.take("titles")),
        examples=read_notes(fields.take("examples")),
        need=fields.one_of("need", NEEDS),
        rows=fields.integer("rows", 1, MAX_ROWS),
        choices=fields.list_of("choices", _read_choice, 0, MAX_CHOICES),
    )
    fields.end()
    distinct([choice.id for choice in field.choices])
    return field


def read_limits(untrusted_value: object) -> Limits:
    """MalformedError if it breaks any rule of section 4."""
    fields = Fields(untrusted_value)
    limits = Limits(
        largest=fields.integer("largest", 1, MAX_BLOB_SIZE),
        refused=fields.list_of("refused", _read_ending, 0, MAX_REFUSED),
    )
    fields.end()
    if list(limits.refused) != sorted(set(limits.refused)):
        raise MalformedError
    return limits


def _field_json(field: Field) -> Json:
    return {
        "choices": [{"id": choice.id, "titles": dict(choice.titles)} for choice in field.choices],
        "examples": dict(field.examples),
        "id": field.id,
        "need": field.need,
        "rows": field.rows,
        "titles": dict(field.titles),
    }


def _read_choice(untrusted_value: object) -> Choice:
    fields = Fields(untrusted_value)
    choice = Choice(fields.id("id"), read_names(fields.take("titles")))
    fields.end()
    return choice


def _read_ending(untrusted_value: object) -> str:
    if not isinstance(untrusted_value, str) or not _ENDING.match(untrusted_value):
        raise MalformedError
    return untrusted_value
