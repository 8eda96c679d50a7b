"""The register (buku agenda): one line for each case that the reviewer who is here may read.

Of a case that was erased only a `Count` is left (tally.py). Figures are made of nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crypto.fields import Day, ReviewerId
from workstation import cases, identity
from workstation.errors import UnknownReviewerError
from workstation.recap import line, tally
from workstation.recap.counts import Count
from workstation.recap.errors import ColleagueError
from workstation.recap.line import Line
from workstation.recap.periods import Period
from workstation.station import Station
from workstation.timing import due


@dataclass(frozen=True)
class Register:
    """All lines that these reviewers may read together, and the counts of cases that are erased."""

    readers: tuple[ReviewerId, ...]
    lines: Mapping[int, Line]
    erased: Mapping[str, Count]

    def within(self, period: Period) -> "Register":
        """Only what came in this period."""
        return replace(
            self,
            lines={n: each for n, each in self.lines.items() if each.count.quarter in period.quarters},
            erased={name: each for name, each in self.erased.items() if each.quarter in period.quarters},
        )

    @property
    def agenda(self) -> list[Line]:
        """The lines by the day of arrival: the register is numbered when it is written."""
        return sorted(self.lines.values(), key=lambda each: (each.arrived, each.case))

    @property
    def counts(self) -> list[Count]:
        """What all figures are made of."""
        return [*(each.count for each in self.agenda), *self.erased.values()]


def of(stations: Iterable[Station], on: Day) -> Register:
    """What these reviewers may read, each case once; VaultDamagedError.

    One vault, unlocked by several people (`colleague`): its numbers of cases are the same for all.
    """
    readers, lines, erased = [], {}, {}
    for station in stations:
        readers.append(station.reviewer)
        erased.update(tally.of_reader(station))
        counting = due.counting(station)
        for case in cases.readable(station):
            if case.number not in lines:
                lines[case.number] = line.of_case(station, case, counting, on)
    return Register(tuple(readers), lines, erased)


def colleague(station: Station, reviewer: str, passphrase: str) -> Station:
    """The same vault as another reviewer reads it, who is here too and gives their passphrase.

    ColleagueError, UnknownReviewerError, WrongPassphraseError, KeyFileError.
    """
    if reviewer == station.reviewer:
        raise ColleagueError(reviewer=reviewer)
    known = station.layout.reviewer_ids()
    if reviewer not in known:
        raise UnknownReviewerError(reviewer=reviewer, known=", ".join(known))
    other = ReviewerId(reviewer)
    keys = identity.open_reviewer(station.layout.reviewer_key(other).read_bytes(), other, passphrase)
    return replace(station, keys=keys, opened={})
