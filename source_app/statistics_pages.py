"""`/<language>/statistics/`: what the offices have published about their reports. No scripts, and light.

A publication never changes once it is there, so that a page is made once for each set of them.
"""

from functools import lru_cache, partial
from http import HTTPStatus
from typing import Final

from flask import Response

from crypto.fields import OfficeId
from source_app.answers import Refusal
from source_app.pages import LANGUAGES, Language, catalogue, environment
from source_app.routes import Route
from source_app.services import Services
from source_app.static_files import StaticFile, answer_with, keep
from store import pages
from store.layout import Layout

_HTML: Final = "text/html; charset=utf-8"
_CSS: Final = "text/css; charset=utf-8"
STYLE: Final = """table { width: 100%; max-width: 38rem; margin: 1.5rem 0; border-collapse: collapse; }
caption { font-weight: 600; text-align: start; padding-bottom: .3rem; }
th { font-weight: 400; text-align: start; padding: .3rem 1rem .3rem 0; }
td, thead th + th { text-align: end; font-variant-numeric: tabular-nums; }
tr { border-bottom: 1px solid; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; }
dd { margin: 0; }
"""
"""`/statistics.css`: what these pages have and the reporters' page, which must stay light, has not."""


def routes(layout: Layout, services: Services) -> tuple[Route, ...]:
    """The list, and a page for each publication, in each language."""
    style = next((name for name in pages.read(layout) if name.endswith(".css")), "")
    own = Route("GET", "/statistics.css", partial(answer_with, keep(_CSS, STYLE.encode())))
    return (own, *(route for language in LANGUAGES for route in _routes(services, style, language)))


def _routes(services: Services, style: str, language: Language) -> tuple[Route, ...]:
    published, offices = services.statistics, services.site.offices
    place = f"/{language}/statistics"

    @lru_cache(maxsize=4)
    def kept_list(known: tuple[tuple[str, ...], ...]) -> StaticFile:
        found = [
            (office, [published.read(office.id, period) for period in periods])
            for office, periods in zip(offices, known, strict=True)
        ]
        return _page("statistics.html", style, language, f"{place[3:]}/", found=found)

    @lru_cache(maxsize=64)
    def kept_page(office: OfficeId, period: str) -> StaticFile:
        found, path = published.read(office, period), f"{place[3:]}/{office}/{period}"
        known = services.site.office(office)
        return _page("statistics_period.html", style, language, path, office=known, found=found)

    def listed() -> Response:
        return answer_with(kept_list(tuple(tuple(published.periods(office.id)) for office in offices)))

    def shown(office: str, period: str) -> Response:
        known = services.site.office(office)
        if known is None or period not in published.periods(known.id):
            raise Refusal(HTTPStatus.NOT_FOUND, "not-found")
        return answer_with(kept_page(known.id, period))

    return (
        Route("GET", place, listed),
        Route("GET", f"{place}/", listed),
        Route("GET", f"{place}/<id:office>/<period>", shown),
    )


def _page(template: str, style: str, language: Language, path: str, **values: object) -> StaticFile:
    """`path`: that of the page, behind its language."""
    html = (
        environment()
        .get_template(template)
        .render(
            language=language,
            other=next(each for each in LANGUAGES if each != language),
            path=path,
            style=style,
            t=catalogue(language)["page"],
            **values,
        )
    )
    return keep(_HTML, html.encode())
