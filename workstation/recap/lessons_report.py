"""The yearly account of causes and improvements: words, of which nothing is printed that nobody chose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workstation import cases, terminal
from workstation.casework import course, journal
from workstation.recap.errors import NoSuchLessonError
from workstation.recap.paper import Paper, Table
from workstation.recap.periods import Period, quarter_of
from workstation.review import lessons
from workstation.review.categories import Categories
from workstation.station import Station
from workstation.texts import _


@dataclass(frozen=True)
class Lesson:
    """What was learned from a case that was closed in the period."""

    case: int
    sector: str
    cause: str
    improvement: str


def of(station: Station, period: Period) -> list[Lesson]:
    """All lessons of readable cases that were closed in a period, by sector; VaultDamagedError."""
    found = []
    for case in cases.readable(station):
        steps = journal.of_case(station, case)
        now = course.follow(steps, case.head.first)
        learned = lessons.latest(steps)
        if learned and now.stage == "closed" and quarter_of(now.since) in period.quarters:
            found.append(Lesson(case.number, learned.sector, learned.cause, learned.improvement))
    return sorted(found, key=lambda lesson: (lesson.sector, lesson.case))


def chosen(found: Sequence[Lesson], numbers: Iterable[int]) -> list[Lesson]:
    """Those of these cases; NoSuchLessonError."""
    wanted = set(numbers)
    for number in sorted(wanted - {lesson.case for lesson in found}):
        raise NoSuchLessonError(number=number)
    return [lesson for lesson in found if lesson.case in wanted]


def paper(picked: Sequence[Lesson], period: Period, named: Categories) -> Paper:
    """What is printed: sector, cause and improvement, neither case nor office nor day."""
    rows = [
        tuple(map(terminal.safe, (named.sector_title(each.sector), each.cause, each.improvement)))
        for each in picked
    ]
    title = _("Causes and improvements, {period}").format(period=period.name)
    return Paper(
        name=f"peluit-lessons-{period.name}",
        title=title,
        lead=[_("From closed cases, chosen and read through before it was printed.")],
        tables=[Table(title, (_("Sector"), _("Cause"), _("Improvement")), rows)] if rows else [],
    )
