"""Checks of what runs it all: Python, and the packages of the lock."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation

LEAST: Final = (3, 11)
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def python(_installation: Installation) -> Iterator[Finding]:
    """Its version."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < LEAST:
        yield Finding("python", "bad", f"Python {version} is too old.", "apt-get install python3")
    else:
        yield Finding("python", "good", f"Python {version} runs it.")


def packages(installation: Installation) -> Iterator[Finding]:
    """Whether what is installed is what was locked."""
    lock = next((path for path in _locks(installation) if path.is_file()), None)
    if lock is None:
        yield Finding("packages", "unknown", "The list of locked packages is not here.")
        return
    wanted: dict[str, str] = dict(_PINNED.findall(lock.read_text("utf-8")))
    others = sorted(name for name, version in wanted.items() if _installed(name) not in (version, None))
    missing = sorted(name for name in wanted if _installed(name) is None)
    if others or missing:
        says = f"Other versions than those of the lock: {', '.join([*others, *missing])}."
        mend = f"{sys.executable} -m pip install --require-hashes -r {lock}"
        yield Finding("packages", "bad", says, mend)
    else:
        yield Finding("packages", "good", f"All {len(wanted)} packages are those of the lock.")


def _locks(installation: Installation) -> tuple[Path, ...]:
    return (
        installation.program / "requirements" / "server.txt",
        Path(__file__).parents[2] / "requirements" / "server.txt",
    )


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


CHECKS: Final[tuple[Check, ...]] = (python, packages)
