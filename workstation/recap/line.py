"""One line of the register: what is known of a case without a word of anybody, a name or a time of day."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.fields import Day
from workstation.cases import Case
from workstation.casework import course, journal
from workstation.casework.course import Course
from workstation.casework.journal import Step
from workstation.recap import ratings, timeliness
from workstation.recap.counts import Count
from workstation.recap.periods import quarter_of
from workstation.review import classifying
from workstation.station import Station
from workstation.timing.due import Counting


@dataclass(frozen=True)
class Line:
    """A case in the register. `arrived`: the day on which its first message came; `closed`: the day on which
    it was closed, None while it is not; `due`: the day by which it must be, None without a limit; `days`:
    working days from its arrival to that closing; `held`: the reason of a pause, or empty; `answered`:
    whether the reporter ever got words, True if there is no way back; `objections` and `reopened`: how
    often."""

    case: int
    arrived: Day
    stage: str
    held: str
    closed: Day | None
    due: Day | None
    days: int | None
    answered: bool
    objections: int
    reopened: int
    count: Count


def of_case(station: Station, case: Case, counting: Counting, on: Day) -> Line:
    """A case's line as of a day; VaultDamagedError."""
    steps = journal.of_case(station, case)
    now = course.follow(steps, case.head.first)
    closed = now.since if now.stage == "closed" else None
    limit = timeliness.of_case(station, case, steps, now, counting, on)
    return Line(
        case=case.number,
        arrived=case.head.first,
        stage=now.stage,
        held=case.head.held,
        closed=closed,
        due=limit.due,
        days=limit.days,
        answered=case.head.answered > 0 or not case.head.way_back,
        objections=now.objections,
        reopened=sum(moved.move.end == "reopened" for moved in now.moves),
        count=_count(station, case, steps, now, limit.said),
    )


def _count(station: Station, case: Case, steps: Sequence[Step], now: Course, said: str) -> Count:
    found = classifying.of_steps(station, case, steps)
    return Count(
        quarter=quarter_of(case.head.first),
        kind=found.kind,
        family=found.family,
        category=found.category,
        office=found.office,
        arrival=case.head.arrival,
        result=now.outcome or ("merged" if now.stage == "merged" else "open"),
        timeliness=said,
        stars=ratings.of_case(station, case),
        restricted=bool(case.head.excluded),
    )
