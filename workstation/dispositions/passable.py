"""What of a case can be passed on as text: the answers of the report, the reporter's messages, or what
another office passed on to us."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crypto.fields import Day
from crypto.message import Report, Text
from workstation import answers, terminal, thread
from workstation.cases import Case
from workstation.dispositions import kept
from workstation.station import Station
from workstation.texts import N_, _
from workstation.thread import Entry

_PERSONAL: Final = frozenset({"others", "elsewhere"})
"""Answers that tell more of the reporter than of the matter: who else knows, and where else it was told."""

_TITLES: Final = {
    "message": N_("Message of the reporter"),
    "objection": N_("Objection of the reporter"),
    "threat": N_("What the reporter says of a threat"),
    "withdrawal": N_("Withdrawal by the reporter"),
}


@dataclass(frozen=True)
class Piece:
    """A text of the case, as it came. `number` counts from 1; `title`: the office's question, or what kind of
    message it is; `suggested`: whether it is passed on unless somebody decides otherwise."""

    number: int
    title: str
    untrusted_text: str
    received: Day
    suggested: bool


def pieces(station: Station, case: Case) -> list[Piece]:
    """Every text that is not empty. Only answers about the matter are suggested, never later messages."""
    found = kept.received(station, case) if case.head.arrival == "office" else None
    if found is not None:
        said = [(terminal.safe(title), text, found.day, True) for title, text in found.document.answers]
        if found.document.text:
            said.insert(0, (_("What the sender wrote"), found.document.text, found.day, True))
    else:
        said = [each for entry in thread.messages(station, case) for each in _of_entry(station, entry)]
    full = [each for each in said if each[1].strip()]
    return [Piece(number, *each) for number, each in enumerate(full, 1)]


def _of_entry(station: Station, entry: Entry) -> Iterator[tuple[str, str, Day, bool]]:
    match entry.message.content:
        case Report(untrusted_answers):
            personal = {untrusted_answers[name] for name in _PERSONAL if name in untrusted_answers}
            for title, text in answers.titled(station, entry):
                yield title, text, entry.meta.received, text not in personal
        case Text(text, kind):
            yield _(_TITLES[kind]), text, entry.meta.received, False
