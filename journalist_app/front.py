"""The addresses without a page of their own."""

from typing import Final

from flask import Blueprint, g, redirect, url_for
from werkzeug import Response

from journalist_app.texts import FIRST

PREFIX: Final = "/<any(id, en):language>"

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
def root() -> Response:
    return redirect(url_for("front.start", language=FIRST), 303)


@blueprint.get(f"{PREFIX}/")
def start() -> Response:
    """The queue for whoever is signed in, else the sign-in page."""
    return redirect(url_for("queue.waiting" if g.account else "sign_in.form"), 303)
