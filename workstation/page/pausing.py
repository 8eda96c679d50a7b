"""Putting a case on hold, and going on with it."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases, replies, reply_templates
from workstation.cases import Case
from workstation.casework import moving, titles
from workstation.casework.stages import HOLD_REASONS, HoldReason
from workstation.errors import StationError
from workstation.page import case_page
from workstation.page.replying import with_template
from workstation.page.session import session
from workstation.texts import STATUSES, _

blueprint = Blueprint("pausing", __name__)

_FORM: Final = ("insert", "change")


@blueprint.get("/cases/<int:number>/hold")
def form(number: int) -> str:
    return _form(cases.find(session().station, number), {})


@blueprint.post("/cases/<int:number>/hold")
def hold(number: int) -> str | Response:
    return _act(number, "hold")


@blueprint.get("/cases/<int:number>/resume")
def resume_form(number: int) -> str:
    return _form(cases.find(session().station, number), {}, act="resume")


@blueprint.post("/cases/<int:number>/resume")
def resume(number: int) -> str | Response:
    return _act(number, "resume")


def _act(number: int, act: str) -> str | Response:
    """`insert` a template, `preview`, `change` again, or do it."""
    station = session().station
    case, step = cases.find(station, number), request.form.get("step", "")
    names = ("reason", "review_on", "text")
    typed = {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}
    if step in _FORM:
        text = with_template(case, typed["text"]) if step == "insert" else typed["text"]
        return _form(case, typed | {"text": text}, act=act)
    if step != "preview" and request.form.get("next") != str(case.head.steps + 1):
        return _to_case(number)  # done already: clicked twice
    try:
        if step == "preview":
            return _preview(case, act, typed)
        if act == "hold":
            reason = _reason(typed["reason"])
            moving.hold(station, case, reason, typed["review_on"], typed["text"], calendar.today())
        else:
            moving.resume(station, case, typed["text"], calendar.today())
    except StationError as error:
        return _form(case, typed, error, act)
    return _to_case(number)


def _reason(untrusted_reason: str) -> HoldReason:
    if untrusted_reason not in HOLD_REASONS:
        abort(400)
    return untrusted_reason


def _form(case: Case, typed: dict[str, str], problem: StationError | None = None, act: str = "hold") -> str:
    station = session().station
    return render_template(
        "hold.html",
        act=act,
        typed={"reason": "", "review_on": "", "text": ""} | typed,
        problem=problem,
        reasons=[(each, titles.hold_reason(each)) for each in HOLD_REASONS],
        tomorrow=calendar.add_days(calendar.today(), 1),
        template_status="on-hold",
        templates=reply_templates.load(),
        **case_page.about(station, case),
    )


def _preview(case: Case, act: str, typed: Mapping[str, str]) -> str:
    station, today = session().station, calendar.today()
    if act == "hold":
        status = moving.look_at_hold(station, case, typed["review_on"], typed["text"], today)
        reason = titles.hold_reason(_reason(typed["reason"]))
        way = _("On hold: {reason}; to be looked at on {day}").format(reason=reason, day=typed["review_on"])
    else:
        status, way = moving.look_at_resuming(station, case, typed["text"]), _("The pause ends")
    return render_template(
        "move_preview.html",
        case=case,
        can_reply=replies.possible(station, case),
        way=way,
        said=[],
        second=False,
        status=_(STATUSES[status]) if status else "",
        answer=typed["text"].strip(),
        along=(),
        fields=typed,
    )


def _to_case(number: int) -> Response:
    return redirect(url_for("case_page.shown", number=number, _anchor="course"), 303)
