"""The running tor: when it was started, and starting it anew where systemd runs it."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from peluit.tor.errors import NoSystemdError, SystemdRefusedError
from peluit.tor.place import Place

Act = Literal["reload", "restart"]


@dataclass(frozen=True)
class Running:
    """A tor process: when it was started, in seconds since 1970 by today's clock, and as which user."""

    started: float
    uid: int


_UID: Final = re.compile(r"^Uid:\t\d+\t(\d+)", re.MULTILINE)
"""proc(5): the effective user."""

_SYSTEMD: Final = Path("/run/systemd/system")
"""There if systemd is the first process (sd_booted(3))."""


def command(place: Place, act: Act) -> str:
    """What a person types to have tor read its files again (`reload`), or to start it anew."""
    if place.unit:
        return f"systemctl {act} {place.unit}"
    if act == "reload":
        return f"kill -HUP $(cat {place.pid})"
    start = f"tor --defaults-torrc /dev/null -f {place.torrc}"
    return f"kill -INT $(cat {place.pid}), and then: {start}" if place.pid.exists() else start


def do(place: Place, act: Act) -> None:
    """Does it; NoSystemdError, SystemdRefusedError."""
    if place.unit is None or not _SYSTEMD.is_dir():
        raise NoSystemdError(command(place, act))
    line = ["/usr/bin/systemctl", act, place.unit]
    done = subprocess.run(line, capture_output=True, check=False)  # noqa: S603  fixed words, no shell
    if done.returncode:
        raise SystemdRefusedError(command(place, act))


def running(place: Place, proc: Path = Path("/proc")) -> Running | None:
    """The tor that runs there; None if none does."""
    try:
        process = proc / str(int(place.pid.read_text("ascii")))
        name, _, rest = (process / "stat").read_text("utf-8").rpartition(")")
        # not the folder's owner: tor may not be looked into, so its folder is root's
        user = _UID.search((process / "status").read_text("utf-8"))
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    if user is None or name.partition("(")[2] != "tor":
        return None
    ticks = int(rest.split()[19])  # proc(5): field 22, in hundredths of a second since the host was started
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return Running(booted + ticks / 100, int(user[1]))
