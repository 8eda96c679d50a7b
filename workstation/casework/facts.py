"""Gathers what the rules of the arrows want to know of a case (casework/stages.py, `Facts`)."""

from collections.abc import Sequence

from crypto.fields import Day
from workstation.cases import Case
from workstation.casework import journal, merging
from workstation.casework.course import Course, Move
from workstation.casework.journal import Step
from workstation.casework.stages import Facts
from workstation.station import Station
from workstation.timing import due


def gather(station: Station, case: Case, steps: Sequence[Step], course: Course, wish: Move, on: Day) -> Facts:
    """The facts of a case on a day, for a move that somebody wishes."""
    since = _reopened(steps)
    sheets = journal.of_kind(steps, "sheet")
    matter = sheets[-1].details.get("supervision") if sheets else None
    return Facts(
        sheet=bool(sheets),
        supervised=matter is True,
        unsupervised=matter is False,
        target=bool(wish.target) and merging.fits(station, case, wish.target),
        forwarded=any(step.number > since for step in journal.of_kind(steps, "forwarded")),
        package=any(step.number > since for step in journal.of_kind(steps, "package")),
        lessons=bool(journal.of_kind(steps, "lessons")),
        apart=merging.is_left_behind(station, case),
        quiet=course.stage == "answered" and _is_quiet(station, case, steps, on),
    )


def _is_quiet(station: Station, case: Case, steps: Sequence[Step], on: Day) -> bool:
    """Whether the reporter's time to reply to the answer is over, and nothing came."""
    running = due.of_case(station, case, steps, due.counting(station))
    over = any(each.what == "close" and each.day is not None and each.day < on for each in running)
    return over and not case.head.unanswered


def _reopened(steps: Sequence[Step]) -> int:
    """The step with which the case was last opened again; 0 if it never was."""
    moved = journal.of_kind(steps, "moved")
    return max((step.number for step in moved if step.details.get("end") == "reopened"), default=0)
