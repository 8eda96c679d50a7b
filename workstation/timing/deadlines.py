"""Which limits run in a case, when they end, and which were kept. Pure: no vault, no clock of its own.

From when, and until when:

| limit | begins | met by |
|---|---|---|
| register | receipt | the first step |
| verify | receipt; when the reporter has completed it | leaving verification |
| review | receipt, or being reopened | leaving review |
| answer | the same | the first step that tells the reporter more than that it is looked at |
| completion | the same, or the report being complete | answered or closed |
| office | being handled by the office | leaving that |
| follow-up | result, or handing over | closed |
| reporter | asked to complete | leaving that |
| close | the last answer | leaving that |

Pauses and times in which the reporter completes do not count; the reporter's own times are stopped by pauses
only. A case that is merged has no limits of its own any more. One extension lengthens the limit it names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, cast

from crypto.errors import ProtocolError
from crypto.fields import Day, Fields
from workstation.casework import journal, stages
from workstation.casework.course import Course
from workstation.casework.journal import Step
from workstation.casework.stages import Stage
from workstation.casework.tasks import LIMITS, WAITS, Limit
from workstation.errors import VaultDamagedError
from workstation.review.classification import Classification
from workstation.timing.clock import Clock, Pause, WorkingDays, add_months, days_between
from workstation.timing.presets import MOST, Found, Rule, Rules

_UNVERIFIED: Final = ("received", "verification")
_INCOMPLETE: Final = (*_UNVERIFIED, "incomplete", "reopened")
_UNREVIEWED: Final = (*_INCOMPLETE, "review", "merged")
_SILENT: Final = ("", "received", "reviewing")
_ENDS: Final = ("answered", "closed")


@dataclass(frozen=True)
class Extension:
    """More time for a limit, written on a day; `count` in the limit's own unit."""

    limit: Limit
    count: int
    day: Day


@dataclass(frozen=True)
class Due:
    """A limit of a case. `begun`: the day after which it counts; `days`: how many counted days it has, all
    extensions in it; `source`: the preset's id; `day`: the last in time, None if the clock stands still."""

    what: Limit
    source: str
    rule: Rule
    begun: Day
    days: int
    clock: Clock
    day: Day | None

    def late_by(self, on: Day) -> int:
        """Counted days after the last in time, on which it is 0; less while there is time. The weekend behind
        it is late too: by one."""
        late = self.clock.elapsed(on) - self.days
        return max(1, late) if self.day is not None and self.day < on else late


@dataclass(frozen=True)
class Met:
    """A limit that ended: on which day, and how many counted days late; 0 or less if it was kept."""

    due: Due
    on: Day

    @property
    def late(self) -> int:
        return self.due.late_by(self.on)


@dataclass(frozen=True)
class _Visit:
    """The case at a stage; `words`: the reporter was told something with it."""

    stage: Stage
    since: Day
    until: Day | None = None
    words: bool = False


@dataclass(frozen=True)
class _Span:
    """The time of a limit, which may still run; `complete`: when the report was, if that is known."""

    limit: Limit
    start: Day
    end: Day | None
    complete: Day | None = None


def limits(
    course: Course,
    classification: Classification,
    extensions: Sequence[Extension],
    rules: Rules,
    working: WorkingDays,
    first: Day,
    replied: Day | None = None,
) -> tuple[Due, ...]:
    """The limits that run now, those that end first before the others, those that stand still last.

    `first`: the day of receipt; `replied`: that of the last reply, which the silence after an answer counts
    from.
    """
    count = _counter(course, classification, extensions, rules, working)
    running = [span for span in _spans(course, first, replied) if span.end is None]
    found = [due for span in running if (due := count(span))]
    return tuple(sorted(found, key=lambda due: (due.day is None, due.day or "", LIMITS.index(due.what))))


def history(
    course: Course,
    classification: Classification,
    extensions: Sequence[Extension],
    rules: Rules,
    working: WorkingDays,
    first: Day,
) -> tuple[Met, ...]:
    """The office's limits that ended, in the order in which they did, without the reporter's own times."""
    count = _counter(course, classification, extensions, rules, working)
    ended = [span for span in _spans(course, first, None) if span.end and span.limit not in WAITS]
    found = [Met(due, span.end) for span in ended if span.end and (due := count(span))]
    return tuple(sorted(found, key=lambda met: (met.on, LIMITS.index(met.due.what))))


def extensions(steps: Iterable[Step]) -> tuple[Extension, ...]:
    """Those that stand in the journal of a case; VaultDamagedError."""
    return tuple(_extension(step) for step in journal.of_kind(steps, "extended"))


def pauses(course: Course) -> tuple[Pause, ...]:
    """The times that do not count, in order: on hold, and while the reporter completes the report."""
    waited = [visit for visit in _visits(course, course.since) if visit.stage == "incomplete"]
    found = [*_held(course), *(Pause("incomplete", visit.since, visit.until) for visit in waited)]
    return tuple(sorted(found, key=lambda pause: (pause.since, pause.until or "9")))


