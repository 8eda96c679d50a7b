"""Runs one of the two apps under gunicorn, in place of this process."""

import os
import sys
from pathlib import Path

from peluit.errors import NoDataError
from store.layout import Layout

_KEPT = (
    *("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV"),
    *("PELUIT_EVIDENCE_PER_DAY", "PELUIT_LARGEST_FILE", "PELUIT_RESERVE"),
    *("PELUIT_SEARCHABLE", "PELUIT_THREADS", "PELUIT_WORKERS"),
)


def command(app: str, bind: str) -> list[str]:
    """The gunicorn command line for `source` or `journalist`."""
    settings = ("--config", "python:hardening.deploy.gunicorn", "--bind", bind)
    return [sys.executable, "-m", "gunicorn", *settings, f"{app}_app.wsgi:app"]


def environment(app: str, folder: Path) -> dict[str, str]:
    """All that the app is told from outside. Nothing else of the caller's environment is passed on."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PELUIT_DATA": str(folder.resolve()), "PELUIT_APP": app}


def serve(
    app: str, folder: Path, bind: str, largest_file: int | None = None, evidence_per_day: int | None = None
) -> None:
    """Replaces this process by gunicorn; NoDataError if the folder holds no server.

    `largest_file` and `evidence_per_day` are bytes (store/space.py says what else goes for them).
    """
    if not Layout(folder).site.is_file():
        raise NoDataError(folder)
    arguments = command(app, bind)
    limits = {"PELUIT_LARGEST_FILE": largest_file, "PELUIT_EVIDENCE_PER_DAY": evidence_per_day}
    given = {name: str(size) for name, size in limits.items() if size is not None}
    os.execve(arguments[0], arguments, environment(app, folder) | given)  # noqa: S606  our own interpreter, no shell
