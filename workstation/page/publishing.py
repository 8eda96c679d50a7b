"""Public statistics on the page: what a period would say, publishing it, and what is published."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation.errors import StationError
from workstation.page.accounts import tabs
from workstation.page.session import session
from workstation.recap import papers, periods, register, statistics
from workstation.recap.paper import Paper

blueprint = Blueprint("publishing", __name__)


@blueprint.get("/accounts/statistics")
def shown() -> str:
    """With a period: what it would say."""
    return _page(request.args.get("period", ""))


@blueprint.post("/accounts/statistics")
def publish() -> str | Response:
    """Publishes the period that was looked at; a second click finds it published and shows the list."""
    station, on, name = session().station, calendar.today(), request.form.get("period", "")
    try:
        if name not in statistics.published(station.vault):
            statistics.publish(station, register.of([station], on), periods.read(name), on)
    except StationError as error:
        return _page("", error)
    return redirect(url_for("publishing.shown"), 303)


def _page(period: str, problem: StationError | None = None) -> str:
    station, draft = session().station, None
    try:
        draft = _draft(period) if period and problem is None else None
    except StationError as error:
        problem = error
    waiting = statistics.waiting(station.vault)
    found = [(each.period, papers.public(each)) for each in statistics.published(station.vault).values()]
    return render_template(
        "statistics.html",
        draft=draft,
        found=found[::-1],
        period=period,
        problem=problem,
        tabs=tabs(),
        waiting=waiting,
        whose=papers.readers([station.reviewer], calendar.today()),
    )


def _draft(period: str) -> Paper:
    station, on = session().station, calendar.today()
    return papers.public(statistics.draft(station, register.of([station], on), periods.read(period), on))
