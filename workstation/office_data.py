"""What an office asks reporters: channels, forms, limits of files and notes, from a JSON file.

The file is an object with `channels`, `forms`, `evidence` and `notes` as in docs/protocol.md section 4; only
`recipients` do not stand in it: who reads what is said at the ceremony.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crypto.constants import MAX_ANSWERS, MAX_LIST, MAX_SLICE_SIZE
from crypto.directory import Channel, read_channel
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import ChannelId, Fields, ReviewerId, distinct
from crypto.forms import Form, Limits, read_field, read_form, read_limits
from crypto.names import Notes, read_notes
from workstation.errors import BadFormsError, BadPlanError, CannotReadError
from workstation.reasons import reason
from workstation.texts import N_, _

DEFAULT: Final = Path(__file__).with_name("office_data.json")
"""What an office gets that brings nothing of its own."""

_MARKUP: Final = re.compile(r"<[A-Za-z/!?]")

_RULES: Final = {
    "file": N_(
        "the file is one JSON object with channels and forms (1 to 32 of each), evidence and notes, "
        "and nothing else"
    ),
    "channel": N_(
        "a channel has an id, a kind (aduan, aspirasi or permohonan-informasi), a family (integrity or "
        "service if it is an aduan, else none), the id of a form of this file, and titles in en and id"
    ),
    "form": N_(
        "a form has an id, 1 to 16 fields with different ids, at least one of them required or either, "
        "notes in en and id, and evidence (advised, none or required)"
    ),
    "field": N_(
        "a field has an id, titles (1 to 200 characters) and examples (up to 2,000) in en and id, a need "
        "(either, optional or required), 1 to 12 rows, and up to 32 choices with different ids and titles"
    ),
    "evidence": N_(
        "evidence has the size of the largest file in bytes, and up to 64 refused endings in rising order, "
        "in small letters and digits and without the dot"
    ),
    "notes": N_("notes are texts in en and id of up to 2,000 characters"),
    "ids": N_("no two channels and no two forms have the same id"),
    "markup": N_(
        "texts are shown as they stand, so reporters would see markup such as <b>: write plain text"
    ),
}


@dataclass(frozen=True)
class OfficeData:
    """What a directory says beside names, keys and days."""

    channels: tuple[Channel, ...]
    forms: tuple[Form, ...]
    evidence: Limits
    notes: Notes

    def read_by(self, readers: Mapping[ChannelId, tuple[ReviewerId, ...]]) -> "OfficeData":
        """With other readers of the channels that are named; BadPlanError if there is no such channel."""
        known = [channel.id for channel in self.channels]
        if not readers.keys() <= set(known):
            raise BadPlanError(what=_("the channels are {known}").format(known=", ".join(known)))
        channels = [replace(c, recipients=readers.get(c.id, c.recipients)) for c in self.channels]
        return replace(self, channels=tuple(channels))


def load(path: Path, reviewers: Collection[ReviewerId]) -> OfficeData:
    """The data in a file, every channel read by all these reviewers; CannotReadError, BadFormsError."""
    try:
        with path.open("rb") as file:
            untrusted_data = file.read(MAX_SLICE_SIZE + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    with _rule("file", path.name):
        fields = Fields(_parse(untrusted_data))
        untrusted_channels = fields.list_of("channels", _same, 1, MAX_LIST)
        untrusted_forms = fields.list_of("forms", _same, 1, MAX_LIST)
        untrusted_limits, untrusted_notes = fields.take("evidence"), fields.take("notes")
        fields.end()
    forms = tuple(_form(f"forms {n}", form) for n, form in enumerate(untrusted_forms, 1))
    channels = tuple(
        _channel(f"channels {n}", channel, reviewers, forms)
        for n, channel in enumerate(untrusted_channels, 1)
    )
    with _rule("ids", path.name):
        distinct([channel.id for channel in channels])
        distinct([form.id for form in forms])
    with _rule("evidence", "evidence"):
        limits = read_limits(untrusted_limits)
    with _rule("notes", "notes"):
        notes = read_notes(untrusted_notes)
    _plain("notes", notes)
    return OfficeData(channels, forms, limits, notes)


def _parse(untrusted_data: bytes) -> object:
    if len(untrusted_data) > MAX_SLICE_SIZE:
        raise MalformedError
    try:
        return json.loads(untrusted_data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise MalformedError from None


def _form(where: str, untrusted_form: object) -> Form:
    with _rule("form", where):
        untrusted_fields = Fields(untrusted_form).list_of("fields", _same, 1, MAX_ANSWERS)
    for number, untrusted_field in enumerate(untrusted_fields, 1):
        here = f"{where}, fields {number}"
        with _rule("field", here):
            field = read_field(untrusted_field)
        _plain(here, field.titles, field.examples, *(choice.titles for choice in field.choices))
    with _rule("form", where):
        form = read_form(untrusted_form)
    _plain(where, form.notes)
    return form


def _channel(
    where: str, untrusted_channel: object, reviewers: Collection[ReviewerId], forms: Collection[Form]
) -> Channel:
    with _rule("channel", where):
        if not isinstance(untrusted_channel, dict) or "recipients" in untrusted_channel:
            raise MalformedError
        channel = read_channel(untrusted_channel | {"recipients": list(reviewers)})
        if channel.form not in {form.id for form in forms}:
            raise MalformedError
    _plain(where, channel.titles)
    return channel


def _plain(where: str, *texts: Mapping[str, str]) -> None:
    if any(_MARKUP.search(text) for text_in in texts for text in text_in.values()):
        raise _broken("markup", where)


@contextmanager
def _rule(rule: str, where: str) -> Iterator[None]:
    """Says in words which rule is broken where."""
    try:
        yield
    except ProtocolError:
        raise _broken(rule, where) from None


def _broken(rule: str, where: str) -> BadFormsError:
    return BadFormsError(where=where, rule=_(_RULES[rule]))


def _same(untrusted_value: object) -> object:
    return untrusted_value
