"""A sealed identity: whether there is one, who could open it, and asking for it. It is opened on the command
line only (decision 0037): passphrases of others do not belong into the browser of the one who is here."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases
from workstation.casework import identity
from workstation.commands.identity import keepers, opening_command
from workstation.commands.show import reviewer_title
from workstation.errors import StationError
from workstation.page.session import session

blueprint = Blueprint("identities", __name__)


@blueprint.get("/cases/<int:number>/identity")
def shown(number: int) -> str:
    return _page(number)


@blueprint.post("/cases/<int:number>/identity")
def ask(number: int) -> str | Response:
    """A request that was sent twice, by two clicks, is kept once."""
    station = session().station
    case = cases.find(station, number)
    reason = request.form.get("reason", "")
    if request.form.get("step") == str(case.head.steps + 1):
        try:
            identity.ask(station, case, reason, calendar.today())
        except StationError as error:
            return _page(number, reason, error)
    return redirect(url_for("identities.shown", number=number), 303)


def _page(number: int, reason: str = "", problem: StationError | None = None) -> str:
    station = session().station
    case = cases.find(station, number)
    found = identity.of_case(station, case, calendar.today())
    asked = found.request
    return render_template(
        "identity.html",
        case=case,
        deposit=found.deposit,
        keepers=keepers(station, found),
        asked=asked,
        asked_by="" if asked is None else reviewer_title(station, asked.by),
        mine=asked is not None and asked.by == station.reviewer,
        command=opening_command(case, found),
        openings=[
            (each, reviewer_title(station, each.by), reviewer_title(station, each.asked))
            for each in found.openings
        ],
        longest=identity.LONGEST_REASON,
        reason=reason,
        problem=problem,
    )
