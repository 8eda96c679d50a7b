"""The recap: what the counts of a register come to. Pure; docs/recap.md says what each figure means."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workstation.casework import stages
from workstation.recap import ratings
from workstation.recap.counts import Count
from workstation.recap.line import Line
from workstation.recap.ratings import Mean
from workstation.recap.register import Register

DIMENSIONS: Final[Mapping[str, Callable[[Count], str]]] = {
    "quarter": lambda count: count.quarter,
    "kind": lambda count: count.kind,
    "family": lambda count: count.family,
    "category": lambda count: count.category,
    "office": lambda count: count.office,
    "arrival": lambda count: count.arrival,
    "result": lambda count: count.result,
    "timeliness": lambda count: count.timeliness,
}
"""By what cases are counted, and a case's value."""


@dataclass(frozen=True)
class Recap:
    """Figures of the cases that came in a period.

    `by`: for each dimension the number of cases of each value that occurs; `stages`: of the cases that are
    not erased; `by_office`: for each office the cases by timeliness. `held`: on hold today; `unanswered`:
    neither erased nor ever answered; `objections` and `reopened`: how often in all. `days`: working days from
    arrival to closing, of each case that is closed and not erased, in rising order. `stars`: None below five.
    """

    total: int
    by: Mapping[str, Mapping[str, int]]
    stages: Mapping[str, int]
    by_office: Mapping[str, Mapping[str, int]]
    open: int
    held: int
    unanswered: int
    merged: int
    erased: int
    objections: int
    reopened: int
    days: tuple[int, ...]
    stars: Mean | None

    @property
    def mean_days(self) -> float | None:
        """The mean of `days` with one decimal, None if there is none."""
        return round(sum(self.days) / len(self.days), 1) if self.days else None

    @property
    def median_days(self) -> int | None:
        """The middle of `days`; of two, the lower."""
        return self.days[(len(self.days) - 1) // 2] if self.days else None


def recap(register: Register) -> Recap:
    """The figures of a register."""
    counts, lines = register.counts, register.agenda
    return Recap(
        total=len(counts),
        by={name: _counted(counts, value) for name, value in DIMENSIONS.items()},
        stages=_in_order(Counter(line.stage for line in lines), stages.STAGES),
        by_office={
            office: _counted([each for each in counts if each.office == office], DIMENSIONS["timeliness"])
            for office in sorted({count.office for count in counts})
        },
        open=sum(count.open for count in counts),
        held=sum(bool(line.held) for line in lines),
        unanswered=sum(not line.answered for line in lines),
        merged=sum(count.result == "merged" for count in counts),
        erased=len(register.erased),
        objections=sum(line.objections for line in lines),
        reopened=sum(line.reopened for line in lines),
        days=_days(lines),
        stars=ratings.mean(stars for count in counts for stars in count.stars),
    )


def _days(lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(sorted(line.days for line in lines if line.days is not None))


def _counted(counts: Iterable[Count], value: Callable[[Count], str]) -> dict[str, int]:
    found = Counter(map(value, counts))
    return {name: found[name] for name in sorted(found)}


def _in_order(found: Counter[str], order: Sequence[str]) -> dict[str, int]:
    return {name: found[name] for name in order if found[name]}
