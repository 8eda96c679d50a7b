"""Search in the words of cases.

Each case keeps the different words of all that was said in it, folded, in rows of bounded size that are
locked under the case key: a search opens these instead of every message, and they go with the case.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from crypto.forms import Form
from crypto.message import Evidence, Identity, Message, Rating, Report, Text
from workstation import answers
from workstation.cases import Case, place
from workstation.station import Station

_Version: TypeAlias = tuple[int, int, int]

_FULL: Final = 16_384
"""Letters after which another row begins, so that a long thread costs no more for each message."""
_AT_ONCE: Final = 500
_WORDS: Final = 'SELECT "case", number, words FROM words WHERE "case" IN (SELECT value FROM json_each(?))'


def said(message: Message, form: Form | None) -> Iterator[str]:
    """All texts of a message, in the form's order: of a choice its titles in all languages."""
    match message.content:
        case Report(untrusted_answers):
            yield from _answers(untrusted_answers, form)
        case Text(text, _) | Rating(_, _, text):
            yield text
        case Identity():
            return
        case Evidence():
            yield message.content.untrusted_name


def add(station: Station, case: Case, texts: Iterable[str]) -> None:
    """Adds words to those of a case; inside a transaction of the caller."""
    row = station.vault.row(
        'SELECT number, words FROM words WHERE "case" = ? ORDER BY number DESC LIMIT 1', case.number
    )
    last = "" if row is None else _open(case, *row)
    number = 1 if row is None else row[0]
    if len(last) > _FULL:
        number, last = number + 1, ""
    words = sorted({word for text in (last, *texts) for word in folded(text).split()})
    station.vault.rows(
        'INSERT INTO words ("case", number, words) VALUES (?, ?, ?) '
        'ON CONFLICT ("case", number) DO UPDATE SET words = excluded.words',
        case.number,
        number,
        case.key.seal("\n".join(words).encode("utf-8"), *place(b"words", number)),
    )


class Finder:
    """Finds cases by their words; keeps the words that it has opened, as long as it lives."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[_Version, str]] = {}

    def find(self, station: Station, among: Sequence[Case], wanted: str) -> list[Case]:
        """Those of the cases in which every wanted word stands, or is part of one; all if none is wanted.

        The number of a case counts as a word of it, as a whole.
        """
        words = folded(wanted).split()
        if not words:
            return list(among)
        self._open([case for case in among if not self._is_kept(case)], station)
        return [case for case in among if all(self._has(case, word) for word in words)]

    def _has(self, case: Case, word: str) -> bool:
        return word in self._kept[case.number][1] or word == str(case.number)

    def _is_kept(self, case: Case) -> bool:
        return case.number in self._kept and self._kept[case.number][0] == _version(case)

    def _open(self, todo: list[Case], station: Station) -> None:
        for start in range(0, len(todo), _AT_ONCE):
            by_number = {case.number: case for case in todo[start : start + _AT_ONCE]}
            opened: dict[int, list[str]] = {number: [] for number in by_number}
            for number, row, sealed in station.vault.rows(_WORDS, json.dumps(list(by_number))):
                opened[number].append(_open(by_number[number], row, sealed))
            for number, case in by_number.items():
                self._kept[number] = _version(case), "\n".join(opened[number])


def folded(text: str) -> str:
    """How texts are compared: without case, and whatever way their letters were composed."""
    return unicodedata.normalize("NFKC", text).casefold()


def _answers(untrusted_answers: dict[str, str], form: Form | None) -> Iterator[str]:
    for name, field in answers.in_order(untrusted_answers, form):
        choice = field.choice(untrusted_answers[name]) if field else None
        yield " / ".join(choice.titles.values()) if choice else untrusted_answers[name]


def _version(case: Case) -> _Version:
    """Whatever adds words to a case adds to one of these."""
    return case.head.messages, case.head.replies, case.head.notes


def _open(case: Case, number: int, sealed: bytes) -> str:
    return case.key.open(sealed, *place(b"words", number)).decode("utf-8")
