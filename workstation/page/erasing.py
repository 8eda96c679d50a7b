"""Erasing a case: what will be gone, why, and the passphrase once more."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import cases, erasing
from workstation.cases import Case
from workstation.commands.erase import erased_lines, warning
from workstation.erasing import REASONS, Erased
from workstation.errors import StationError
from workstation.page.again import prove
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("erasing", __name__)


@blueprint.get("/cases/<int:number>/erase")
def form(number: int) -> str:
    return _page(cases.find(session().station, number), None)


@blueprint.post("/cases/<int:number>/erase")
def erase(number: int) -> str | Response:
    station = session().station
    case = cases.find(station, number)
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        abort(400)
    try:
        passphrase = prove(station, request.form.get("passphrase", ""))
    except StationError as error:
        return _page(case, error, reason)

    def task(station: Station, _progress: Progress) -> Erased:
        return erasing.erase(station, case, reason)

    def told(erased: Erased) -> list[str]:
        return [line.strip() for line in erased_lines(case, erased)]

    session().begin_change(task, Result(_("Erased"), told, "case_list.listed", {}), passphrase)
    return redirect(url_for("working.shown"), 303)


def _page(case: Case, problem: StationError | None, chosen: str = "") -> str:
    reasons = {name: _(what) for name, what in REASONS.items()}
    return render_template(
        "erase.html", case=case, warning=warning(case), reasons=reasons, chosen=chosen, problem=problem
    )
