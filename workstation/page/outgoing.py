"""The bundle for the server: what would be in it, and writing it to a stick."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import arrivals, dispatch, outbound
from workstation.arrivals import Arrival
from workstation.commands.bundle import lines, partial_lines
from workstation.outbound import Written
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("outgoing", __name__)


@blueprint.get("/bundle")
def form() -> str:
    vault = session().station.vault
    here = arrivals.arrivals(vault)
    return render_template(
        "outgoing.html",
        media=media(),
        waiting=outbound.waiting(vault),
        packages=dispatch.waiting(vault),
        unacknowledged=[each for each in here if each.complete and each.outbound is None],
        partial=partial_lines([each for each in here if not each.complete]),
    )


@blueprint.post("/bundle")
def write() -> Response:
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))

    def task(station: Station, _progress: Progress) -> tuple[Written, list[Arrival]]:
        written = outbound.write_bundle(station, to, calendar.today())
        return written, [each for each in arrivals.arrivals(station.vault) if not each.complete]

    session().begin(task, Result(_("Written"), _lines, "front.overview", {}))
    return redirect(url_for("working.shown"), 303)


def _lines(done: tuple[Written, list[Arrival]]) -> list[str]:
    written, partial = done
    return [line.strip() for line in (*lines(written), *partial_lines(partial))]
