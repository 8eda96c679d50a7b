"""A piece of evidence, opened into a folder that the reviewer names."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import cases, thread
from workstation.cases import Case
from workstation.commands.evidence import exported
from workstation.evidence import Exported, export
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("exporting", __name__)


@blueprint.get("/cases/<int:number>/evidence/<int:piece>")
def form(number: int, piece: int) -> str:
    station = session().station
    case = cases.find(station, number)
    found = [each for each in thread.evidence(thread.messages(station, case)) if each[0] == piece]
    if not found:
        abort(404)
    return render_template("export.html", case=case, piece=piece, evidence=found[0][2], media=media())


@blueprint.post("/cases/<int:number>/evidence/<int:piece>")
def write(number: int, piece: int) -> Response:
    case: Case = cases.find(session().station, number)
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    recover = "incomplete" in request.form

    def task(station: Station, progress: Progress) -> Exported:
        return export(station, case, piece, to, recover, progress)

    session().begin(task, Result(_("Written"), _lines, "case_page.shown", {"number": number}))
    return redirect(url_for("working.shown"), 303)


def _lines(done: Exported) -> list[str]:
    return [line.strip() for line in exported(done)]
