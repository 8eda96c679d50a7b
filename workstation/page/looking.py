"""Looking at evidence: drawn in a sandbox (workstation/viewing), which may take a minute, then shown."""

from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from workstation import cases
from workstation.errors import StationError
from workstation.page.looked import Looked, look
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import KINDS, _
from workstation.viewing import View
from workstation.viewing.labels import telling

blueprint = Blueprint("looking", __name__)

_SOON_SECONDS: Final = 0.4
"""Most pictures are drawn by then: nobody need see the page that waits."""


@blueprint.get("/cases/<int:number>/evidence/<int:piece>/view")
def shown(number: int, piece: int) -> str | BaseResponse:
    """One page of it; `again`: drawn anew."""
    case = cases.find(session().station, number)
    page = request.args.get("page", 1, type=int)
    known = _known(number, piece)
    if known is None or page not in known.pages or "again" in request.args:
        return _draw(number, piece, page, None if "again" in request.args else known)
    drawn = known.pages[page]
    refused = drawn if isinstance(drawn, StationError) else None
    hidden = known.hidden
    return render_template(
        "look.html",
        case=case,
        piece=piece,
        page=page,
        view=drawn,
        kind=_(KINDS[drawn.family]) if isinstance(drawn, View) else "",
        refused=refused,
        hidden=hidden,
        hidden_refused=isinstance(hidden, StationError),
        telling=[] if isinstance(hidden, StationError) else telling(hidden),
    )


@blueprint.get("/cases/<int:number>/evidence/<int:piece>/page-<int:page>.png")
def picture(number: int, piece: int, page: int) -> Response:
    """What was drawn of this page, and never of another."""
    known = _known(number, piece)
    drawn = known.pages.get(page) if known else None
    if not isinstance(drawn, View) or drawn.picture is None:
        abort(404)
    return Response(drawn.picture, mimetype="image/png")


def _known(number: int, piece: int) -> Looked | None:
    """What is in memory of this piece, if it is the one that was looked at last."""
    looked = session().looked
    return looked if looked is not None and (looked.case, looked.piece) == (number, piece) else None


def _draw(number: int, piece: int, page: int, known: Looked | None) -> BaseResponse:
    """Begins; the page comes when it is drawn."""
    case = cases.find(session().station, number)

    def task(station: Station, progress: Progress) -> Looked:
        progress.title(_("Evidence {number} of case {case}").format(number=piece, case=number))
        return look(station, case, piece, page, known, progress)

    def keep(looked: Looked) -> str:
        session().looked = looked
        return url_for("looking.shown", number=number, piece=piece, page=page)

    session().begin(task, Result("", list, "case_page.shown", {"number": number}, keep)).join(_SOON_SECONDS)
    return redirect(url_for("working.shown"), 303)
