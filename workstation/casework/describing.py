"""The course of a case in words, for the terminal and the page."""

from collections.abc import Mapping, Sequence
from typing import Final

from workstation.cases import Case
from workstation.casework import rules, stages, titles
from workstation.casework.course import Course, Declined, Hold, Move, Moved
from workstation.casework.stages import Stage
from workstation.head import Head
from workstation.texts import N_, _

_NEEDS: Final[Mapping[str, str]] = {
    "sheet": N_("the review sheet"),
    "supervised": N_("a matter of supervision, by the review sheet"),
    "unsupervised": N_("no matter of supervision, by the review sheet"),
    "target": N_("another open case with the same readers, or more"),
    "forwarded": N_("a disposition to an office"),
    "package": N_("the package without identity"),
    "lessons": N_("cause and improvement"),
    "apart": N_("that the other case was closed without it"),
}

Event = Moved | Hold | Declined


def events(course: Course) -> list[Event]:
    """All that happened, in its order."""
    found: Sequence[Event] = (*course.moves, *course.holds, *course.declined)
    return sorted(found, key=lambda event: event.step)


def stage_and_outcome(stage: str, outcome: str | None) -> str:
    """Closed (substantiated)."""
    return f"{titles.stage(stage)} ({titles.outcome(outcome)})" if outcome else titles.stage(stage)


def standing(head: Head) -> str:
    """Where a case stands: its stage, and the pause if there is one."""
    stage = stage_and_outcome(head.stage, head.outcome)
    if not head.held:
        return stage
    return _("{stage}, on hold: {reason}").format(stage=stage, reason=titles.hold_reason(head.held))


def whose(case: Case, reviewer: str) -> list[str]:
    """Whether a case is urgent, and whether this reviewer handles it, for the list."""
    marks = [_("urgent")] if case.head.urgent and case.head.stage != "closed" else []
    return [*marks, _("yours")] if case.head.assigned == reviewer else marks


def to_do(case: Case, reviewer: str, left: bool) -> list[str]:
    """What waits in a case, for the list; `left`: left behind (casework/merging.py)."""
    marks = []
    if case.head.proposed:
        mine = case.head.proposed == reviewer
        marks.append(_("waits for a second person, not you") if mine else _("waits for your agreement"))
    if left:
        marks.append(_("the case it went with is closed: answer the reporter"))
    return marks


def way(start: str, move: Move) -> str:
    """From where to where."""
    return f"{titles.stage(start)} → {stage_and_outcome(move.end, move.outcome)}"


def particulars(move: Move) -> list[tuple[str, str]]:
    """(title, words) of what was said with a move, the answer apart; the words are a reviewer's."""
    found = [
        (_("Reason"), titles.reason(move.reason)),
        (_("Number of the letter"), move.reference),
        (_("Goes with case"), str(move.target or "")),
    ]
    return [(title, words) for title, words in found if words]


def asked(course: Course, end: Stage) -> list[str]:
    """What the step to a stage asks for."""
    arrow = stages.ARROWS[course.stage][end]
    known = rules.outcomes(course, end)
    found = [_(_NEEDS[need]) for need in arrow.needs]
    if len(known) > 1:
        found.append(_("a result"))
    if arrow.reasons or arrow.second:
        found.append(_("a reason"))
    if arrow.reference:
        found.append(_("the number of the letter"))
    if arrow.answer:
        found.append(_("an answer to the reporter"))
    if arrow.second:
        found.append(_("a second person who agrees"))
    return found


def happened(event: Event) -> str:
    """One line: who did what."""
    match event:
        case Moved(by=by, agreed=None):
            return _("{who}: {what}").format(who=by, what=way(event.start, event.move))
        case Moved(by=by, agreed=agreed):
            said = _("{who}: {what}; {other} agreed")
            return said.format(who=by, what=way(event.start, event.move), other=agreed)
        case Hold(by=by, reason=reason, review_on=review_on, until=None):
            said = _("{who}: on hold, {reason}; to be looked at on {day}")
            return said.format(who=by, reason=titles.hold_reason(reason), day=review_on)
        case Hold(by=by, reason=reason, until=until):
            said = _("{who}: on hold, {reason}; until {day}")
            return said.format(who=by, reason=titles.hold_reason(reason), day=until)
        case Declined(by=by, proposal=proposal):
            said = _("{who} did not agree to the step to {stage} that {other} proposed")
            stage = stage_and_outcome(proposal.move.end, proposal.move.outcome)
            return said.format(who=by, stage=stage, other=proposal.by)


def day_of(event: Event) -> str:
    """The day on which it happened."""
    return event.since if isinstance(event, Hold) else event.day
