"""The pages without a form: what this door is, where a report goes, the codename, and that it is stored."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Response, g, render_template

from crypto import codename
from source_app.noscript import notes, offices
from source_app.noscript.texts import link
from source_app.routes import Route
from source_app.services import Services

PREFIX: Final = "/<any(id, en):language>"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

_STYLE: Final = Path(__file__).with_name("static").joinpath("style.css").read_bytes()


def page(
    template: str,
    status: HTTPStatus = HTTPStatus.OK,
    problems: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """A page; with problems it is the form again, as it was typed."""
    if problems and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    html = render_template(template, problems=problems or {}, blocks=notes.blocks, **values)
    return Response(html, status, mimetype="text/html")


def stored(what: str, office: str, channel: str) -> Response:
    """Leads to the page that says so: it can be loaded anew without anything being sent again."""
    address = link("stored", what, office, channel)
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address}, mimetype="text/html")


def routes(services: Services) -> tuple[Route, ...]:
    def notice() -> Response:
        return page("notice.html", offices=services.site.offices)

    def choose_kind() -> Response:
        return page("kinds.html", offices=offices.every(services))

    def choose_office() -> Response:
        return page("offices.html", offices=services.site.offices)

    def new_codename(office: str, channel: str) -> Response:
        place = offices.place(services, office, channel)
        return page("codename.html", place=place, words=codename.make(g.language))

    def is_stored(what: str, office: str, channel: str) -> Response:
        return page("stored.html", place=offices.place(services, office, channel), what=what)

    def style() -> Response:
        return Response(_STYLE, mimetype="text/css")

    address = "<id:office>/<id:channel>"
    return (
        Route("GET", "/", notice),
        Route("GET", f"{PREFIX}/", notice),
        Route("GET", f"{PREFIX}/report", choose_kind),
        Route("GET", f"{PREFIX}/thread", choose_office),
        Route("GET", f"{PREFIX}/codename/{address}", new_codename),
        Route("GET", f"{PREFIX}/stored/<any(report, message, evidence):what>/{address}", is_stored),
        Route("GET", "/style.css", style),
    )
