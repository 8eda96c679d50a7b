"""What may come next in a case, and what is missing for it. Pure: no vault, no clock.

What a move lacks is raised as an error of casework/errors.py, in words.
"""

from dataclasses import replace

from crypto.fields import ReviewerId
from workstation.casework import stages, words
from workstation.casework.course import LONGEST_ANSWER, LONGEST_REASON, Course, Move, Moved
from workstation.casework.errors import (
    AnswerMissingError,
    FactMissingError,
    NoSuchArrowError,
    NotAskedError,
    NotOpenError,
    OnHoldError,
    OutcomeMissingError,
    ProposalOpenError,
    ReasonMissingError,
    ReferenceMissingError,
    ReopenedBeforeError,
)
from workstation.casework.stages import Arrow, Facts, Outcome, Stage
from workstation.texts import _


def complete(course: Course, wish: Move) -> Move:
    """The wish without blanks around its words, and with the result if there can be only one."""
    known = outcomes(course, wish.end)
    return replace(
        wish,
        outcome=known[0] if wish.outcome is None and len(known) == 1 else wish.outcome,
        reason=wish.reason.strip(),
        reference=wish.reference.strip(),
        answer=wish.answer.strip(),
    )


def check_move(course: Course, move: Move, facts: Facts) -> Arrow:
    """The arrow of a move that is allowed."""
    if course.hold is not None:
        raise OnHoldError
    if course.proposal is not None:
        raise ProposalOpenError(by=course.proposal.by)
    return check_again(course, move, facts)


def check_again(course: Course, move: Move, facts: Facts) -> Arrow:
    """The same for a move that was proposed and is now agreed to."""
    arrow = stages.arrow(course.stage, move.end)
    if arrow is None:
        raise NoSuchArrowError(start=course.stage, end=move.end)
    _check_said(course, move, arrow)
    if arrow.reference and not move.reference:
        raise ReferenceMissingError
    if arrow.answer and not move.answer:
        raise AnswerMissingError
    for need in (*arrow.needs, *(("quiet",) if move.reason == "silence" else ())):
        if not getattr(facts, need):
            raise FactMissingError(need=need)
    if move.end == "reopened" and move.reason == "objection" and course.objections:
        raise ReopenedBeforeError
    return arrow


def check_hold(course: Course) -> None:
    """NotOpenError, ProposalOpenError unless the case can be paused, or its pause be changed."""
    if not stages.is_open(course.stage):
        raise NotOpenError
    if course.proposal is not None:
        raise ProposalOpenError(by=course.proposal.by)


def possible(course: Course) -> tuple[Stage, ...]:
    """The stages that an arrow leads to from here."""
    return () if course.hold or course.proposal else tuple(stages.ARROWS[course.stage])


def outcomes(course: Course, end: Stage) -> tuple[Outcome, ...]:
    """The results of which one must be named on the way to a stage; none if it takes no result."""
    arrow = stages.arrow(course.stage, end)
    if arrow is None or course.stage != "follow-up":
        return arrow.outcomes if arrow else ()
    found = _found(course)
    return (found,) if found else ()


def tells(course: Course, move: Move) -> str:
    """The status that the move tells the reporter; empty if they see no change."""
    made = Moved(0, move, course.stage, course.since, ReviewerId(""))
    outcome = move.outcome if move.end == "closed" else None
    there = replace(course, stage=move.end, outcome=outcome, moves=(*course.moves, made))
    return "" if there.told == course.told else there.told


def resumed(course: Course) -> Course:
    """The course as it is once its pause has ended."""
    return replace(course, holds=tuple(replace(hold, until=hold.since) for hold in course.holds))


def _check_said(course: Course, move: Move, arrow: Arrow) -> None:
    """Nothing is missing that must be named, nothing is named that the step does not take."""
    known = outcomes(course, move.end)
    if move.outcome is not None and not known:
        raise NotAskedError(what="outcome")
    if known and move.outcome not in known:
        raise OutcomeMissingError(known=known)
    if arrow.reasons and move.reason not in arrow.reasons:
        raise ReasonMissingError(known=arrow.reasons)
    words.checked(move.reason, _("the reason"), arrow.second, LONGEST_REASON)
    words.checked(move.reference, _("the number of the letter"), False, LONGEST_REASON)
    if move.target and move.end != "merged":
        raise NotAskedError(what="target")
    if move.answer and not arrow.answer and not tells(course, move):
        raise NotAskedError(what="answer")
    words.checked(move.answer, _("the answer"), False, LONGEST_ANSWER)


def _found(course: Course) -> Outcome | None:
    """What the last examination found, or that it was handed over."""
    for moved in reversed(course.moves):
        if moved.move.end == "result":
            return moved.move.outcome
        if moved.move.end == "handed-over":
            return "handed-over"
    return None
