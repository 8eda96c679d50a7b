"""Register, recap and performance of offices on the page, and writing them to a stick."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug import Response

from crypto import calendar
from workstation import files, terminal
from workstation.commands import performance as performing
from workstation.errors import StationError
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.recap import as_html, counting, names, papers, performance, periods, register, saving
from workstation.recap.paper import Paper
from workstation.recap.periods import Period
from workstation.recap.statement import ENDING
from workstation.station import Station
from workstation.texts import N_, _

blueprint = Blueprint("accounts", __name__)

TITLES: Final[Mapping[str, str]] = {
    "accounts.recap": N_("Recap"),
    "accounts.register": N_("Register"),
    "accounts.performance": N_("Performance of offices"),
    "publishing.shown": N_("Public statistics"),
    "lessons_page.shown": N_("Causes and improvements"),
}
"""The pages that give account of all cases, by endpoint."""

_SIGNED: Final = "signed"


@blueprint.get("/accounts")
def recap() -> str:
    return _shown("recap")


@blueprint.get("/accounts/register", endpoint="register")
def register_() -> str:
    return _shown("register")


@blueprint.get("/accounts/performance", endpoint="performance")
def performance_() -> str:
    return _shown("performance")


@blueprint.post("/accounts/<kind>")
def write(kind: str) -> Response:
    """A file of the ending that the form names, or the signed statement."""
    ending, period = request.form.get("ending", ""), periods.read(request.form.get("period", ""))
    if kind not in _PAPERS or ending not in (*saving.ENDINGS, _SIGNED):
        abort(400)
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))

    def task(station: Station, _progress: Progress) -> str:
        if ending == _SIGNED:
            found = performance.of([station], period, calendar.today())
            text = performing.sign(station, period.name, found)
            return str(files.write_beside(to / f"peluit-performance-{period.name}{ENDING}", text.encode()))
        return str(saving.save_beside(_PAPERS[kind](station, period), to, ending))

    session().begin(task, Result(_("Written"), lambda path: [terminal.safe(path)], f"accounts.{kind}", {}))
    return redirect(url_for("working.shown"), 303)


def chosen_period() -> tuple[Period, StationError | None]:
    """The period that the address names, or this year and what is wrong with the name."""
    this_year = periods.year_of(calendar.today())
    try:
        return periods.read(request.args.get("period") or this_year.name), None
    except StationError as error:
        return this_year, error


def drawn(paper: Paper) -> list[tuple[object, Markup]]:
    """Each table with its chart; all that a chart holds is escaped where it is drawn."""
    return [(table, Markup(as_html.chart(table))) for table in paper.tables]  # noqa: S704


def tabs() -> list[tuple[str, str]]:
    """(endpoint, title) of each of these pages."""
    return [(endpoint, _(title)) for endpoint, title in TITLES.items()]


def _shown(kind: str) -> str:
    period, problem = chosen_period()
    paper = _PAPERS[kind](session().station, period)
    return render_template(
        "accounts.html",
        kind=kind,
        media=media(),
        paper=paper,
        period=period,
        problem=problem,
        tables=drawn(paper),
        tabs=tabs(),
    )


def _recap(station: Station, period: Period) -> Paper:
    on = calendar.today()
    found = register.of([station], on).within(period)
    return papers.marked(station, papers.recap(found, counting.recap(found), period, names.of(station), on))


def _register(station: Station, period: Period) -> Paper:
    on = calendar.today()
    found = register.of([station], on).within(period)
    return papers.marked(station, papers.register(found, period, names.of(station), on))


def _performance(station: Station, period: Period) -> Paper:
    on = calendar.today()
    lead = [papers.readers([station.reviewer], on)]
    found = performance.of([station], period, on)
    return papers.marked(station, papers.performance(found, period.name, names.of(station), lead))


_PAPERS: Final[Mapping[str, Callable[[Station, Period], Paper]]] = {
    "recap": _recap,
    "register": _register,
    "performance": _performance,
}
