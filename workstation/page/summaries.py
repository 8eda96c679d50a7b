"""Short forms of the cases in memory, so that the list and its search do not open every message each time.

They are made from cases that the reviewer who is here may read, when first needed and again when a case has
grown, and forgotten when the station is locked.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from crypto.message import Evidence, Rating, Report, Text
from workstation import answers, terminal, texts, thread
from workstation.cases import Case
from workstation.station import Station

_LONGEST_EXCERPT = 90


@dataclass(frozen=True)
class Summary:
    """`excerpt`: the beginning of the report, one safe line; `text`: all words, folded for the search."""

    excerpt: str
    text: str
    status: str | None


class Summaries:
    """The short forms, by case."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[tuple[object, ...], Summary]] = {}

    def of(self, station: Station, case: Case) -> Summary:
        """The short form of a case as it is now."""
        version = (case.head.messages, case.head.replies, case.head.excluded, texts.language())
        kept = self._kept.get(case.number)
        if kept is None or kept[0] != version:
            kept = self._kept[case.number] = (version, _summary(station, case))
        return kept[1]


def folded(text: str) -> str:
    """How texts are compared: without case, and whatever way their letters were composed."""
    return unicodedata.normalize("NFKC", text).casefold()


def _summary(station: Station, case: Case) -> Summary:
    entries, sent = thread.messages(station, case), thread.replies(station, case)
    given = [pair for entry in entries for pair in answers.titled(station, entry)]
    words = [answer for _, answer in given]
    words += [word for entry in entries for word in _words(entry.message.content)]
    words += [reply.body.text for reply in sent]
    statuses = [reply.body.status for reply in sent if reply.body.status is not None]
    first = next((word for word in words if word.strip()), "")
    return Summary(
        excerpt=terminal.fit(" ".join(first[: 4 * _LONGEST_EXCERPT].split()), _LONGEST_EXCERPT),
        text=folded("\n".join([str(case.number), *words])),
        status=statuses[-1] if statuses else None,
    )


def _words(content: Report | Text | Rating | Evidence) -> Iterator[str]:
    match content:
        case Text(text, _) | Rating(_, _, text):
            yield text
        case Evidence():
            yield content.untrusted_name
