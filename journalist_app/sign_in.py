"""Signing in and out."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from journalist_app import visit
from journalist_app.front import PREFIX
from journalist_app.parts import parts
from store.errors import NoMatchError

blueprint = Blueprint("sign_in", __name__, url_prefix=PREFIX)


@dataclass(frozen=True)
class _Limits:
    """The longest that a field may be, in characters."""

    name: int = 64
    passphrase: int = 1_024
    code: int = 16


_LIMITS: Final = _Limits()


@blueprint.get("/sign-in")
def form() -> BaseResponse:
    if g.account is not None:
        return redirect(url_for("queue.waiting"), 303)
    return _form(failed=False)


@blueprint.post("/sign-in")
def enter() -> BaseResponse:
    """One answer to everything that does not match, after the same work."""
    untrusted = [request.form.get(name, "")[:limit] for name, limit in vars(_LIMITS).items()]
    try:
        token = parts().staff.sign_in(*untrusted)
    except NoMatchError:
        return _form(failed=True)
    if g.session is not None:
        parts().staff.sign_out(g.session)
    return visit.sign_in(make_response(redirect(url_for("queue.waiting"), 303)), token)


@blueprint.post("/sign-out")
def leave() -> BaseResponse:
    parts().staff.sign_out(g.session)
    return visit.sign_out(make_response(redirect(url_for("sign_in.form"), 303)))


def _form(failed: bool) -> Response:
    response = visit.come_to_door(make_response())
    response.set_data(render_template("sign_in.html", failed=failed, limits=_LIMITS))
    response.status_code = 403 if failed else 200
    return response
