"""The time of one case in words: what runs, what was kept, and when the clock stood still."""

from dataclasses import dataclass

from crypto.fields import Day
from workstation.cases import Case
from workstation.casework import course, journal
from workstation.casework.tasks import WAITS
from workstation.station import Station
from workstation.texts import _
from workstation.timing import deadlines, due, duewords
from workstation.timing.clock import Unit
from workstation.timing.deadlines import Due, Extension, Met


@dataclass(frozen=True)
class Line:
    """A limit. `day`: by which it is due, or was met; None while the clock stands still. `said`: how that is
    to be seen; `late`: whether the office is or was; `length` with its extension; `source`: the preset."""

    task: str
    day: Day | None
    said: str
    late: bool
    length: str
    source: str


@dataclass(frozen=True)
class Time:
    """All of it; `pauses`: (since, until, why), until is None while it lasts."""

    running: tuple[Line, ...]
    kept: tuple[Line, ...]
    pauses: tuple[tuple[Day, Day | None, str], ...]
    extended: tuple[Extension, ...]


def of_case(station: Station, case: Case, on: Day) -> Time:
    """The time of a case as it is on a day."""
    steps, counting = journal.of_case(station, case), due.counting(station)
    now = course.follow(steps, case.head.first)
    return Time(
        running=tuple(_running(each, on) for each in due.of_case(station, case, steps, counting)),
        kept=tuple(_kept(each) for each in due.history(station, case, steps, counting)),
        pauses=tuple((each.since, each.until, duewords.pause(each.reason)) for each in deadlines.pauses(now)),
        extended=deadlines.extensions(steps),
    )


def _running(limit: Due, on: Day) -> Line:
    days = limit.late_by(on)
    late = days > 0 and limit.what not in WAITS
    if limit.day is None:
        said = _("stands still; {length} are left").format(length=_length(limit, -days))
    elif late:
        said = _("late by {length}").format(length=_length(limit, days))
    else:
        said = duewords.distance(limit.what, limit.day, on)
    return _line(limit, limit.day, said, late)


def _kept(met: Met) -> Line:
    late = met.late > 0
    said = _("late by {length}").format(length=_length(met.due, met.late)) if late else _("in time")
    return _line(met.due, met.on, said, late)


def _length(limit: Due, days: int) -> str:
    unit: Unit = "working" if limit.rule.unit == "working" else "calendar"
    return duewords.length(days, unit)


def _line(limit: Due, day: Day | None, said: str, late: bool) -> Line:
    return Line(duewords.task(limit.what), day, said, late, duewords.extent(limit.rule), limit.source)
