"""A bundle as it comes on a stick, and the computer without a network on which it is installed."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_PYTHONS = Path(getattr(sys, "_base_executable", sys.executable)).resolve().parent


def build(sources: Path, to: Path, umask: int = 0o022, wheels: Path | None = None) -> str:
    """`scripts/station-bundle` for the Python of the tests, with the packages in `wheels` if they were
    downloaded before; what it printed."""
    known = {} if wheels is None else {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    return subprocess.run(
        [sources / "scripts" / "station-bundle", "--to", to, "--python", PYTHON.removeprefix("python")],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        umask=umask,
        env=dict(os.environ) | known,
    ).stdout


def copy_sources(of: Path, to: Path) -> Path:
    """What a bundle is built from, with the dates and permissions of now: others may be at work in `of`."""
    to.mkdir()
    for part in ("crypto", "peluit", "workstation", "scripts", "requirements"):
        shutil.copytree(of / part, to / part, copy_function=shutil.copyfile)
    for part in ("LICENSE", "pyproject.toml"):
        shutil.copyfile(of / part, to / part)
    for part in ("station-bundle", "station/install"):
        (to / "scripts" / part).chmod(0o700)
    (to / ".venv").symlink_to(REPOSITORY / ".venv")
    return to


def copy_of(bundle: Path, to: Path) -> Path:
    """One that a test may change."""
    return Path(shutil.copytree(bundle, to))


def write_sums(bundle: Path) -> None:
    """What somebody does who changes a bundle and knows how it is made."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(bundle)}\n"
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (bundle / "SHA256SUMS").write_text("".join(lines))


class Computer:
    """A home and a folder for temporary files; everything else cannot be written, and there is no network.

    Commands run as an ordinary user without capabilities, whoever runs the tests.
    """

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.scratch = folder / "scratch"
        self.tools = folder / "tools"
        for path in (self.home, self.scratch, self.tools):
            path.mkdir(parents=True)

    @property
    def peluit(self) -> Path:
        return self.home / ".local" / "bin" / "peluit"

    @property
    def program(self) -> Path:
        """The installed version's folder."""
        return self.peluit.readlink().parents[1]

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        """What an ordinary user would get; programs in `tools` come before the system's."""
        sandbox = (
            "bwrap --unshare-all --die-with-parent --new-session --uid 1000 --gid 1000 --cap-drop ALL "
            f"--ro-bind / / --dev /dev --proc /proc --bind {self.home} {self.home} --chdir {self.home} "
            f"--bind {self.scratch} /var/tmp --clearenv --setenv HOME {self.home} "
            f"--setenv PATH {self.tools}:{_PYTHONS}:/usr/bin:/bin --"
        )
        return subprocess.run(
            [*sandbox.split(), *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def install(self, bundle: Path, *words: object) -> subprocess.CompletedProcess[str]:
        return self.run("sh", bundle / "install", *words)

    def tool(self, name: str, text: str) -> None:
        """Puts a shell script before the system's program of that name."""
        (self.tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.tools / name).chmod(0o755)

    def files(self) -> list[str]:
        """Everything in the home and in the folder for temporary files."""
        return sorted(str(path) for folder in (self.home, self.scratch) for path in folder.rglob("*"))
