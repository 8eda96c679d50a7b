"""Unlocking and locking."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from workstation import opening, terminal, texts
from workstation.commands.imports import problem_lines
from workstation.errors import DirectoryError, StationError
from workstation.layout import Layout
from workstation.opening import Opened, open_in_steps, problems
from workstation.page.again import LONGEST_PASSPHRASE
from workstation.page.session import session
from workstation.page.visit import visit
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station, public_directory
from workstation.texts import _, n_

blueprint = Blueprint("locking", __name__)


@blueprint.get("/unlock")
def form() -> BaseResponse:
    if session().unlocked:
        return redirect(url_for("front.overview"), 303)
    return _page(None)


@blueprint.post("/unlock")
def enter() -> BaseResponse:
    untrusted_reviewer = request.form.get("reviewer", "")
    try:
        session().unlock(untrusted_reviewer, request.form.get("passphrase", "")[:LONGEST_PASSPHRASE])
    except StationError as error:
        return _page(error, terminal.safe(untrusted_reviewer))
    if opening.untried(session().station):
        session().begin(_open_waiting, Result(_("Opened"), _opened, "front.overview", {}))
    return redirect(url_for("front.overview"), 303)


@blueprint.post("/lock")
def leave() -> BaseResponse:
    session().lock()
    return redirect(url_for("locking.form"), 303)


def _page(problem: StationError | None, chosen: str = "") -> Response:
    """What the browser kept of pages before means nothing any more: another cookie."""
    response = make_response()
    visit().renew(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    reviewers = _reviewers()
    html = render_template("unlock.html", reviewers=reviewers, chosen=chosen, problem=problem)
    response.set_data(html)
    return response


def _reviewers() -> list[tuple[str, str]]:
    """(id, title) of everybody who has a key here; the titles are not proven before somebody unlocks."""
    layout = Layout(session().folder)
    layout.check()
    try:
        office = public_directory(session().folder).office
    except DirectoryError:
        return [(reviewer, reviewer) for reviewer in layout.reviewer_ids()]
    named = {each.id: f"{terminal.safe(texts.named(each.titles))} ({each.id})" for each in office.reviewers}
    return [(reviewer, named.get(reviewer, reviewer)) for reviewer in layout.reviewer_ids()]


def _open_waiting(station: Station, progress: Progress) -> tuple[Opened, list[str]]:
    """What a colleague imported."""
    return open_in_steps(station, progress), problem_lines(problems(station))


def _opened(outcome: tuple[Opened, list[str]]) -> list[str]:
    opened, sealed = outcome
    filed = n_("{count} message opened and filed.", "{count} messages opened and filed.", opened.messages)
    return [filed, *sealed]
