"""What the office counts deadlines with, and what is due in the cases of its station.

A head says what is next due in its case, so that a list of a thousand cases opens no journals. It is counted
again where it says nothing (after a step or a reply, or an earlier message), and where it was counted by
other rules: `Counting.mark` changes with the presets, the office's days and the library of public holidays.
Whoever shows what is due calls `refresh` first.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from typing import Final, cast

from crypto.canonical import Json
from crypto.constants import MAX_LIST
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, identifier
from workstation import cases, settings, thread
from workstation.cases import Case
from workstation.casework import journal, stages
from workstation.casework.course import Course, follow
from workstation.casework.journal import Step
from workstation.casework.tasks import HOLD
from workstation.dispositions import kept
from workstation.errors import VaultDamagedError
from workstation.review import classifying
from workstation.station import Station
from workstation.timing import deadlines, owndays, presets
from workstation.timing.deadline_errors import BadPresetError, NotForCasesError, UnknownPresetError
from workstation.timing.deadlines import Due, Met
from workstation.timing.presets import DEFAULT_ID, Preset, Rules
from workstation.timing.workdays import Calendar

_SETTING: Final = "deadlines"
_MARK: Final = 16


@dataclass(frozen=True)
class Counting:
    """The rules and the calendar of an office; `mark` is another when either is."""

    rules: Rules
    calendar: Calendar
    mark: str


def counting(station: Station) -> Counting:
    """What the office counts with today; VaultDamagedError."""
    names, _own = _setting(station)
    known = known_presets(station)
    if not set(names) <= set(known):
        raise VaultDamagedError
    rules, calendar = Rules(tuple(known[name] for name in names)), Calendar(owndays.read(station))
    said = repr((rules, presets.shipped()[DEFAULT_ID], calendar.own, _library()))
    return Counting(rules, calendar, hashlib.sha256(said.encode()).hexdigest()[:_MARK])


def known_presets(station: Station) -> dict[str, Preset]:
    """Those that come with the program and the office's own, by id; VaultDamagedError."""
    _names, own = _setting(station)
    try:
        found = [] if own is None else [presets.read(own)]
    except BadPresetError:
        raise VaultDamagedError from None
    return {**presets.shipped(), **{preset.id: preset for preset in found}}


def use(station: Station, names: Sequence[str]) -> None:
    """Goes by these presets from now on, the last has the last word; UnknownPresetError, NotForCasesError."""
    known = known_presets(station)
    for name in names:
        if name not in known:
            raise UnknownPresetError(name=name, known=", ".join(sorted(known)))
    _choose(station, [known[name] for name in names], _setting(station)[1])


def use_own(station: Station, untrusted_data: bytes) -> Preset:
    """Keeps a preset of the office's own, and goes by it alone; BadPresetError, NotForCasesError."""
    preset, value = presets.read_own(untrusted_data)
    _choose(station, [preset], value)
    return preset


def of_case(station: Station, case: Case, steps: Sequence[Step], now: Counting) -> tuple[Due, ...]:
    """The limits that run in a case, the most urgent first."""
    return _limits(station, case, steps, follow(steps, case.head.first), now)


def history(station: Station, case: Case, steps: Sequence[Step], now: Counting) -> tuple[Met, ...]:
    """The limits of a case that ended, kept or missed."""
    return deadlines.history(
        follow(steps, case.head.first),
        classifying.of_steps(station, case, steps),
        deadlines.extensions(steps),
        now.rules,
        now.calendar,
        case.head.first,
    )


def next_due(station: Station, case: Case, steps: Sequence[Step]) -> Day | None:
    """The next day on which the rules want something in a case."""
    return _next(station, case, steps, counting(station))[0]


def refresh(station: Station) -> Counting:
    """Brings the heads of all readable cases up to date; gives what was counted with."""
    now = counting(station)
    old = [case for case in cases.readable(station) if case.head.counted != now.mark]
    if old:
        with station.vault.transaction():
            for case in old:
                steps = journal.of_case(station, case) if case.head.steps else []
                day, task = _next(station, case, steps, now)
                cases.update(station, case, replace(case.head, due=day or "", task=task, counted=now.mark))
    return now


def _next(station: Station, case: Case, steps: Sequence[Step], now: Counting) -> tuple[Day | None, str]:
    """The next day, and what is wanted; while a case is on hold, that somebody looks again."""
    course = follow(steps, case.head.first)
    if course.hold is not None:
        return course.hold.review_on, HOLD
    found = [(due.day, str(due.what)) for due in _limits(station, case, steps, course, now) if due.day]
    if stages.is_open(course.stage):
        found += [(day, "office") for day in kept.awaited(steps)]
        found += [(day, "completion") for day in kept.wanted(steps)]
    return min(found, key=lambda pair: pair[0]) if found else (None, "")


def _limits(
    station: Station, case: Case, steps: Sequence[Step], course: Course, now: Counting
) -> tuple[Due, ...]:
    return deadlines.limits(
        course,
        classifying.of_steps(station, case, steps),
        deadlines.extensions(steps),
        now.rules,
        now.calendar,
        case.head.first,
        _replied(station, case) if course.stage == "answered" else None,
    )


def _replied(station: Station, case: Case) -> Day | None:
    sent = thread.replies(station, case) if case.head.replies else []
    return sent[-1].body.day if sent else None


def _choose(station: Station, chosen: Sequence[Preset], own: object) -> None:
    if all(rule.limit == "notice" for preset in chosen for rule in preset.limits):
        raise NotForCasesError
    value = {"own": own, "use": [preset.id for preset in chosen]}
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, cast(Json, value))
        station.log("settings-changed", _SETTING)
    refresh(station)


def _setting(station: Station) -> tuple[list[str], object]:
    """The ids of the presets in use, and the office's own preset as it stands there, or None."""
    found = settings.read(station.vault, _SETTING)
    if found is None:
        return [DEFAULT_ID], None
    try:
        fields = Fields(found)
        names, own = fields.list_of("use", identifier, 1, MAX_LIST), fields.take("own")
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return list(names), own


@lru_cache(maxsize=1)
def _library() -> str:
    return metadata.version("holidays")
