"""One extension of a case, with a reason that the reporter is told."""

from dataclasses import dataclass, replace

from crypto.canonical import Json
from crypto.fields import Day
from workstation import cases, replies
from workstation.cases import Case
from workstation.casework import course, journal
from workstation.casework.course import Course
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.errors import NoReplyKeyError
from workstation.station import Station
from workstation.texts import _
from workstation.timing import deadlines, due
from workstation.timing.deadline_errors import (
    ExtendedBeforeError,
    ExtensionOnHoldError,
    NothingToExtendError,
    TooLateToExtendError,
)
from workstation.timing.deadlines import Due, Extension
from workstation.timing.due import Counting


@dataclass(frozen=True)
class Extended:
    """A limit before it was extended, and the day that holds now."""

    case: Case
    before: Due
    day: Day


def possible(now: Course, running: tuple[Due, ...], extended: tuple[Extension, ...], on: Day) -> Due:
    """The limit that can be extended on a day.

    ExtendedBeforeError, ExtensionOnHoldError, NothingToExtendError, TooLateToExtendError.
    """
    if extended:
        raise ExtendedBeforeError
    if now.hold is not None:
        raise ExtensionOnHoldError
    found = next((each for each in running if each.rule.extension), None)
    if found is None or found.day is None:  # it stands still while the reporter completes the report
        raise NothingToExtendError
    if found.day < on:
        raise TooLateToExtendError(day=found.day)
    return found


def look(station: Station, case: Case, on: Day) -> tuple[Due, Day]:
    """What an extension would lengthen, and until when; errors of `possible`."""
    steps, counting = journal.of_case(station, case), due.counting(station)
    before = _before(station, case, steps, counting, on)
    step = Step(len(steps) + 1, on, station.reviewer, "extended", _details(before, "", ""))
    return before, _after(station, case, [*steps, step], counting, before)


def extend(station: Station, case: Case, reason: str, answer: str, on: Day) -> Extended:
    """Gives a case the more time that the office's rules have, once; the reporter is told the answer, or the
    reason where there is none. Errors of `possible`, of the words and of a reply."""
    reason = checked(reason, _("Reason"))
    answer = checked(answer, _("Answer to the reporter"), needed=False) or reason
    with station.vault.transaction():
        case = cases.find(station, case.number)
        steps, counting = journal.of_case(station, case), due.counting(station)
        before = _before(station, case, steps, counting, on)
        case, step = journal.add(station, case, "extended", _details(before, reason, answer), on)
        if replies.possible(station, case):
            case = _tell(station, case, answer, on)
        return Extended(case, before, _after(station, case, [*steps, step], counting, before))


def _before(station: Station, case: Case, steps: list[Step], counting: Counting, on: Day) -> Due:
    running = due.of_case(station, case, steps, counting)
    now = course.follow(steps, case.head.first)
    return possible(now, running, deadlines.extensions(steps), on)


def _details(before: Due, reason: str, answer: str) -> dict[str, Json]:
    return {"answer": answer, "count": before.rule.extension, "limit": before.what, "reason": reason}


def _after(station: Station, case: Case, steps: list[Step], counting: Counting, before: Due) -> Day:
    running = due.of_case(station, case, steps, counting)
    day = next(each.day for each in running if each.what == before.what)
    assert day is not None  # the clock goes: `possible` says so
    return day


def _tell(station: Station, case: Case, answer: str, on: Day) -> Case:
    try:
        return replies.write(station, case, answer, None, on)[0]
    except NoReplyKeyError:  # as in moving: a key that the reporter's side made up keeps nobody from going on
        return cases.update(station, case, replace(case.head, way_back=False))
