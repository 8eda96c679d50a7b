"""The review sheet of a case: to be filled in, and to be printed."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from crypto.canonical import Json
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands import classify, review
from workstation.commands.show import reviewer_title
from workstation.errors import StationError
from workstation.page import case_page, casework
from workstation.page.session import session
from workstation.review import classifying, review_sheet
from workstation.review.review_sheet import QUESTIONS, RECOMMENDATIONS, RISKS, STRENGTHS, WORDS, Written
from workstation.texts import _, named

blueprint = Blueprint("reviewing", __name__)


@blueprint.get("/cases/<int:number>/sheet")
def form(number: int) -> str:
    """A new sheet begins as the newest one, or with what the report itself answers."""
    station = session().station
    case = cases.find(station, number)
    return _form(case, review_sheet.write(review_sheet.begun(station, case)))


@blueprint.post("/cases/<int:number>/sheet")
def keep(number: int) -> str | Response:
    station = session().station
    case = cases.find(station, number)
    typed: dict[str, Json] = {
        **casework.typed(("evidence", "recognisable", "recommendation", *WORDS)),
        "answered": [each for each in QUESTIONS if each in request.form.getlist("answered")],
        "supervision": {"yes": True, "no": False}.get(request.form.get("supervision", "")),
    }
    if casework.is_new(case):
        try:
            review_sheet.keep(station, case, typed, calendar.today())
        except StationError as error:
            return _form(case, typed, error)
    return redirect(url_for("reviewing.printed", number=number), 303)


@blueprint.get("/cases/<int:number>/sheet/print")
def printed(number: int) -> str | Response:
    """The newest sheet on paper; the reporter's words only if somebody chooses so (`words`)."""
    station = session().station
    case = cases.find(station, number)
    steps = journal.of_case(station, case)
    found = review_sheet.all_of(steps)
    if not found:
        return redirect(url_for("reviewing.form", number=number), 303)
    wanted = request.args.get("step", found[-1].step.number, type=int)
    chosen = next((each for each in found if each.step.number == wanted), found[-1])
    with_words = "words" in request.args
    return render_template(
        "sheet_print.html",
        case=case,
        office=named(station.directory.office.names),
        written=chosen,
        by=reviewer_title(station, chosen.step.reviewer),
        pairs=list(review.pairs(chosen.sheet)),
        classified=list(classify.pairs(station, classifying.of_case(station, case))),
        others=[each.step for each in found if each != chosen],
        newest=chosen == found[-1],
        with_words=with_words,
        bubbles=case_page.about(station, case)["bubbles"] if with_words else [],
    )


def _form(case: Case, value: dict[str, Json], problem: StationError | None = None) -> str:
    return render_template(
        "sheet.html",
        value=value,
        problem=problem,
        questions=[(each, _(title)) for each, title in QUESTIONS.items()],
        strengths=[(each, _(title)) for each, title in STRENGTHS.items()],
        risks=[(each, _(title)) for each, title in RISKS.items()],
        recommendations=[(each, _(title)) for each, title in RECOMMENDATIONS.items()],
        sheets=len(_all(case)),
        **case_page.about(session().station, case),
    )


def _all(case: Case) -> list[Written]:
    return review_sheet.all_of(journal.of_case(session().station, case))
