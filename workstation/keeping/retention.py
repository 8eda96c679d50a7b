"""Which closed cases have been kept long enough, what holds them back, and who agrees that they go.

Two readers of the case agree: one proposes, another destroys. A legal process holds a case until somebody
ends that. Cases that were merged are due together, when the last of them is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crypto.canonical import Json
from crypto.fields import Day, ReviewerId
from workstation import cases, erasing
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.course import LONGEST_REASON, follow
from workstation.casework.errors import (
    LegalHoldError,
    NoSecondReaderError,
    NotDueError,
    NotHeldError,
    ReasonMissingError,
)
from workstation.casework.journal import Step
from workstation.erasing import Erased
from workstation.keeping import certificate, retention_rules
from workstation.keeping.certificate import Destroyed, Made
from workstation.keeping.retention_rules import Rule
from workstation.station import Station


@dataclass(frozen=True)
class Kept:
    """A closed case. `ends`: the day from which on it may be destroyed; `held`: why it may not, or empty;
    `group`: the numbers of all that go together; `proposed`: who wants it destroyed, None if nobody."""

    case: Case
    rule: Rule
    ends: Day
    held: str
    group: tuple[int, ...]
    proposed: ReviewerId | None

    def is_due(self, on: Day) -> bool:
        return self.ends <= on and not self.held


def closed(station: Station) -> list[Kept]:
    """Every readable case that is closed, with those it goes with; the first to be destroyed first."""
    rules, readable = retention_rules.rules(station), list(cases.readable(station))
    known = {case.number for case in readable}
    alone = {case.number: _alone(station, case, rules) for case in readable}
    parents = {number: into for number, (into, _kept) in alone.items() if into in known}
    groups: dict[int, list[Kept | None]] = {}
    for number, (_into, kept) in alone.items():
        groups.setdefault(_root(parents, number), []).append(kept)
    found = [kept for group in groups.values() for kept in _together(group)]
    return sorted(found, key=lambda kept: (kept.ends, kept.case.number))


def due(station: Station, on: Day) -> list[Kept]:
    """Those whose time is over and that nothing holds."""
    return [kept for kept in closed(station) if kept.is_due(on)]


def hold(station: Station, case: Case, reason: str, on: Day) -> Case:
    """A legal process needs the case: it is not destroyed until `free`; ReasonMissingError."""
    if not reason.strip():
        raise ReasonMissingError(known="…")
    with station.vault.transaction():
        words = reason.strip()[:LONGEST_REASON]
        return journal.add(station, case, "legal-hold", {"reason": words}, on)[0]


def free(station: Station, case: Case, reason: str, on: Day) -> Case:
    """The legal process is over; ReasonMissingError, NotHeldError."""
    if not reason.strip():
        raise ReasonMissingError(known="…")
    with station.vault.transaction():
        if not held_by(journal.of_case(station, case)):
            raise NotHeldError(number=case.number)
        words = reason.strip()[:LONGEST_REASON]
        return journal.add(station, case, "legal-hold-ended", {"reason": words}, on)[0]


def held_by(steps: Sequence[Step]) -> str:
    """Why a case must be kept; empty if nothing holds it."""
    for step in reversed(steps):
        if step.kind == "legal-hold":
            return str(step.details.get("reason", ""))
        if step.kind == "legal-hold-ended":
            break
    return ""


def chosen(station: Station, numbers: Sequence[int], on: Day) -> list[Kept]:
    """These cases with all that go with them; NotDueError, LegalHoldError, NoSuchCaseError."""
    known = {kept.case.number: kept for kept in closed(station)}
    wanted: set[int] = set()
    for number in numbers:
        kept = known.get(cases.find(station, number).number)
        if kept is None or kept.ends > on:
            raise NotDueError(number=number)
        if kept.held:
            raise LegalHoldError(number=number)
        wanted |= set(kept.group)
    return [known[number] for number in sorted(wanted)]


def propose(station: Station, wanted: Sequence[Kept], on: Day) -> None:
    """The first of two persons wants them destroyed; NoSecondReaderError."""
    with station.vault.transaction():
        for kept in wanted:
            if len(cases.readers(station, kept.case)) < 2:
                raise NoSecondReaderError
            if kept.proposed is None:
                details: dict[str, Json] = {"months": kept.rule.months, "outcome": kept.rule.outcome}
                journal.add(station, kept.case, "destruction-proposed", details, on)


def agreed(station: Station, wanted: Sequence[Kept]) -> bool:
    """Whether somebody else has proposed each of them, so that the reviewer who is here may destroy them."""
    return all(kept.proposed not in (None, station.reviewer) for kept in wanted)


def destroy(station: Station, wanted: Sequence[Kept], on: Day) -> Made:
    """Destroys cases that two persons agreed on, with a signed certificate, which the vault keeps.

    The station is locked afterwards. EvidenceArrivingError, DiskFullError, CannotWriteError: nothing is
    changed.
    """
    assert agreed(station, wanted)
    made: list[Made] = []

    def certify(inside: Station, gone: Sequence[Erased]) -> None:
        destroyed = [_destroyed(kept, what) for kept, what in zip(wanted, gone, strict=True)]
        made.append(certificate.make(inside, destroyed, on))

    erasing.erase_all(station, [kept.case for kept in wanted], "retention", certify)
    return made[0]


def _destroyed(kept: Kept, gone: Erased) -> Destroyed:
    assert kept.proposed is not None
    return Destroyed(
        case=kept.case.number,
        outcome=kept.rule.outcome,
        months=kept.rule.months,
        messages=gone.messages,
        replies=gone.replies,
        files=gone.files,
        proposed=kept.proposed,
    )


def _alone(station: Station, case: Case, rules: dict[str, Rule]) -> tuple[int, Kept | None]:
    """The number of the case into which it was merged, or 0, and how long it is kept if it is closed."""
    steps = journal.of_case(station, case)
    course = follow(steps, case.head.first)
    into = course.merged_into or 0
    if course.stage != "closed" or course.outcome is None:
        return into, None
    rule = rules[course.outcome]
    return into, Kept(case, rule, rule.ends(course.since), held_by(steps), (case.number,), _proposed(steps))


def _root(parents: Mapping[int, int], number: int) -> int:
    """The case that all of a chain go with; the lowest number if somebody merged them in a circle."""
    seen = [number]
    while (into := parents.get(seen[-1])) is not None:
        if into in seen:
            return min(seen[seen.index(into) :])
        seen.append(into)
    return seen[-1]


def _together(group: Sequence[Kept | None]) -> list[Kept]:
    """Those of a group, with the latest day and every reason of all of them; none while one is open."""
    found = [kept for kept in group if kept is not None]
    if len(found) != len(group):
        return []
    ends = max(kept.ends for kept in found)
    held = "; ".join(kept.held for kept in found if kept.held)
    numbers = tuple(sorted(kept.case.number for kept in found))
    return [replace(kept, ends=ends, held=held, group=numbers) for kept in found]


def _proposed(steps: Sequence[Step]) -> ReviewerId | None:
    """Who proposed to destroy it, unless something has been done with it since."""
    return steps[-1].reviewer if steps and steps[-1].kind == "destruction-proposed" else None
