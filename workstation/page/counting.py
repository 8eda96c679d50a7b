"""By which rules and on which days the office counts."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import terminal, texts
from workstation.commands.workdays import read, warning
from workstation.errors import StationError
from workstation.page.session import session
from workstation.timing import due, duewords, owndays
from workstation.timing.workdays import FIRST_YEAR, LAST_YEAR

blueprint = Blueprint("counting", __name__)


@blueprint.get("/deadlines")
def shown() -> str:
    return _page(None)


@blueprint.post("/deadlines")
def use() -> str | Response:
    """One preset, and others that have a later word."""
    first = request.form.get("first", "")
    names = [first, *(name for name in request.form.getlist("more") if name != first)]
    try:
        due.use(session().station, [terminal.safe(name) for name in names])
    except StationError as error:
        return _page(error)
    return redirect(url_for("counting.shown"), 303)


@blueprint.post("/deadlines/own")
def own() -> str | Response:
    try:
        due.use_own(session().station, read(Path(request.form.get("path", ""))))
    except StationError as error:
        return _page(error)
    return redirect(url_for("counting.shown"), 303)


@blueprint.post("/deadlines/days")
def days() -> str | Response:
    untrusted_text = request.form.get("days", "")
    try:
        owndays.write(session().station, owndays.parse(untrusted_text.encode("utf-8", "surrogatepass")))
    except StationError as error:
        return _page(error, untrusted_text)
    due.refresh(session().station)
    return redirect(url_for("counting.shown", _anchor="days"), 303)


def _page(problem: StationError | None, typed: str | None = None) -> str:
    station, on = session().station, calendar.today()
    now = due.counting(station)
    year = min(LAST_YEAR, max(FIRST_YEAR, request.args.get("year", int(on[:4]), type=int)))
    used = [preset.id for preset in now.rules.presets]
    known = due.known_presets(station)
    return render_template(
        "counting.html",
        used=used,
        presets=[
            (preset, texts.named(preset.titles), duewords.source(preset), texts.named(preset.notes))
            for preset in known.values()
        ],
        of_cases={each.id for each in known.values() if any(rule.limit != "notice" for rule in each.limits)},
        limit=duewords.limit,
        year=year,
        country=now.calendar.own.country,
        holidays=[(each, duewords.weekday(each.day)) for each in now.calendar.holidays(year)],
        typed="\n".join(owndays.lines(now.calendar.own)) if typed is None else typed,
        warning=warning(now.calendar, on),
        problem=problem,
    )
