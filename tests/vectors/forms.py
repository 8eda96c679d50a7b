"""What an office asks, in slices: as much and as little as may be, and what breaks one rule each."""

from collections.abc import Iterator
from typing import Any

from crypto.constants import MAX_BLOB_SIZE
from crypto.fields import FormId
from crypto.forms import Choice, Field, Form, Limits

Change = dict[str, Any]
"""Keys of a slice with other values; `...` for a key that is left out."""

LIMITS = Limits(8 * 2**30, ("exe", "scr"))
NOTES = {"en": "One thing.\n\n- a\n- b", "id": "Satu hal.\n\n- a\n- b"}
FORM = Form(
    FormId("aduan"),
    (
        Field(
            "category",
            {"en": "Kind", "id": "Jenis"},
            {"en": "", "id": ""},
            "optional",
            1,
            (
                Choice("pungli", {"en": "Illegal levies", "id": "Pungutan liar"}),
                Choice("lainnya", {"en": "Other", "id": "Lainnya"}),
            ),
        ),
        Field(
            "what",
            {"en": "What happened?", "id": "Apa yang terjadi?"},
            {"en": "<b>Who & what</b>", "id": "“Kejadian”"},
            "required",
            8,
        ),
        Field("who", {"en": "Who?", "id": "Siapa?"}, {"en": "", "id": ""}, "either", 3),
    ),
    NOTES,
    "advised",
)

_NAMES = {"en": "A", "id": "A"}
_EMPTY = {"en": "", "id": ""}
_LONGEST_TITLE = {"en": "😀" * 200, "id": "é" * 200}
_LONGEST_NOTES = {"en": "😀" * 2_000, "id": "x"}
_CHOICE = {"id": "a", "titles": _NAMES}
_FIELD = {"choices": [], "examples": _EMPTY, "id": "what", "need": "required", "rows": 1, "titles": _NAMES}
_FORM = {"evidence": "none", "fields": [_FIELD], "id": "aduan", "notes": _EMPTY}
_CHANNEL = {
    "family": "integrity",
    "form": "aduan",
    "id": "aduan",
    "kind": "aduan",
    "recipients": ["r1"],
    "titles": _NAMES,
}


def _without(thing: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if name != key}


def _form(**change: Any) -> Change:
    return {"forms": [_FORM | change]}


def _field(**change: Any) -> Change:
    return _form(fields=[_FIELD | change])


def _channel(**change: Any) -> Change:
    return {"channels": [_CHANNEL | change]}


def _limits(**change: Any) -> Change:
    return {"evidence": {"largest": 1, "refused": []} | change}


def good() -> Iterator[tuple[str, str, Change, dict[str, list[str]]]]:
    """Name, what it shows, the change, and the fields of each form."""
    yield "least", "one field, no text that may be empty", _form() | {"notes": _EMPTY}, {"aduan": ["what"]}
    choices = [_CHOICE | {"id": f"c{n}"} for n in range(32)]
    most = [_FIELD | {"id": f"f{n}", "rows": 12, "titles": _LONGEST_TITLE} for n in range(15)]
    most.append(_FIELD | {"id": "f15", "choices": choices, "examples": _LONGEST_NOTES})
    limits = {"largest": MAX_BLOB_SIZE, "refused": sorted(f"{n:x>16}" for n in range(64))}
    yield (
        "most",
        "all the fields, choices, endings and code points that may be",
        _form(fields=most, notes=_LONGEST_NOTES) | {"notes": _LONGEST_NOTES, "evidence": limits},
        {"aduan": [f"f{n}" for n in range(16)]},
    )
    yield "either", "no required field, but one of two", _field(need="either"), {"aduan": ["what"]}
    yield (
        "family-none",
        "a complaint of no family",
        _channel(family="none"),
        {"aduan": ["category", "what", "who"]},
    )
    two = {"forms": [_FORM | {"id": "b"}, _FORM]}
    yield "two", "two forms, one of no channel, in no order", two, {"b": ["what"], "aduan": ["what"]}
    yield (
        "no-endings",
        "no ending refused, files of one byte",
        _limits(),
        {"aduan": ["category", "what", "who"]},
    )


