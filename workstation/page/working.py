"""Long work as a page that comes again by itself until it is over."""

from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from workstation.page.server import report
from workstation.page.session import session

blueprint = Blueprint("working", __name__)

_AGAIN_SECONDS: Final = 1


@blueprint.get("/working")
def shown() -> BaseResponse:
    work = session().work
    if work is None:
        return redirect(url_for("front.overview"), 303)
    if not work.running:
        session().settle()
        if work.failed is not None:
            report(work.failed)
            session().work = None
            raise work.failed
        if work.good and (address := work.shown_at_once()):
            session().work = None
            return redirect(address, 303)
        return Response(render_template("ended.html", work=work))
    still = "still" in request.args
    response = make_response(render_template("working.html", work=work, still=still))
    if not still:
        response.headers["Refresh"] = str(_AGAIN_SECONDS)
    return response


@blueprint.post("/working")
def stop() -> BaseResponse:
    """Stops it, or goes on from its end."""
    work = session().work
    if work is None:
        return redirect(url_for("front.overview"), 303)
    if work.running:
        if work.result.stoppable:
            work.stop()
        return redirect(url_for("working.shown"), 303)
    session().settle()
    session().work = None
    return redirect(url_for(work.result.onward, **work.result.values), 303)
