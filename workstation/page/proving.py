"""Checking what somebody brings: a statement made with a codename, or a custody note with its file."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import custody
from workstation.commands import authorship, retention_words
from workstation.commands import custody as notes
from workstation.keeping import certificate
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("proving", __name__)


@blueprint.get("/check")
def form() -> str:
    return render_template("check.html")


@blueprint.post("/check")
def check() -> Response:
    """The text was pasted, or lies in a file; which of both it is, it says itself."""
    untrusted_text = request.form.get("text", "").strip()
    path, file = (request.form.get(name, "").strip() for name in ("path", "file"))

    def task(station: Station, progress: Progress) -> list[str]:
        text = untrusted_text or authorship.read_text(str(_absolute(path)))
        if custody.PREFIX in text:
            named = _absolute(file) if file else None
            return notes.proven_lines(notes.prove(station, text, named, progress), bool(file))
        if certificate.PREFIX in text:
            return retention_words.proven_lines(certificate.read(station, text))
        return authorship.proven_lines(*authorship.prove(station, text))

    session().begin(task, Result(_("It is genuine"), _stripped, "proving.form", {}))
    return redirect(url_for("working.shown"), 303)


def _absolute(untrusted_path: str) -> Path:
    """Never `-`, which is the terminal's keyboard."""
    return Path(untrusted_path).expanduser().absolute()


def _stripped(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines]
