"""The beginning, the first page, the language and the style."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from crypto import calendar
from workstation import arrivals, cases, outbound, reminders, texts
from workstation.casework import merging
from workstation.commands.bundles import arrival_line
from workstation.commands.imports import problem_lines
from workstation.opening import problems
from workstation.page.session import session
from workstation.page.visit import visit
from workstation.texts import N_, _
from workstation.timing import due, escalation

blueprint = Blueprint("front", __name__)

_STYLE: Final = Path(__file__).parent / "static" / "style.css"
_BAR: Final = (
    ("front.overview", N_("Overview")),
    ("case_list.listed", N_("Cases")),
    ("due_page.listed", N_("Due")),
    ("intake.form", N_("Import")),
    ("outgoing.form", N_("To the server")),
    ("offices.listed", N_("Offices")),
    ("accounts.recap", N_("Accounts")),
    ("log_page.shown", N_("Log")),
    ("keys.shown", N_("Keys")),
)


def bar() -> list[tuple[str, str]]:
    """(endpoint, name) of each page in the bar."""
    return [(endpoint, _(name)) for endpoint, name in _BAR]


@blueprint.get("/style.css")
def style() -> Response:
    return Response(_STYLE.read_bytes(), mimetype="text/css")


@blueprint.get("/start")
def start() -> BaseResponse:
    """Takes the one-time token."""
    response = make_response(redirect(url_for("front.overview"), 303))
    visit().begin(request.args.get("token", ""), response)
    return response


@blueprint.post("/language")
def language() -> BaseResponse:
    """For everything that this program says from now on: there is one person here."""
    wanted = request.form.get("language", "")
    if wanted in texts.LANGUAGES:
        texts.use(wanted)
    return redirect(url_for("front.overview"), 303)


@blueprint.get("/")
def overview() -> str:
    station = session().station
    due.refresh(station)
    found = list(cases.readable(station))
    agree = [case for case in found if case.waits_for(station.reviewer)]
    return render_template(
        "overview.html",
        found=found,
        unread=[case for case in found if case.unread],
        unanswered=[case for case in found if case.head.unanswered],
        agree=agree,
        left=merging.left_behind(found),
        late=[case for case in found if escalation.is_late(case, calendar.today())],
        threats=[case for case in found if case.head.threats and case.head.unanswered],
        reminders=reminders.reminders(station, calendar.today()),
        sealed=problem_lines(problems(station)),
        partial=[arrival_line(each) for each in arrivals.arrivals(station.vault) if not each.complete],
        waiting=outbound.waiting(station.vault),
    )
