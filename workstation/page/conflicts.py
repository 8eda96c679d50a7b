"""Conflicts of interest of the reviewer who is here."""

from typing import cast

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases, reminders, texts
from workstation.cases import Case
from workstation.commands.conflict import subject_title
from workstation.commands.show import reviewer_title
from workstation.errors import StationError
from workstation.offices import registry
from workstation.page.session import session
from workstation.review import categories, conflict
from workstation.review.conflict import About

blueprint = Blueprint("conflicts", __name__)


@blueprint.get("/cases/<int:number>/conflict")
def form(number: int) -> str:
    return _form(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/conflict")
def declare(number: int) -> str | Response:
    station = session().station
    case = cases.find(station, number)
    try:
        conflict.declare(station, case, request.form.get("reason", ""), calendar.today())
    except StationError as error:
        return _form(case, error)
    return redirect(url_for("case_list.listed"), 303)


@blueprint.get("/conflicts")
def listed() -> str:
    return _listed()


@blueprint.post("/conflicts")
def change() -> str | Response:
    """`declare` a standing one, or `end` it; `subject` is `office:ID` or `category:ID`."""
    station = session().station
    about, _colon, subject = request.form.get("subject", "").partition(":")
    if about not in ("category", "office"):
        abort(400)
    try:
        if request.form.get("act") == "end":
            conflict.end(station, cast(About, about), subject)
        else:
            reason = request.form.get("reason", "")
            conflict.declare_standing(station, cast(About, about), subject, reason, calendar.today())
    except StationError as error:
        return _listed(error)
    return redirect(url_for("conflicts.listed"), 303)


def _form(case: Case, problem: StationError | None = None) -> str:
    return render_template(
        "conflict.html",
        case=case,
        problem=problem,
        reason=request.form.get("reason", ""),
        readers=[reviewer_title(session().station, each) for each in cases.readers(session().station, case)],
    )


def _listed(problem: StationError | None = None) -> str:
    station = session().station
    known = categories.of_station(station)
    return render_template(
        "conflicts.html",
        problem=problem,
        found=[
            (each, reviewer_title(station, each.reviewer), subject_title(station, each))
            for each in conflict.standing(station.vault)
        ],
        alone=list(reminders.of_conflicts(conflict.still_read(station))),
        offices=[(each.id, texts.named(each.names)) for each in registry.listed(station.vault)],
        categories=[(each.id, known.title(each.id)) for each in known.categories],
        typed={name: request.form.get(name, "") for name in ("subject", "reason")},
    )
