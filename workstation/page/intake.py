"""Taking in bundles from a stick or a folder."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import arrivals
from workstation.commands.bundles import arrival_line
from workstation.commands.imports import Outcome, bundle_lines, gap_lines, problem_lines, take
from workstation.opening import problems
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("intake", __name__)


@blueprint.get("/import")
def form() -> str:
    here = arrivals.arrivals(session().station.vault)
    return render_template("intake.html", media=media(), arrivals=here[::-1], line=arrival_line)


@blueprint.post("/import", endpoint="take")
def begin() -> Response:
    path = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    out_of_order, again = "out-of-order" in request.form, "again" in request.form

    def task(station: Station, progress: Progress) -> tuple[Outcome, list[str]]:
        outcome = take(station, [path], out_of_order, again, progress)
        return outcome, problem_lines(problems(station))

    session().begin(task, Result(_("Imported"), _lines, "case_list.listed", {}))
    return redirect(url_for("working.shown"), 303)


def _lines(done: tuple[Outcome, list[str]]) -> list[str]:
    outcome, sealed = done
    lines = [line.strip() for imported in outcome.done for line in bundle_lines(imported)]
    lines += [line for imported in outcome.done for line in gap_lines(imported)]
    lines += [f"{Path(path).name}: {error}" for path, error in outcome.refused]
    return lines + ([_("Still sealed:"), *(line.strip() for line in sealed)] if sealed else [])
