"""What a case is about, who handles it, and the lists behind both."""

from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from crypto.constants import FAMILIES, KINDS
from workstation import cases, terminal, texts
from workstation.cases import Case
from workstation.casework import titles
from workstation.commands import classify
from workstation.commands.show import reviewer_title
from workstation.errors import NoSuchCaseError, StationError
from workstation.offices import registry
from workstation.page import casework
from workstation.page.session import session
from workstation.review import categories, classifying, routing
from workstation.review.classification import INDICATIONS, Classification
from workstation.texts import KIND_NAMES, _

blueprint = Blueprint("classifying", __name__)

_FIELDS = ("kind", "family", "category", "office", "level", "indication")


@blueprint.get("/cases/<int:number>/classify")
def form(number: int) -> str:
    station = session().station
    case = cases.find(station, number)
    return _form(case, classifying.of_case(station, case))


@blueprint.post("/cases/<int:number>/classify")
def classify_(number: int) -> str | Response:
    """Whoever loses the case by it (a conflict of interest) goes on to the list."""
    station = session().station
    case = cases.find(station, number)
    wanted = Classification(**casework.typed(_FIELDS), urgent="urgent" in request.form)
    if wanted.kind not in KINDS or wanted.family not in FAMILIES or wanted.indication not in INDICATIONS:
        abort(400)
    if casework.is_new(case):
        try:
            classifying.classify(station, case, wanted, calendar.today())
        except StationError as error:
            return _form(case, wanted, error)
    return _onward(number)


@blueprint.get("/cases/<int:number>/assign")
def assign_form(number: int) -> str:
    return _assign_form(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/assign")
def assign(number: int) -> str | Response:
    station = session().station
    case, reviewer = cases.find(station, number), request.form.get("reviewer", "")
    if casework.is_new(case):
        try:
            routing.assign(station, case, reviewer, calendar.today(), only="only" in request.form)
        except StationError as error:
            return _assign_form(case, error)
    return _onward(number)


@blueprint.get("/routing")
def table() -> str:
    return _table()


@blueprint.post("/routing")
def route() -> str | Response:
    wanted = request.form.get("reviewers", "").replace(",", " ").split()
    try:
        routing.route(session().station, request.form.get("office", ""), wanted)
    except StationError as error:
        return _table(error)
    return redirect(url_for("classifying.table"), 303)


@blueprint.get("/categories")
def lists() -> str:
    return _lists()


@blueprint.post("/categories")
def replace_lists() -> str | Response:
    path = Path(request.form.get("path", "").strip()).expanduser()
    try:
        categories.replace(session().station, path)
    except StationError as error:
        return _lists(error)
    return redirect(url_for("classifying.lists"), 303)


def _onward(number: int) -> Response:
    try:
        cases.find(session().station, number)
    except NoSuchCaseError:
        return redirect(url_for("case_list.listed"), 303)
    return redirect(url_for("case_page.shown", number=number, _anchor="casework"), 303)


def _form(case: Case, wanted: Classification, problem: StationError | None = None) -> str:
    station = session().station
    known = categories.of_station(station)
    return render_template(
        "classify.html",
        case=case,
        wanted=wanted,
        problem=problem,
        kinds=[(each, _(KIND_NAMES[each])) for each in KINDS],
        families=[(each, _(titles.FAMILIES[each])) for each in FAMILIES],
        categories=[
            (
                _(titles.FAMILIES[family]),
                [(each.id, known.title(each.id)) for each in known.of_family(family)],
            )
            for family in ("integrity", "service")
        ],
        offices=[(each.id, texts.named(each.names)) for each in registry.listed(station.vault)],
        levels=[(each.id, known.level_title(each.id)) for each in known.levels],
        indications=[(each, _(titles.INDICATIONS[each])) for each in INDICATIONS],
        competent=known.competent(wanted.category, wanted.level),
    )


def _assign_form(case: Case, problem: StationError | None = None) -> str:
    station = session().station
    return render_template(
        "assign.html",
        case=case,
        problem=problem,
        readers=[(each, reviewer_title(station, each)) for each in cases.readers(station, case)],
        by_table=[reviewer_title(station, each) for each in routing.wanted(station.vault, case.head.office)],
    )


def _table(problem: StationError | None = None) -> str:
    station = session().station
    return render_template(
        "routing.html",
        problem=problem,
        table=[
            (office, classify.office_title(station, office), [reviewer_title(station, each) for each in whom])
            for office, whom in routing.table(station.vault).items()
        ],
        offices=[(each.id, texts.named(each.names)) for each in registry.listed(station.vault)],
        reviewers=[reviewer_title(station, each.id) for each in station.directory.office.reviewers],
        typed=casework.typed(("office", "reviewers")),
    )


def _lists(problem: StationError | None = None) -> str:
    known = categories.of_station(session().station)
    return render_template(
        "categories.html",
        problem=problem,
        families=[
            (
                _(titles.FAMILIES[family]),
                [(each, terminal.safe(known.sector_title(each.sector))) for each in known.of_family(family)],
            )
            for family in ("integrity", "service")
        ],
        competence=[
            (
                known.level_title(row.level),
                ", ".join(known.title(each) for each in row.categories),
                texts.named(row.body),
            )
            for row in known.competence
        ],
        path=request.form.get("path", ""),
    )
