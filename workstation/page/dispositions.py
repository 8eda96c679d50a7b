"""Everything between us and other offices: what is due, files that came, and answers."""

from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands.answer_office import answered_lines
from workstation.commands.between import everything, state_of, state_of_ours
from workstation.commands.dispositions import taken_line
from workstation.dispositions import kept, received, taking
from workstation.errors import StationError
from workstation.offices import office_titles
from workstation.page.between import name_of
from workstation.page.casework import is_new
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.texts import _

blueprint = Blueprint("dispositions", __name__)


@blueprint.get("/dispositions")
def listed() -> str:
    station, today = session().station, calendar.today()
    sent, came = everything(station, list(cases.readable(station)))
    return render_template(
        "dispositions.html",
        sent=[
            (case, each, name_of(station, each.office), office_titles.way(each.way), state_of(each, today))
            for case, each in sent
        ],
        came=[
            (case, each, name_of(station, each.office), state_of_ours(each, answered, today))
            for case, each, answered in came
        ],
        media=media(),
    )


@blueprint.post("/dispositions")
def take() -> Response:
    """Takes in a file from an office on another server."""
    path = chosen("", request.form.get("path", ""))

    def told(opened: Any) -> list[str]:
        return [taken_line(sorted(opened.cases))]

    session().begin(
        lambda station, _progress: taking.take(station, path),
        Result(_("Taken in"), told, "dispositions.listed", {}, stoppable=False),
    )
    return redirect(url_for("working.shown"), 303)


@blueprint.get("/cases/<int:number>/answer-office")
def answer_form(number: int) -> str:
    return _answer(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/answer-office")
def answer(number: int) -> str | Response:
    """Answers the office that a case came from, or writes its `receipt` for one on another server."""
    station = session().station
    case = cases.find(station, number)
    text = request.form.get("text", "").replace("\r\n", "\n")
    medium, path = request.form.get("medium", ""), request.form.get("path", "")
    to = chosen(medium, path) if medium or path else None
    if request.form.get("step") != "receipt" and not is_new(case):
        return redirect(url_for("case_page.shown", number=number, _anchor="offices"), 303)
    try:
        done: Path | None
        if request.form.get("step") == "receipt":
            done = received.receipt(station, case, calendar.today(), chosen(medium, path))
        else:
            done = received.answer(station, case, text, calendar.today(), to).path
    except StationError as error:
        return _answer(case, text, error)
    told = answered_lines(done)
    if request.form.get("step") == "receipt" and done is None:
        told = [_("The receipt goes by itself, through the server.")]
    return _answer(cases.find(station, number), "", None, told)


@blueprint.get("/cases/<int:number>/dispositions/<int:disposition>")
def paper_form(number: int, disposition: int) -> str:
    return _paper(cases.find(session().station, number), disposition)


@blueprint.post("/cases/<int:number>/dispositions/<int:disposition>")
def paper(number: int, disposition: int) -> str | Response:
    """Keeps an answer that came on paper."""
    station = session().station
    case = cases.find(station, number)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if is_new(case):
        try:
            received.answered_on_paper(station, case, disposition, text, calendar.today())
        except StationError as error:
            return _paper(case, disposition, text, error)
    return redirect(url_for("case_page.shown", number=number, _anchor="offices"), 303)


def _answer(
    case: Case, text: str = "", problem: StationError | None = None, done: list[str] | None = None
) -> str:
    station = session().station
    found = kept.received(station, case)
    return render_template(
        "answer_office.html",
        case=case,
        came=found,
        office=name_of(station, found.office) if found else "",
        text=text,
        problem=problem,
        done=done or [],
        media=media(),
    )


def _paper(case: Case, number: int, text: str = "", problem: StationError | None = None) -> str:
    station = session().station
    found = received.of_number(kept.forwarded(journal.of_case(station, case)), case, number)
    return render_template(
        "paper_answer.html",
        case=case,
        sent=found,
        office=name_of(station, found.office),
        text=text,
        problem=problem,
    )
