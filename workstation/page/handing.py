"""Handing a case to another reviewer."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import cases, sharing
from workstation.commands.show import reviewer_title
from workstation.errors import StationError
from workstation.page.session import session

blueprint = Blueprint("handing", __name__)


@blueprint.get("/cases/<int:number>/share")
def form(number: int) -> str:
    return _page(number, None)


@blueprint.post("/cases/<int:number>/share")
def hand(number: int) -> str | Response:
    try:
        sharing.share(session().station, [number], request.form.get("reviewer", ""))
    except StationError as error:
        return _page(number, error)
    return redirect(url_for("handing.form", number=number), 303)


def _page(number: int, problem: StationError | None) -> str:
    station = session().station
    case = cases.find(station, number)
    return render_template(
        "share.html",
        case=case,
        readers=[reviewer_title(station, reader) for reader in cases.readers(station, case)],
        others=[(each, reviewer_title(station, each)) for each in sharing.others(station, case)],
        problem=problem,
    )
