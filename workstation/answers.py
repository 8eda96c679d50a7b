"""What a report answers, in the words in which the office asked (docs/protocol.md section 4, Forms)."""

from collections.abc import Mapping

from crypto.forms import Field, Form
from crypto.message import Report
from workstation import terminal, texts
from workstation.station import Station
from workstation.thread import Entry


def titled(station: Station, entry: Entry) -> list[tuple[str, str]]:
    """(title, untrusted answer) of each answer of a report, in the form's order.

    The form is the one of the directory under which the report was filed. An answer that it does not know
    comes last, under its id; a choice that it does not know stays as it came.
    """
    if not isinstance(entry.message.content, Report):
        return []
    untrusted_answers = entry.message.content.answers
    return [
        _titled(field, untrusted_answers[name]) if field else (name, untrusted_answers[name])
        for name, field in in_order(untrusted_answers, _form(station, entry))
    ]


def in_order(untrusted_answers: Mapping[str, str], form: Form | None) -> list[tuple[str, Field | None]]:
    """(id, field) of each answer in the form's order; what the form does not know comes last, without one."""
    fields = {field.id: field for field in form.fields} if form else {}
    known: list[tuple[str, Field | None]] = [pair for pair in fields.items() if pair[0] in untrusted_answers]
    return known + [(name, None) for name in sorted(untrusted_answers.keys() - fields.keys())]


def _titled(field: Field, untrusted_answer: str) -> tuple[str, str]:
    choice = field.choice(untrusted_answer)
    answer = texts.named(choice.titles) if choice else untrusted_answer
    return terminal.safe(texts.named(field.titles)), answer


def _form(station: Station, entry: Entry) -> Form | None:
    directory = station.directory_of(entry.meta.directory)
    channel = directory.office.channel(entry.meta.channel) if directory else None
    return directory.office.form(channel.form) if directory and channel else None
