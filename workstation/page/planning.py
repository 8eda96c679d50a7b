"""The action plan of a case, and what was learned from it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases, terminal
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands import plan
from workstation.errors import StationError
from workstation.page import casework
from workstation.page.session import session
from workstation.review import categories, lessons, planning

blueprint = Blueprint("planning", __name__)


@blueprint.get("/cases/<int:number>/plan")
def form(number: int) -> str:
    return _page(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/plan")
def write(number: int) -> str | Response:
    """`add` an item, say that it is `done`, or write the `lessons`."""
    case, act = cases.find(session().station, number), request.form.get("act", "")
    if casework.is_new(case):
        try:
            _write(case, act)
        except StationError as error:
            return _page(case, act, error)
    return redirect(url_for("planning.form", number=number, _anchor=act), 303)


def _write(case: Case, act: str) -> None:
    station, today, form = session().station, calendar.today(), request.form
    if act == "add":
        until = plan.day_of(form.get("until", ""))
        planning.add(station, case, form.get("what", ""), form.get("who", ""), until, today)
    elif act == "done":
        planning.done(station, case, form.get("item", 0, type=int), form.get("result", ""), today)
    elif act == "lessons":
        said = casework.typed(("cause", "improvement", "sector"))
        lessons.keep(station, case, said["cause"], said["improvement"], said["sector"], today)


def _page(case: Case, act: str = "", problem: StationError | None = None) -> str:
    station = session().station
    steps = journal.of_case(station, case)
    items, learned = planning.latest(steps), lessons.latest(steps)
    known = categories.of_station(station)
    typed = casework.typed(("what", "who", "until", "item", "result", "cause", "improvement", "sector"))
    if act != "lessons":
        typed["cause"] = learned.cause if learned else ""
        typed["improvement"] = learned.improvement if learned else ""
        typed["sector"] = learned.sector if learned else lessons.usual_sector(station, steps)
    return render_template(
        "plan.html",
        case=case,
        act=act,
        problem=problem,
        items=[(item, plan.state(item)) for item in items],
        progress=planning.progress(items),
        learned=learned,
        sectors=[(each.id, terminal.safe(known.sector_title(each.id))) for each in known.sectors],
        typed=typed,
    )
