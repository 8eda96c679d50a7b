"""The registry of offices."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar, fingerprint
from workstation import texts
from workstation.commands.offices import checked, own_lines, read_document, same_digits
from workstation.errors import StationError
from workstation.offices import office_list, office_titles, registry
from workstation.offices.office_errors import NotComparedError
from workstation.offices.registry import COLUMNS
from workstation.page.casework import typed
from workstation.page.media import chosen, media
from workstation.page.session import session

blueprint = Blueprint("offices", __name__)

_ACTS: Final = ("add", "change", "enrol", "import", "own", "revoke")


@blueprint.get("/offices")
def listed() -> str:
    return _page()


@blueprint.post("/offices")
def change() -> str | Response:
    """`add` one or `change` it, `import` many, `enrol` one with its keys or `revoke` it,
    or write one's `own` keys for others."""
    act = request.form.get("act", "")
    if act not in _ACTS:
        abort(400)
    try:
        done = _change(act)
    except StationError as error:
        return _page(error, act)
    if done:
        return _page(None, act, done)
    return redirect(url_for("offices.listed"), 303)


def _change(act: str) -> list[str]:
    """What is to be told of it, if anything."""
    station, today = session().station, calendar.today()
    office, path = request.form.get("office", ""), chosen("", request.form.get("path", ""))
    match act:
        case "add":
            given = typed(COLUMNS)
            registry.add(station, [registry.read_office(given, given["id"])], today)
        case "change":
            given = typed(COLUMNS)
            registry.change(station, registry.read_office(given, given["id"]))
        case "import":
            registry.add(station, office_list.read(path), today)
        case "enrol":
            document = read_document(path)
            directory = checked(document, path)
            if not registry.trusted(station, office, directory):
                if not request.form.get("digits", "").strip():
                    raise NotComparedError
                same_digits(directory, request.form["digits"])
            registry.enrol(station, office, document, today)
        case "own":
            return own_lines(registry.write_own(station, path), station.directory)
        case _:
            registry.revoke(station, office, request.form.get("reason", ""), today)
    return []


def _page(problem: StationError | None = None, act: str = "", done: list[str] | None = None) -> str:
    offices = registry.listed(session().station.vault)
    return render_template(
        "offices.html",
        problem=problem,
        done=done or [],
        act=act,
        offices=[
            (
                each,
                texts.named(each.names),
                office_titles.kind(each.kind),
                office_titles.state(each.state),
                " ".join(fingerprint.digits(each.directory.office.root)) if each.directory else "",
            )
            for each in offices
        ],
        kinds=[(kind, office_titles.kind(kind)) for kind in registry.KINDS],
        typed=typed((*COLUMNS, "office", "path", "digits", "reason")),
        columns=", ".join(COLUMNS),
        media=media(),
    )
