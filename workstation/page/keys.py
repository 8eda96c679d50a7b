"""Keys and backup: what the office's keys are, until when, which are due to go, and backups.

What shows papers or needs the office's key stays on the terminal (decision 0027): the page says what to type.
"""

import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar, fingerprint
from crypto.fields import Day
from workstation import backup, destruction, files, shares, terminal, texts
from workstation.commands.backup import written_lines
from workstation.commands.destroy_keys import destroyed_lines
from workstation.destruction import Destroyed
from workstation.errors import FileExistsAlreadyError, NotAFolderError, NoTerminalError, StationError
from workstation.page.again import prove
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.reminders import SOON_DAYS
from workstation.shares import BackupKey
from workstation.station import Station
from workstation.texts import N_, _

blueprint = Blueprint("keys", __name__)

_CEREMONIES: Final = (
    (N_("Make everybody's keys for the weeks to come"), ("renew", "--to", "DIR")),
    (N_("One more reviewer"), ("reviewer", "add", "ID=TITLE/TITLE", "--to", "DIR")),
    (N_("Take a reviewer away"), ("reviewer", "remove", "REVIEWER", "--to", "DIR")),
    (
        N_("Put a newcomer in a reviewer's place"),
        ("reviewer", "replace", "REVIEWER", "ID=TITLE/TITLE", "--to", "DIR"),
    ),
    (N_("More identity custodians"), ("custodian", "add", "ID=TITLE/TITLE", "--to", "DIR")),
    (N_("Take an identity custodian away"), ("custodian", "remove", "ID", "--to", "DIR")),
)
_NEW_SHARES: Final = ("backup", "--new-shares", "--to", "FILE")


@dataclass(frozen=True)
class _Week:
    """A week whose key is due to go: its last day, and why it must stay, if it must."""

    ended: Day
    stays: str | None


@blueprint.get("/keys")
def shown() -> str:
    return _page(None)


@blueprint.post("/keys/keep")
def keep() -> str | Response:
    """How long keys stay."""
    try:
        destruction.set_keep_days(session().station, request.form.get("days", 0, type=int))
    except StationError as error:
        return _page(error)
    return redirect(url_for("keys.shown", _anchor="due"), 303)


@blueprint.post("/keys/destroy")
def destroy() -> str | Response:
    """Destroys what is due and may go, after the passphrase was given again."""
    try:
        passphrase = prove(session().station, request.form.get("passphrase", ""))
    except StationError as error:
        return _page(error)
    even_if_missing = "even-if-missing" in request.form

    def task(station: Station, _progress: Progress) -> tuple[Destroyed, int]:
        done = destruction.destroy(station, passphrase, calendar.today(), even_if_missing)
        return done, destruction.keep_days(station)

    result = Result(_("Keys of past weeks"), lambda done: destroyed_lines(*done), "keys.shown", {})
    session().begin_change(task, result, passphrase)
    return redirect(url_for("working.shown"), 303)


@blueprint.post("/backup")
def save() -> Response:
    """Writes a backup to a new file; its name says of which office and day it is."""
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))

    def task(station: Station, progress: Progress) -> tuple[Path, int, BackupKey]:
        key = shares.load(station.vault)
        if key is None:
            raise NoTerminalError
        if not to.is_dir():
            raise NotAFolderError(path=to)
        wanted = to / f"peluit-{station.keys.place.office}-{calendar.today()}.backup"
        path = next(files.free_names(wanted), wanted)
        try:
            return path, backup.write(station, key, path, calendar.today(), progress), key
        except FileExistsError:
            raise FileExistsAlreadyError(path=path) from None

    def told(done: tuple[Path, int, BackupKey]) -> list[str]:
        return [line.strip() for line in written_lines(*done)]

    session().begin(task, Result(_("Backup"), told, "keys.shown", {}))
    return redirect(url_for("working.shown"), 303)


def _page(problem: StationError | None) -> str:
    station, today = session().station, calendar.today()
    office = station.directory.office
    days = (date.fromisoformat(office.expires) - date.fromisoformat(today)).days
    judged = destruction.judged(station, today)
    return render_template(
        "keys.html",
        problem=problem,
        office=terminal.safe(texts.named(office.names)),
        words={language: fingerprint.spoken(office.root, language) for language in texts.LANGUAGES},
        digits=fingerprint.digits(office.root),
        until=office.expires,
        ended=days < 0,
        soon=days < SOON_DAYS,
        weeks=max(0, days // 7),
        due=[_Week(calendar.last_day(week), stays) for week, stays in judged.items()],
        keep_days=destruction.keep_days(station),
        backup_key=shares.load(station.vault),
        media=media(),
        ceremonies=[(_(what), _here(*words)) for what, words in _CEREMONIES],
        papers=[
            (_("New shares for the backup key, on paper"), _here(*_NEW_SHARES)),
            (_("Prove that a backup opens"), _typed("rehearse", "--from", "FILE", *_me())),
            (_("Put a backup into a new folder"), _typed("restore", "--from", "FILE", "--to", "DIR")),
            (
                _("Poster with a QR code"),
                _typed("fingerprint", "--address", "URL", "--print", "FILE", "--folder", _folder()),
            ),
        ],
    )


def _here(*words: str) -> str:
    """A command for this station and the reviewer who is here."""
    return _typed(*words, *_me(), "--folder", _folder())


def _folder() -> str:
    return str(session().folder.absolute())


def _me() -> tuple[str, str]:
    return "--as", session().station.reviewer


def _typed(*words: str) -> str:
    """What to type at the terminal; words in capitals are for the reviewer to fill in."""
    return terminal.safe(shlex.join(("peluit", "station", *words)))
