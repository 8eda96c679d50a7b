"""Writes the torrc of the onion services, and their folders, before tor is started for the first time."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from crypto import calendar
from hardening.deploy.tor import torrc
from hardening.deploy.tor.errors import TorError
from hardening.deploy.tor.torrc import NAMES, Onion
from hardening.deploy.tor.verify import build, verify
from peluit.errors import RefusedError
from peluit.tor import clients
from peluit.tor.errors import InstanceRefusedError, NotRootError, TorWarnsError
from peluit.tor.files import folder_like, write_like
from peluit.tor.place import DEBIAN, INSTANCE, RUN, SOCKETS, Place
from peluit.tor.service import command

_MAKE_INSTANCE: Final = "/usr/sbin/tor-instance-create"


def set_up(place: Place, run: Path = RUN, noscript: bool = True) -> None:
    """Makes what is missing and writes the torrc, if tor takes it without a warning; says what to do next.

    Can be repeated: keys, addresses and clients stay. `run` holds the apps' sockets.
    NotRootError, TorWarnsError, InstanceRefusedError, RefusedError (no tor; a path that no torrc can hold).
    """
    try:
        check(place)
        onions = [
            Onion(name, place.onion(name), run.absolute() / SOCKETS[name])
            for name in NAMES
            if noscript or name != "noscript"
        ]
        _make(place)
        _write(place, torrc.whole(place.data, place.pid, onions))
        for onion in onions:
            folder_like(place.onions, onion.name)
        clients.prepare(place.onion("reviewers"))
    except TorError as error:
        raise RefusedError(error) from None
    sys.stdout.write(
        f"tor's configuration is in {place.torrc}. Start tor, which makes the addresses:\n\n"
        f"    {command(place, 'restart')}\n\n"
        "Then see the addresses, and let the pages lead to the one without scripts:\n\n"
        f"    peluit tor addresses --folder DATA{'' if place == DEBIAN else f' --tor {place.onions}'}\n\n"
        "Nobody reaches the reviewers' address yet. For each of their browsers: peluit tor client add NAME\n"
    )


def check(place: Place) -> None:
    """Whether it could be set up here; NotRootError, NoTorError."""
    if place == DEBIAN and os.geteuid() != 0:
        raise NotRootError
    build()


def _make(place: Place) -> None:
    """The folders; on Debian the instance's own user too."""
    if place != DEBIAN:
        place.onions.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder_like(place.onions, place.data.name)
    elif not place.data.is_dir():
        line = [_MAKE_INSTANCE, INSTANCE]
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603  no shell
        if done.returncode:
            raise InstanceRefusedError(done.stderr.strip())


def _write(place: Place, text: str) -> None:
    """Puts a torrc in place that tor takes as the service will read it; TorWarnsError."""
    with tempfile.NamedTemporaryFile("w", prefix="peluit-", encoding="utf-8") as trial:
        trial.write(text)
        trial.flush()
        with place.filled_defaults() as defaults:
            if warnings := verify(Path(trial.name), defaults):
                raise TorWarnsError(" ".join(warnings))
    write_like(place.torrc.parent, place.torrc.name, text.encode(), calendar.today(), mode=0o644)
