"""The time of a case on its page: what runs, what was kept, what stood still; and its one extension."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from crypto import calendar
from crypto.fields import Day
from workstation import cases
from workstation.cases import Case
from workstation.errors import StationError
from workstation.page.casework import is_new, typed
from workstation.page.session import session
from workstation.station import Station
from workstation.timing import case_time, duewords, extension

blueprint = Blueprint("timing", __name__)


def shown(station: Station, case: Case) -> dict[str, object]:
    """What the page of the case needs."""
    on = calendar.today()
    return {"time": case_time.of_case(station, case, on), "can_extend": _can_extend(station, case, on)}


@blueprint.get("/cases/<int:number>/extend")
def form(number: int) -> str:
    return _form(cases.find(session().station, number), {"reason": "", "answer": ""}, None)


@blueprint.post("/cases/<int:number>/extend")
def extend(number: int) -> str | Response:
    """A form that was sent twice counts once."""
    station = session().station
    case, words = cases.find(station, number), typed(("reason", "answer"))
    if is_new(case):
        try:
            extension.extend(station, case, words["reason"], words["answer"], calendar.today())
        except StationError as error:
            return _form(case, words, error)
    return redirect(url_for("case_page.shown", number=number, _anchor="time"), 303)


def _form(case: Case, words: dict[str, str], problem: StationError | None) -> str:
    station, on = session().station, calendar.today()
    before = after = None
    try:
        before, after = extension.look(station, case, on)
    except StationError as error:
        problem = problem or error
    return render_template(
        "extend.html",
        case=case,
        typed=words,
        problem=problem,
        before=before.day if before else None,
        after=after,
        task=duewords.task(before.what) if before else "",
    )


def _can_extend(station: Station, case: Case, on: Day) -> bool:
    try:
        extension.look(station, case, on)
    except StationError:
        return False
    return True
