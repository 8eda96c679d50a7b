"""A piece of evidence, checked or written into a folder that the reviewer names: as it came, or cleaned."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import attachments, cases
from workstation.cases import Case
from workstation.commands.clean import cleaned_lines
from workstation.commands.evidence import checked, exported, look
from workstation.evidence import export
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result, Task
from workstation.texts import N_, _
from workstation.viewing import cleaned

blueprint = Blueprint("exporting", __name__)

_KINDS: Final = ("original", "cleaned", "check")


@blueprint.get("/cases/<int:number>/evidence/<int:piece>")
def form(number: int, piece: int) -> str:
    station = session().station
    case = cases.find(station, number)
    found = [each for each in attachments.of_case(station, case) if each[0] == piece]
    if not found:
        abort(404)
    return render_template("export.html", case=case, piece=piece, evidence=found[0][2], media=media())


@blueprint.post("/cases/<int:number>/evidence/<int:piece>")
def write(number: int, piece: int) -> Response:
    """`kind`: the original with its custody note, or a cleaned copy; `check` writes nothing."""
    case: Case = cases.find(session().station, number)
    kind = "check" if request.form.get("step") == "check" else request.form.get("kind", "original")
    if kind not in _KINDS:
        abort(400)
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    task, heading, lines = _work(kind, case, piece, to, "incomplete" in request.form)

    def told(done: Any) -> list[str]:
        return [line.strip() for line in lines(done)]

    session().begin(task, Result(_(heading), told, "case_page.shown", {"number": number}))
    return redirect(url_for("working.shown"), 303)


def _work(
    kind: str, case: Case, piece: int, to: Path, recover: bool
) -> tuple[Task, str, Callable[[Any], Iterable[str]]]:
    """What is to be done, and how its end is told."""
    if kind == "cleaned":
        return (
            lambda station, progress: cleaned.write(station, case, piece, to, progress),
            N_("Written"),
            cleaned_lines,
        )
    if kind == "check":
        return (
            lambda station, progress: {piece: look(station, case, piece, progress)},
            N_("Checked"),
            lambda found: checked(case, found),
        )
    return (
        lambda station, progress: export(station, case, piece, to, recover, progress),
        N_("Written"),
        exported,
    )
