"""Ratings of answers: only ever counted together, and shown from five on."""

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.message import Rating
from workstation import thread
from workstation.cases import Case
from workstation.recap.suppression import SMALLEST
from workstation.station import Station


@dataclass(frozen=True)
class Mean:
    """How many ratings there are, and their mean in tenths of a star, rounded half up."""

    count: int
    tenths: int

    @property
    def stars(self) -> str:
        """The mean with one decimal."""
        return f"{self.tenths // 10}.{self.tenths % 10}"


def of_case(station: Station, case: Case) -> tuple[int, ...]:
    """The stars of each answer that the reporter rated, by the answer; the last rating of each counts."""
    found: dict[int, int] = {}
    for entry in thread.messages(station, case):
        if isinstance(entry.message.content, Rating):
            found[entry.message.content.reply] = entry.message.content.stars
    return tuple(stars for _reply, stars in sorted(found.items()))


def mean(stars: Iterable[int]) -> Mean | None:
    """None below five ratings."""
    found = list(stars)
    if len(found) < SMALLEST:
        return None
    return Mean(len(found), (20 * sum(found) + len(found)) // (2 * len(found)))
