"""`station stages`: the course of a case so far, and what may come next."""

import argparse
from collections.abc import Iterator

from workstation import cases, terminal
from workstation.cases import Case
from workstation.casework import course, describing, moving, rules, stages, titles
from workstation.casework.course import Course, Declined, Hold, Move, Moved, Proposal
from workstation.casework.describing import Event
from workstation.commands import common
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("show the course of a case: what was done, and what may come next")
    parser = common.add_command(subparsers, "stages", about, run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        now = moving.course_of(station, case)
        mine = now.proposal is not None and now.proposal.by == station.reviewer
        common.say(args, course_json(case, now), _lines(case, now, mine))
    return 0


def course_json(case: Case, now: Course) -> dict[str, object]:
    """The course of a case as a document."""
    return {
        "case": case.number,
        "events": [_event_json(event) for event in describing.events(now)],
        "held": now.hold.reason if now.hold else None,
        "next": [_next_json(now, end) for end in rules.possible(now)],
        "outcome": now.outcome,
        "proposal": _proposal_json(now.proposal) if now.proposal else None,
        "since": now.since,
        "stage": now.stage,
    }


def _event_json(event: Event) -> dict[str, object]:
    found: dict[str, object] = {"by": event.by, "day": describing.day_of(event), "step": event.step}
    match event:
        case Moved(move=move, start=start, agreed=agreed):
            return found | {"agreed": agreed, "from": start, "kind": "moved", "move": _move_json(move)}
        case Hold(reason=reason, review_on=review_on, until=until):
            return found | {"kind": "held", "reason": reason, "review_on": review_on, "until": until}
        case Declined(proposal=proposal, reason=reason):
            return found | {"kind": "declined", "proposal": _proposal_json(proposal), "reason": reason}


def _proposal_json(proposal: Proposal) -> dict[str, object]:
    return {
        "by": proposal.by,
        "day": proposal.day,
        "move": _move_json(proposal.move),
        "step": proposal.step,
    }


def _move_json(move: Move) -> dict[str, object]:
    found: dict[str, object] = {**course.move_json(move)}
    return found | {"outcome": move.outcome, "target": move.target or None}


def _next_json(now: Course, end: stages.Stage) -> dict[str, object]:
    arrow = stages.ARROWS[now.stage][end]
    return {
        "answer": arrow.answer,
        "needs": list(arrow.needs),
        "outcomes": list(rules.outcomes(now, end)),
        "reasons": list(arrow.reasons),
        "reference": arrow.reference,
        "second": arrow.second,
        "stage": end,
    }


def _lines(case: Case, now: Course, mine: bool) -> Iterator[str]:
    columns = common.columns()
    said = _("Case {number}: {stage}, since {day}")
    yield said.format(number=case.number, stage=describing.standing(case.head), day=now.since)
    for event in describing.events(now):
        yield from _event_lines(event, columns)
    if now.proposal is not None:
        yield from ("", *_proposal_lines(case, now, now.proposal, mine, columns))
    ways = rules.possible(now)
    if ways:
        yield from (
            "",
            _("What may come next: peluit station move {number} STAGE").format(number=case.number),
        )
    for end in ways:
        yield from _next_lines(now, end, columns)
    if now.hold is not None:
        yield from ("", _("To end the pause: peluit station resume {number}").format(number=case.number))


def _event_lines(event: Event, columns: int) -> Iterator[str]:
    before = f"  {describing.day_of(event)}  "
    first, *more = terminal.wrap(describing.happened(event), columns - len(before))
    yield before + first
    yield from (" " * len(before) + line for line in more)
    if isinstance(event, Moved):
        yield from _said(event.move, columns)
    if isinstance(event, Declined):
        yield from terminal.quoted(event.reason, columns, "      ")


def _proposal_lines(case: Case, now: Course, proposal: Proposal, mine: bool, columns: int) -> Iterator[str]:
    said = _("A second person must agree to what {who} proposed on {day}: {what}")
    what = describing.way(now.stage, proposal.move)
    yield from terminal.wrap(said.format(who=proposal.by, day=proposal.day, what=what), columns)
    yield from _said(proposal.move, columns)
    if not mine:
        yield "  " + _("To agree: peluit station agree {number}").format(number=case.number)
    yield "  " + _("To decline: peluit station decline {number} --reason WHY").format(number=case.number)


def _said(move: Move, columns: int) -> Iterator[str]:
    for title, words in describing.particulars(move):
        yield from terminal.quoted(f"{title}: {words}", columns, "      ")
    if move.answer:
        yield "      " + _("Answer to the reporter:")
        yield from terminal.quoted(move.answer, columns, "      ")


def _next_lines(now: Course, end: stages.Stage, columns: int) -> Iterator[str]:
    asked = "; ".join(describing.asked(now, end)) or _("nothing more")
    text = _("{stage}. It asks for: {asked}").format(stage=titles.stage(end), asked=asked)
    indent = 18
    first, *more = terminal.wrap(text, columns - indent)
    yield f"  {end:<{indent - 2}}{first}"
    yield from (" " * indent + line for line in more)
