"""Where sticks are: what is mounted on this computer. A browser that is asked for files would copy them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workstation.commands.imports import ON_A_STICK

_MOUNTS: Final = Path("/proc/self/mounts")
_PLACES: Final = ("/media/", "/run/media/", "/mnt/")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Medium:
    """A folder on which a medium is mounted; `bundles`: how many files of the server's lie on it."""

    path: Path
    bundles: int


def media(mounts: Path = _MOUNTS) -> list[Medium]:
    """Every medium that can be read just now, by path; none if the system does not tell."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    paths = [Path(_ESCAPED.sub(lambda code: chr(int(code[1], 8)), line.split(" ")[1])) for line in lines]
    found = (_medium(path) for path in sorted(set(paths)) if f"{path}/".startswith(_PLACES))
    return [medium for medium in found if medium is not None]


def _medium(path: Path) -> Medium | None:
    try:
        if not path.is_dir():
            return None
        return Medium(path, sum(1 for each in path.glob(ON_A_STICK) if each.is_file()))
    except OSError:
        return None


def chosen(untrusted_choice: str, untrusted_path: str) -> Path:
    """The folder or file that a form names: one that was typed, or else the medium that was ticked."""
    path = Path((untrusted_path.strip() or untrusted_choice).replace("\0", ""))
    try:
        return path.expanduser()
    except RuntimeError:  # ~somebody whom this computer does not know: whoever reads finds nothing there
        return path
