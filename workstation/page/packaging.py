"""The package for law enforcement."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import attachments, cases, texts
from workstation.cases import Case
from workstation.commands.package import package_lines
from workstation.commands.redacting import warning
from workstation.dispositions import law_enforcement
from workstation.dispositions.law_enforcement import Wish
from workstation.errors import StationError
from workstation.offices import registry
from workstation.page import redacting
from workstation.page.casework import is_new, typed
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.texts import _

blueprint = Blueprint("packaging", __name__)

_FIELDS: Final = ("office", "subject", "reference", "facts", "chronology")


@blueprint.get("/cases/<int:number>/package")
def form(number: int) -> str:
    return _page(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/package")
def make(number: int) -> str | Response:
    """Checked at once; the evidence is then cleaned, and the package written, as work of its own."""
    station = session().station
    case = cases.find(station, number)
    if not is_new(case):
        return redirect(url_for("case_page.shown", number=number, _anchor="offices"), 303)
    texts_ = redacting.chosen(redacting.of_case(station, case))
    wish = Wish(**typed(_FIELDS), texts=texts_, evidence=redacting.numbers("cleaned"))
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    try:
        law_enforcement.check(station, case, wish, calendar.today())
    except StationError as error:
        return _page(case, error)

    def told(done: Any) -> list[str]:
        _case, package, path = done
        return [line.strip() for line in package_lines(package, path)]

    session().begin(
        lambda inside, progress: law_enforcement.make(
            inside, cases.find(inside, number), wish, calendar.today(), to, progress
        ),
        Result(_("Written"), told, "case_page.shown", {"number": number}),
    )
    return redirect(url_for("working.shown"), 303)


def _page(case: Case, problem: StationError | None = None) -> str:
    station = session().station
    return render_template(
        "package.html",
        case=case,
        problem=problem,
        copies=redacting.of_case(station, case),
        pieces=attachments.of_case(station, case),
        offices=[
            (each.id, texts.named(each.names))
            for each in registry.listed(station.vault)
            if each.kind == "law-enforcement" and each.state != "revoked"
        ],
        typed=typed(_FIELDS),
        cleaned=redacting.numbers("cleaned"),
        warning=warning(),
        media=media(),
    )
