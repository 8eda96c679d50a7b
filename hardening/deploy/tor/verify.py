"""What tor itself says of a torrc: `--verify-config` takes obsolete options with a warning: that counts."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardening.deploy.tor.errors import NoTorError

_LINE: Final = re.compile(r"^\S+ \S+ \S+ \[(?:warn|err)\] (.*)$", re.MULTILINE)
# About who runs the check, not about the file: Debian's unit starts tor as a user of its own.
_OF_ROOT: Final = "You are running Tor as root."
_SECONDS: Final = 30


@dataclass(frozen=True)
class Build:
    """What tor is installed: its version (`0.4.9.11` is (0, 4, 9, 11)) and the modules built into it."""

    version: tuple[int, ...]
    modules: frozenset[str]


def verify(torrc: Path, defaults: Path | None = None) -> list[str]:
    """Each warning and error of tor about a torrc, without its time; none if it is good. NoTorError.

    `defaults` is the file that is read before it, as the service does; without one, none is read.
    """
    files = ("-f", str(torrc), "--defaults-torrc", str(defaults or os.devnull))
    done = _tor(*files, "--verify-config")
    said = [line for line in _LINE.findall(done.stdout) if not line.startswith(_OF_ROOT) or os.geteuid()]
    return said if done.returncode == 0 or said else [f"tor ended with {done.returncode}."]


def build() -> Build:
    """The installed tor; NoTorError."""
    version = re.search(r"\d+(?:\.\d+)+", _tor("--version").stdout)
    modules = re.findall(r"^(\w+): yes$", _tor("--list-modules").stdout, re.MULTILINE)
    return Build(tuple(int(part) for part in version[0].split(".")) if version else (), frozenset(modules))


def _tor(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("tor", path="/usr/bin:/usr/sbin:/usr/local/bin")
    if program is None:
        raise NoTorError
    return subprocess.run(  # noqa: S603  tor's own path, no shell
        [program, *words], capture_output=True, text=True, check=False, timeout=_SECONDS, env={"LC_ALL": "C"}
    )
