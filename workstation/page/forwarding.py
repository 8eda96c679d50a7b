"""Passing a case on to another office."""

from typing import Any, Final, cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import attachments, cases, texts
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands.forward import day_of, itself_warning, original_warning, way_lines
from workstation.commands.redacting import warning
from workstation.dispositions import disposition
from workstation.dispositions.disposition import Done, Wish
from workstation.dispositions.kept import Way
from workstation.errors import StationError
from workstation.offices import office_titles, registry
from workstation.offices.office_errors import OriginalNotConfirmedError
from workstation.page import redacting
from workstation.page.casework import is_new, typed
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.texts import _

blueprint = Blueprint("forwarding", __name__)

_FIELDS: Final = ("office", "subject", "text", "due", "way", "word")
_WAYS: Final = ("", "file", "paper")


@blueprint.get("/cases/<int:number>/forward")
def form(number: int) -> str:
    return _page(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/forward")
def send(number: int) -> str | Response:
    """Checked at once; the evidence is then cleaned, and all of it sent, as work of its own."""
    station = session().station
    case = cases.find(station, number)
    if not is_new(case):
        return redirect(url_for("case_page.shown", number=number, _anchor="offices"), 303)
    given = typed(_FIELDS)
    medium, path = request.form.get("medium", ""), request.form.get("path", "")
    to = chosen(medium, path) if medium or path else None
    try:
        wish = _wish(case, given)
        if wish.originals and given["word"].strip() != _("original"):
            raise OriginalNotConfirmedError
        disposition.check(station, case, wish, calendar.today(), to)
    except StationError as error:
        return _page(case, error)
    session().begin(
        lambda inside, progress: disposition.forward(
            inside, cases.find(inside, number), wish, calendar.today(), to, progress
        ),
        Result(_("Passed on"), _told, "case_page.shown", {"number": number}),
    )
    return redirect(url_for("working.shown"), 303)


def _wish(case: Case, given: dict[str, str]) -> Wish:
    way = given["way"] if given["way"] in _WAYS else ""
    originals = redacting.numbers("original")
    return Wish(
        office=given["office"],
        subject=given["subject"],
        text=given["text"],
        texts=redacting.chosen(redacting.of_case(session().station, case)),
        cleaned=[number for number in redacting.numbers("cleaned") if number not in originals],
        originals=originals,
        due=day_of(given["due"]),
        grant="grant" in request.form,
        way=cast(Way, way) if way else None,
    )


def _told(done: Any) -> list[str]:
    found: Done = done
    return [
        *way_lines(found.path, found.forwarded.way),
        *([itself_warning()] if found.forwarded.about_itself else []),
    ]


def _page(case: Case, problem: StationError | None = None) -> str:
    station = session().station
    return render_template(
        "forward.html",
        case=case,
        problem=problem,
        copies=redacting.of_case(station, case),
        pieces=attachments.of_case(station, case),
        offices=[
            (each.id, f"{texts.named(each.names)} · {office_titles.state(each.state)}")
            for each in registry.listed(station.vault)
            if each.state != "revoked"
        ],
        typed=typed(_FIELDS),
        cleaned=redacting.numbers("cleaned"),
        originals=redacting.numbers("original"),
        grant="grant" in request.form,
        warning=warning(),
        original_warning=original_warning(),
        usual=disposition.usual_due(station, journal.of_case(station, case), calendar.today()),
        media=media(),
    )
