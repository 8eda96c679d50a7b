"""How long closed cases are kept, which are due, and their destruction by two persons."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases
from workstation.casework import journal, titles
from workstation.casework.errors import NothingChosenError
from workstation.commands.retention_words import citations, destroyed_lines, duration, remark, warning
from workstation.errors import NotAFolderError, StationError
from workstation.keeping import certificate, retention, retention_rules
from workstation.keeping.retention import Kept
from workstation.page.again import prove
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("retaining", __name__)


@blueprint.get("/retention")
def shown() -> str:
    return _page(None)


@blueprint.post("/retention")
def propose() -> str | Response:
    station, on = session().station, calendar.today()
    try:
        retention.propose(station, _wanted(station), on)
    except StationError as error:
        return _page(error)
    return redirect(url_for("retaining.shown"), 303)


@blueprint.post("/retention/destroy")
def destroy() -> str | Response:
    """The second person, with the passphrase once more."""
    station, on = session().station, calendar.today()
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    try:
        wanted = _wanted(station)
        if not to.is_dir():
            raise NotAFolderError(path=to)
        passphrase = prove(station, request.form.get("passphrase", ""))
    except StationError as error:
        return _page(error)
    if not retention.agreed(station, wanted):
        return redirect(url_for("retaining.shown"), 303)  # somebody did something with one of them meanwhile

    def task(station: Station, _progress: Progress) -> list[str]:
        made = retention.destroy(station, wanted, on)
        return destroyed_lines([kept.case.number for kept in wanted], certificate.write(made, to))

    told = Result(_("Destroyed"), lambda lines: lines, "retaining.shown", {})
    session().begin_change(task, told, passphrase)
    return redirect(url_for("working.shown"), 303)


@blueprint.post("/retention/certificate")
def save() -> str | Response:
    """Writes a certificate once more."""
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    try:
        made = certificate.again(session().station, request.form.get("number", 0, type=int))
        path = certificate.write(made, to)
    except StationError as error:
        return _page(error)
    return _page(None, str(path))


@blueprint.get("/cases/<int:number>/retention")
def one(number: int) -> str:
    return _one(number, None)


@blueprint.post("/cases/<int:number>/retention")
def hold(number: int) -> str | Response:
    """A legal process begins or ends; a form that was sent twice counts once."""
    station, on = session().station, calendar.today()
    case = cases.find(station, number)
    if request.form.get("step") == str(case.head.steps + 1):
        act = retention.free if "free" in request.form else retention.hold
        try:
            act(station, case, request.form.get("reason", ""), on)
        except StationError as error:
            return _one(number, error)
    return redirect(url_for("retaining.one", number=number), 303)


def _wanted(station: Station) -> list[Kept]:
    numbers = [int(text) for text in request.form.getlist("case") if text.isdecimal() and len(text) < 10]
    if not numbers:
        raise NothingChosenError
    return retention.chosen(station, numbers, calendar.today())


def _page(problem: StationError | None, written: str = "") -> str:
    station, on = session().station, calendar.today()
    found, rules = retention.closed(station), retention_rules.rules(station)
    due = [kept for kept in found if kept.is_due(on)]
    agreed = [kept for kept in due if retention.agreed(station, [kept])]
    return render_template(
        "retention.html",
        to_propose=[kept for kept in due if kept.proposed is None],
        waiting=[kept for kept in due if kept.proposed == station.reviewer],
        agreed=agreed,
        warning=warning(agreed),
        closed=found,
        certificates=certificate.kept(station),
        rules=rules.values(),
        citations=citations(rules),
        media=media(),
        outcome=titles.outcome,
        remark=remark,
        duration=duration,
        written=written,
        problem=problem,
    )


def _one(number: int, problem: StationError | None) -> str:
    station = session().station
    case = cases.find(station, number)
    kept = next((kept for kept in retention.closed(station) if kept.case.number == number), None)
    held = retention.held_by(journal.of_case(station, case))
    return render_template(
        "keeping.html",
        case=case,
        kept=kept,
        held=held,
        outcome=titles.outcome,
        duration=duration,
        problem=problem,
    )
