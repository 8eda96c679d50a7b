"""The pages without a form: what this door is, where a report goes, the codename, and that it is stored."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Response, g, render_template

from crypto import codename
from source_app.noscript import notes, offices
from source_app.noscript.services import Services
from source_app.noscript.texts import N_, link
from source_app.routes import Route

PREFIX: Final = "/<any(id, en):language>"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

SMALLEST: Final = 20_000
"""The length in bytes of a page. One that does not fit is twice as long, or four times, and so on."""

STORED: Final = {
    "report": N_("Your report is stored, locked"),
    "message": N_("Your message is stored, locked"),
    "evidence": N_("Your file is stored whole, locked"),
    "threat": N_("Your notice of a threat is stored, locked"),
    "objection": N_("Your objection is stored, locked"),
    "withdrawal": N_("Your withdrawal is stored, locked"),
    "rating": N_("Your rating is stored, locked"),
}

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
    return Response(_padded(html.encode()), status, mimetype="text/html")


def _padded(html: bytes) -> bytes:
    """So that the length of an answer does not tell which page it is, nor whether there are replies in it."""
    size = SMALLEST
    while size < len(html):
        size *= 2
    return html.ljust(size)


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
        return page(
            "stored.html", place=offices.place(services, office, channel), what=what, title=STORED[what]
        )

    def style() -> Response:
        return Response(_STYLE, mimetype="text/css")

    address = "<id:office>/<id:channel>"
    return (
        Route("GET", "/", notice),
        Route("GET", f"{PREFIX}/", notice),
        Route("GET", f"{PREFIX}/report", choose_kind),
        Route("GET", f"{PREFIX}/thread", choose_office),
        Route("GET", f"{PREFIX}/codename/{address}", new_codename),
        Route("GET", f"{PREFIX}/stored/<any({', '.join(STORED)}):what>/{address}", is_stored),
        Route("GET", "/style.css", style),
    )
