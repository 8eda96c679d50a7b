"""The course of a case: what its steps make of it. Pure: no vault, no clock.

`follow` reads the steps that this module knows (moved, proposed, declined, held, resumed), passes over all
others, and takes no step that breaks the rules of the arrows. What may come next: casework/rules.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

from crypto.canonical import Json
from crypto.constants import MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId
from workstation.casework import stages
from workstation.casework.journal import Step
from workstation.casework.stages import HOLD_REASONS, OUTCOMES, STAGES, HoldReason, Outcome, Stage
from workstation.errors import VaultDamagedError

LONGEST_REASON: Final = 2_000
LONGEST_ANSWER: Final = 20_000


@dataclass(frozen=True)
class Move:
    """A wish to move, or a move that was made. `outcome` only into `closed` and `result`; `reason` in words,
    or one of the arrow's; `reference`: a letter's number; `target`: the case that it is merged into, or 0;
    `answer`: what the reporter is told."""

    end: Stage
    outcome: Outcome | None = None
    reason: str = ""
    reference: str = ""
    target: int = 0
    answer: str = ""


@dataclass(frozen=True)
class Moved:
    """A move that was made, with the day, who made it, and who agreed to it if two were needed. `step` is its
    number in the journal."""

    step: int
    move: Move
    start: Stage
    day: Day
    by: ReviewerId
    agreed: ReviewerId | None = None


@dataclass(frozen=True)
class Proposal:
    """A move that waits for a second person."""

    step: int
    move: Move
    day: Day
    by: ReviewerId


@dataclass(frozen=True)
class Declined:
    """A proposal to which somebody did not agree, or that was taken back."""

    step: int
    proposal: Proposal
    day: Day
    by: ReviewerId
    reason: str


@dataclass(frozen=True)
class Hold:
    """A pause; `until` is the day on which it ended, None while it lasts."""

    step: int
    reason: HoldReason
    since: Day
    by: ReviewerId
    review_on: Day
    until: Day | None = None


@dataclass(frozen=True)
class Course:
    """Where a case stands and how it came there. `since`: the day on which it came to its stage."""

    stage: Stage
    since: Day
    outcome: Outcome | None = None
    moves: tuple[Moved, ...] = ()
    holds: tuple[Hold, ...] = ()
    declined: tuple[Declined, ...] = ()
    proposal: Proposal | None = None

    @property
    def hold(self) -> Hold | None:
        """The pause that lasts."""
        return self.holds[-1] if self.holds and self.holds[-1].until is None else None

    @property
    def merged_into(self) -> int:
        """The case that this one goes with, also when both are closed; 0 if it goes with none."""
        for moved in reversed(self.moves):
            if moved.move.end == "reopened":
                return 0
            if moved.move.end == "merged":
                return moved.move.target
        return 0

    @property
    def objections(self) -> int:
        """How often it was reopened without new facts."""
        return sum(moved.move.end == "reopened" and moved.move.reason == "objection" for moved in self.moves)

    @property
    def told(self) -> str:
        """The coarse status that the reporter should have been told; empty at the beginning."""
        if self.hold:
            return "on-hold"
        stage = self.moves[-1].start if self.stage == "no-action" else self.stage
        return stages.told(stage, self.outcome) or ("received" if self.holds else "")


def follow(steps: Iterable[Step], begun: Day) -> Course:
    """The course of a case that came on this day; VaultDamagedError if a step breaks the rules."""
    course = Course("received", begun)
    for step in steps:
        try:
            course = _after(course, step)
        except ProtocolError:
            raise VaultDamagedError from None
    return course


def move_json(move: Move) -> dict[str, Json]:
    """As it stands in a step."""
    return {
        "answer": move.answer,
        "end": move.end,
        "outcome": move.outcome or "",
        "reason": move.reason,
        "reference": move.reference,
        "target": move.target,
    }


def _after(course: Course, step: Step) -> Course:
    match step.kind:
        case "moved":
            return _moved(course, step)
        case "proposed":
            return _proposed(course, step)
        case "declined":
            return _declined(course, step)
        case "held":
            return _held(course, step)
        case "resumed":
            _keep_to(course.hold is not None)
            return replace(course, holds=_ended(course, step.day))
    return course


def _moved(course: Course, step: Step) -> Course:
    details = dict(step.details)
    number = Fields({"proposed": details.pop("proposed", None)}).integer("proposed", 0, MAX_U32)
    move, proposal = _read_move(Fields(details)), course.proposal
    arrow = stages.arrow(course.stage, move.end)
    _keep_to(arrow is not None and course.hold is None)
    assert arrow is not None
    _keep_to(bool(move.answer) or not arrow.answer)
    moved = Moved(step.number, move, course.stage, step.day, step.reviewer)
    if arrow.second:
        _keep_to(proposal is not None and (number, move) == (proposal.step, proposal.move))
        assert proposal is not None
        _keep_to(proposal.by != step.reviewer)
        moved = replace(moved, by=proposal.by, agreed=step.reviewer)
    else:
        _keep_to(proposal is None and number == 0)
    return replace(
        course,
        stage=move.end,
        since=step.day,
        outcome=move.outcome if move.end == "closed" else None,
        moves=(*course.moves, moved),
        proposal=None,
    )


def _proposed(course: Course, step: Step) -> Course:
    _keep_to(course.hold is None and course.proposal is None)
    move = _read_move(Fields(dict(step.details)))
    return replace(course, proposal=Proposal(step.number, move, step.day, step.reviewer))


def _declined(course: Course, step: Step) -> Course:
    fields = Fields(dict(step.details))
    reason = fields.text("reason", LONGEST_REASON)
    fields.end()
    _keep_to(course.proposal is not None)
    assert course.proposal is not None
    declined = Declined(step.number, course.proposal, step.day, step.reviewer, reason)
    return replace(course, declined=(*course.declined, declined), proposal=None)


def _held(course: Course, step: Step) -> Course:
    _keep_to(stages.is_open(course.stage) and course.proposal is None)
    fields = Fields(dict(step.details))
    reason = cast(HoldReason, fields.one_of("reason", HOLD_REASONS))
    hold = Hold(step.number, reason, step.day, step.reviewer, fields.day("review_on"))
    fields.end()
    return replace(course, holds=(*_ended(course, step.day), hold))


def _ended(course: Course, on: Day) -> tuple[Hold, ...]:
    return tuple(replace(hold, until=on) if hold.until is None else hold for hold in course.holds)


def _keep_to(rule: bool) -> None:
    if not rule:
        raise VaultDamagedError


def _read_move(fields: Fields) -> Move:
    outcome = fields.one_of("outcome", ("", *OUTCOMES))
    move = Move(
        end=cast(Stage, fields.one_of("end", STAGES)),
        outcome=cast(Outcome, outcome) if outcome else None,
        reason=fields.text("reason", LONGEST_REASON),
        reference=fields.text("reference", LONGEST_REASON),
        target=fields.integer("target", 0, MAX_U32),
        answer=fields.text("answer", LONGEST_ANSWER),
    )
    fields.end()
    return move
