"""The addresses without a page of their own."""

from pathlib import Path
from typing import Final

from flask import Blueprint, g, redirect, url_for
from werkzeug import Response

from journalist_app.navigation import home
from journalist_app.texts import FIRST

PREFIX: Final = "/<any(id, en):language>"

_STYLE: Final = Path(__file__).with_name("static").joinpath("style.css").read_bytes()

blueprint = Blueprint("front", __name__)


@blueprint.get("/style.css")
def style() -> Response:
    """The one file. Flask's own way would tell the server's clock and the file's date."""
    return Response(_STYLE, mimetype="text/css")


@blueprint.get("/")
def root() -> Response:
    return redirect(url_for("front.start", language=FIRST), 303)


@blueprint.get(f"{PREFIX}/")
def start() -> Response:
    """The first page of whoever is signed in, else the sign-in page."""
    return redirect(url_for(home(g.account) if g.account else "sign_in.form"), 303)
