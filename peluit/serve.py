"""Runs one of the apps under gunicorn, or the broker of the inbox, in place of this process."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from peluit.errors import NoDataError
from store.layout import Layout

_KEPT = (
    *("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV"),
    # Sockets that systemd hands over (sd_listen_fds(3)); the process number stays the same.
    *("LISTEN_FDS", "LISTEN_PID"),
    *(
        "PELUIT_BOARD_EVERY",
        "PELUIT_EVIDENCE_PER_DAY",
        "PELUIT_INBOX",
        "PELUIT_LARGEST_FILE",
        "PELUIT_RESERVE",
    ),
    *("PELUIT_SEARCHABLE", "PELUIT_THREADS", "PELUIT_WORKERS"),
)
_PACKAGES = {"source": "source_app", "noscript": "source_app.noscript", "journalist": "journalist_app"}

# The no-script door has reporters' texts in its memory. What it frees, the C library overwrites (mallopt(3),
# M_PERTURB), and Python frees through it at once instead of keeping memory to itself.
_WIPING = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}

APPS = tuple(_PACKAGES)


def command(app: str, bind: str) -> list[str]:
    """The gunicorn command line for one of APPS."""
    settings = ("--config", "python:hardening.deploy.gunicorn", "--bind", bind)
    return [sys.executable, "-m", "gunicorn", *settings, f"{_PACKAGES[app]}.wsgi:app"]


def environment(app: str, told: Mapping[str, str]) -> dict[str, str]:
    """All that the app is told from outside. Nothing else of the caller's environment is passed on."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    wiping = _WIPING if app == "noscript" else {}
    return kept | wiping | {"PELUIT_APP": app, **told}


def of_folder(folder: Path) -> dict[str, str]:
    """What an app is told that keeps its data in this folder; NoDataError if it holds no server."""
    if not Layout(folder).site.is_file():
        raise NoDataError(folder)
    return {"PELUIT_DATA": str(folder.resolve())}


def of_source(bind: str) -> dict[str, str]:
    """What the no-script door is told: where the source app listens."""
    return {"PELUIT_SOURCE": bind}


def serve(
    app: str,
    told: Mapping[str, str],
    bind: str,
    largest_file: int | None = None,
    evidence_per_day: int | None = None,
    board_every: int | None = None,
) -> None:
    """Replaces this process by gunicorn. `told` is from `of_folder`; for the no-script door from `of_source`.

    `largest_file` and `evidence_per_day` are bytes (store/space.py says what else goes for them),
    `board_every` seconds (journalist_app/schedule.py).
    """
    arguments = command(app, bind)
    settings = {
        "PELUIT_LARGEST_FILE": largest_file,
        "PELUIT_EVIDENCE_PER_DAY": evidence_per_day,
        "PELUIT_BOARD_EVERY": board_every,
    }
    given = {name: str(number) for name, number in settings.items() if number is not None}
    os.execve(arguments[0], arguments, environment(app, told) | given)  # noqa: S606  our own interpreter, no shell


def serve_inbox(told: Mapping[str, str], bind: str, peer: str) -> None:
    """Replaces this process by the broker of the inbox (store/broker/). `peer`: the source app's user."""
    arguments = [sys.executable, "-m", "store.broker"]
    given = {"PELUIT_BIND": bind, "PELUIT_PEER": peer}
    os.execve(arguments[0], arguments, environment("inbox", told) | given)  # noqa: S606  our own interpreter
