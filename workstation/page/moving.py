"""Moving a case, pausing it, and agreeing to a colleague's step: each seen once more before it is done."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases, replies, reply_templates
from workstation.cases import Case
from workstation.casework import describing, merging, moving, rules, stages, titles
from workstation.casework.course import Course, Move
from workstation.casework.moving import Prospect
from workstation.casework.stages import OUTCOMES, STAGES, Outcome, Stage
from workstation.errors import StationError
from workstation.page import case_page, standing
from workstation.page.replying import with_template
from workstation.page.session import session
from workstation.texts import STATUSES, _

blueprint = Blueprint("moving", __name__)

_FORM: Final = ("insert", "change")


@blueprint.get("/cases/<int:number>/move/<end>")
def form(number: int, end: str) -> str:
    case = cases.find(session().station, number)
    return _form(case, Move(_stage(end)))


@blueprint.post("/cases/<int:number>/move/<end>")
def move(number: int, end: str) -> str | Response:
    """`insert` a template, `preview`, `change` again, or `move`."""
    station = session().station
    case, step = cases.find(station, number), request.form.get("step", "")
    wish = _wish(_stage(end))
    if step in _FORM:
        answer = with_template(case, wish.answer) if step == "insert" else wish.answer
        return _form(case, replace(wish, answer=answer))
    if step != "preview" and request.form.get("next") != str(case.head.steps + 1):
        return _to_case(number)  # done already: clicked twice
    try:
        if step == "preview":
            return _preview(case, moving.look_ahead(station, case, wish, calendar.today()))
        moving.move(station, case, wish, calendar.today())
    except StationError as error:
        return _form(case, wish, error)
    return _to_case(number)


@blueprint.get("/cases/<int:number>/proposal")
def proposal(number: int) -> str | Response:
    return _proposal(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/proposal")
def decide(number: int) -> str | Response:
    """`agree` or `decline`, to the proposal that was shown and no other."""
    station = session().station
    case = cases.find(station, number)
    now = moving.course_of(station, case)
    if now.proposal is None or request.form.get("proposal") != str(now.proposal.step):
        return _to_case(number)
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    try:
        if request.form.get("step") == "agree":
            moving.agree(station, case, calendar.today())
        else:
            moving.decline(station, case, reason, calendar.today())
    except StationError as error:
        return _proposal(case, error, reason)
    return _to_case(number)


def _stage(untrusted_end: str) -> Stage:
    if untrusted_end not in STAGES:
        abort(404)
    return untrusted_end


def _wish(end: Stage) -> Move:
    outcome = request.form.get("outcome", "")
    return Move(
        end=end,
        outcome=outcome if outcome in OUTCOMES else None,
        reason=request.form.get("reason", "").replace("\r\n", "\n"),
        reference=request.form.get("reference", ""),
        target=request.form.get("into", 0, type=int),
        answer=request.form.get("text", "").replace("\r\n", "\n"),
    )


def _form(case: Case, wish: Move, problem: StationError | None = None) -> str:
    station = session().station
    now = moving.course_of(station, case)
    arrow = stages.arrow(now.stage, wish.end)
    if arrow is None:
        abort(404)
    outcomes = rules.outcomes(now, wish.end)
    told = {each: _told(now, wish.end, each) for each in outcomes or (None,)}
    return render_template(
        "move.html",
        wish=wish,
        problem=problem,
        way=describing.way(now.stage, rules.complete(now, wish)),
        asked=describing.asked(now, wish.end),
        arrow=arrow,
        outcomes=[(each, titles.outcome(each)) for each in outcomes] if len(outcomes) > 1 else [],
        reasons=[(each, titles.reason(each)) for each in arrow.reasons],
        targets=merging.targets(station, case) if wish.end == "merged" else [],
        with_answer=arrow.answer or any(told.values()),
        sees={each: _(STATUSES[status]) if status else "" for each, status in told.items()},
        template_status=next(iter(told.values())),
        templates=reply_templates.load(),
        **case_page.about(station, case),
    )


def _told(now: Course, end: Stage, outcome: Outcome | None) -> str:
    return rules.tells(now, Move(end, outcome))


def _preview(case: Case, prospect: Prospect) -> str:
    station = session().station
    now, wish = moving.course_of(station, case), prospect.move
    return render_template(
        "move_preview.html",
        case=case,
        can_reply=replies.possible(station, case),
        way=describing.way(now.stage, wish),
        said=describing.particulars(wish),
        second=prospect.second,
        status=_(STATUSES[prospect.status]) if prospect.status else "",
        answer=wish.answer,
        along=prospect.along,
        fields={
            "outcome": wish.outcome or "",
            "reason": wish.reason,
            "reference": wish.reference,
            "into": str(wish.target),
            "text": wish.answer,
        },
    )


def _proposal(case: Case, problem: StationError | None = None, reason: str = "") -> str | Response:
    station = session().station
    now = moving.course_of(station, case)
    if now.proposal is None:
        return _to_case(case.number)
    proposed = standing.proposed(station, now)
    return render_template(
        "proposal.html",
        proposal=proposed,
        status=_(STATUSES[str(proposed["status"])]) if proposed["status"] else "",
        also=moving.along(station, case, now.proposal.move),
        problem=problem,
        reason=reason,
        **case_page.about(station, case),
    )


def _to_case(number: int) -> Response:
    return redirect(url_for("case_page.shown", number=number, _anchor="course"), 303)