def office_due(rules: Rules, classification: Classification, working: WorkingDays, sent: Day) -> Day | None:
    """The day by which an office that is sent a case on a day should answer; None if the rules have none."""
    found = rules.find("office", classification)
    return None if found is None else _due(found, sent, 0, (), working).day


def _counter(
    course: Course,
    classification: Classification,
    extensions: Sequence[Extension],
    rules: Rules,
    working: WorkingDays,
) -> Callable[[_Span], Due | None]:
    """What makes the limit of a span; None if the rules have none."""

    def count(span: _Span) -> Due | None:
        found = rules.find(span.limit, classification)
        start = span.complete if found and found.rule.since == "complete" else span.start
        if found is None or start is None:
            return None
        more = sum(
            extension.count
            for extension in extensions
            if extension.limit == span.limit
            and start <= extension.day
            and (span.end is None or extension.day <= span.end)
        )
        return _due(found, start, more, _held(course) if span.limit in WAITS else pauses(course), working)

    return count


def _due(found: Found, start: Day, more: int, paused: tuple[Pause, ...], working: WorkingDays) -> Due:
    rule, days = found.rule, found.rule.count + more
    if rule.unit == "months":
        days = days_between(start, add_months(start, days))
    clock = Clock(start, working if rule.unit == "working" else None, paused)
    return Due(rule.limit, found.source, rule, start, days, clock, clock.reaches(days))


def _extension(step: Step) -> Extension:
    try:
        fields = Fields({name: step.details.get(name) for name in ("count", "limit")})
        limit = cast(Limit, fields.one_of("limit", LIMITS))
        return Extension(limit, fields.integer("count", 1, MOST), step.day)
    except ProtocolError:
        raise VaultDamagedError from None


def _held(course: Course) -> tuple[Pause, ...]:
    return tuple(Pause(hold.reason, hold.since, hold.until) for hold in course.holds)


def _visits(course: Course, first: Day) -> list[_Visit]:
    days = [first, *(moved.day for moved in course.moves)]
    found = [_Visit("received", first)]
    found += [_Visit(moved.move.end, moved.day, words=bool(moved.move.answer)) for moved in course.moves]
    return [replace(visit, until=until) for visit, until in zip_longest(found, days[1:])]


def _spans(course: Course, first: Day, replied: Day | None) -> Iterator[_Span]:
    """Of each round: from receipt to closing, and from every reopening."""
    rounds: list[list[_Visit]] = [[]]
    for visit in _visits(course, first):
        if visit.stage == "reopened":
            rounds.append([])
        rounds[-1].append(visit)
    for number, visits in enumerate(rounds):
        merged = next((place for place, visit in enumerate(visits, 1) if visit.stage == "merged"), None)
        for span in _of_round(visits[:merged], number == 0, replied):
            if merged is None or span.end:
                yield span


def _of_round(visits: Sequence[_Visit], is_first: bool, replied: Day | None) -> Iterator[_Span]:
    begun = visits[0].since
    complete = _first(visits, lambda visit: visit.stage not in _INCOMPLETE)
    if is_first:
        yield _Span("register", begun, visits[0].until)
        yield _Span("verify", begun, _first(visits, lambda visit: visit.stage not in _UNVERIFIED))
        again = [visit for visit in visits if visit.stage == "verification"][1:]
        yield from (_Span("verify", visit.since, visit.until) for visit in again)
    yield _Span("review", begun, _first(visits, lambda visit: visit.stage not in _UNREVIEWED))
    yield _Span("answer", begun, _first(visits[1:], _tells))
    yield _Span("completion", begun, _completed(visits), complete)
    closed = _first(visits, lambda visit: visit.stage == "closed")
    if found := _first(visits, lambda visit: visit.stage in ("result", "handed-over")):
        yield _Span("follow-up", found, closed)
    for visit in visits:
        match visit.stage:
            case "office-handling":
                yield _Span("office", visit.since, visit.until)
            case "incomplete":
                yield _Span("reporter", visit.since, visit.until)
            case "answered":
                yield _Span("close", max(visit.since, replied or visit.since), visit.until)


def _first(visits: Sequence[_Visit], fits: Callable[[_Visit], bool]) -> Day | None:
    return next((visit.since for visit in visits if fits(visit)), None)


def _tells(visit: _Visit) -> bool:
    """Whether the reporter was told more than that somebody looks at it."""
    return visit.words or visit.stage == "closed" or stages.told(visit.stage, None) not in _SILENT


def _completed(visits: Sequence[_Visit]) -> Day | None:
    """Since when a case is answered or closed, and stayed so."""
    done: Day | None = None
    for visit in visits:
        done = (done or visit.since) if visit.stage in _ENDS else None
    return done
