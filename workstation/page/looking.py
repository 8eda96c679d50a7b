"""Looking at evidence: drawn to pixels in a sandbox (workstation/viewing), and shown as a picture."""

from flask import Blueprint, Response, abort, render_template, request

from workstation import cases
from workstation.page.session import session
from workstation.viewing import view

blueprint = Blueprint("looking", __name__)


@blueprint.get("/cases/<int:number>/evidence/<int:piece>/view")
def shown(number: int, piece: int) -> str:
    """One page of it; its picture is kept in memory for the request that follows."""
    station = session().station
    case = cases.find(station, number)
    found = view(station, case, piece, request.args.get("page", 1, type=int))
    session().picture = found.picture
    return render_template("look.html", case=case, piece=piece, view=found)


@blueprint.get("/picture.png")
def picture() -> Response:
    """What was drawn last."""
    data = session().picture
    if data is None:
        abort(404)
    return Response(data, mimetype="image/png")