def bad() -> Iterator[tuple[str, str, Change]]:
    """Name, what it shows, the change; each is malformed."""
    yield "none", "no form", {"forms": []}
    yield "missing", "no list of forms", {"forms": ...}
    yield "many", "33 forms", {"forms": [_FORM, *(_FORM | {"id": f"f{n}"} for n in range(32))]}
    yield "twice", "one form id twice", {"forms": [_FORM, _FORM]}
    yield "unknown", "a channel names a form that is not there", _channel(form="aspirasi")
    yield "channel-without", "a channel without form", {"channels": [_without(_CHANNEL, "form")]}
    yield "no-family", "a channel without family", {"channels": [_without(_CHANNEL, "family")]}
    yield "family", "a family nobody knows", _channel(family="other")
    yield "family-aspirasi", "a family on what is no complaint", _channel(kind="aspirasi")
    yield (
        "family-information",
        "a family on a request",
        _channel(kind="permohonan-informasi", family="service"),
    )
    yield "key", "a form with a key nobody knows", _form(extra=1)
    yield "id", "a form whose id is no id", _form(id="Aduan")
    yield "evidence", "a word for evidence that nobody knows", _form(evidence="optional")
    yield "no-fields", "a form without fields", _form(fields=[])
    yield "fields-17", "17 fields", _form(fields=[_FIELD | {"id": f"f{n}"} for n in range(17)])
    yield "field-twice", "one field id twice", _form(fields=[_FIELD, _FIELD | {"need": "optional"}])
    yield "all-optional", "nothing that must be answered", _field(need="optional")
    yield "form-notes-missing", "a form without notes", {"forms": [_without(_FORM, "notes")]}
    yield "form-notes-long", "notes of 2,001 code points", _form(notes=_EMPTY | {"id": "x" * 2_001})
    yield "need", "a need nobody knows", _field(need="wanted")
    yield "rows-0", "a field of no lines", _field(rows=0)
    yield "rows-13", "a field of 13 lines", _field(rows=13)
    yield "rows-true", "a number of lines that is no number", _field(rows=True)
    yield "field-id", "a field whose id is no id", _field(id="what?")
    yield "field-key", "a field with a key nobody knows", _field(html="<b>")
    yield "field-no-choices", "a field without a list of choices", _form(fields=[_without(_FIELD, "choices")])
    yield "title-empty", "a field with an empty title", _field(titles=_NAMES | {"en": ""})
    yield "title-long", "a title of 201 code points", _field(titles=_NAMES | {"en": "😀" * 201})
    yield "title-language", "a title in one language", _field(titles={"id": "A"})
    yield "title-third", "a title in a third language", _field(titles=_NAMES | {"jv": "A"})
    yield "examples-long", "examples of 2,001 code points", _field(examples=_EMPTY | {"en": "😀" * 2_001})
    yield "examples-list", "examples that are a list", _field(examples=["a"])
    yield "choices-33", "33 choices", _field(choices=[_CHOICE | {"id": f"c{n}"} for n in range(33)])
    yield "choice-twice", "one choice id twice", _field(choices=[_CHOICE, _CHOICE])
    yield "choice-id", "a choice whose id is no id", _field(choices=[_CHOICE | {"id": "a b"}])
    yield "choice-title", "a choice without titles", _field(choices=[_without(_CHOICE, "titles")])
    yield "choice-key", "a choice with a key nobody knows", _field(choices=[_CHOICE | {"extra": 1}])
    yield "notes-missing", "an office without notes", {"notes": ...}
    yield "notes-long", "an office's notes of 2,001 code points", {"notes": _EMPTY | {"en": "x" * 2_001}}
    yield "limits-missing", "no limits", {"evidence": ...}
    yield "limits-key", "limits with a key nobody knows", _limits(smallest=1)
    yield "largest-0", "no file is small enough", _limits(largest=0)
    yield "largest-huge", "larger than any blob", _limits(largest=MAX_BLOB_SIZE + 1)
    yield "refused-order", "endings in another order", _limits(refused=["scr", "exe"])
    yield "refused-twice", "one ending twice", _limits(refused=["exe", "exe"])
    yield "refused-65", "65 endings", _limits(refused=[f"e{n:02}" for n in range(65)])
    yield "refused-dot", "an ending with its dot", _limits(refused=[".exe"])
    yield "refused-capital", "an ending in capitals", _limits(refused=["EXE"])
    yield "refused-empty", "an empty ending", _limits(refused=[""])
    yield "refused-long", "an ending of 17 letters", _limits(refused=["x" * 17])
    yield "refused-newline", "an ending and a line end", _limits(refused=["exe\n"])
    yield "refused-number", "an ending that is a number", _limits(refused=[7])
