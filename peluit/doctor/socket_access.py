"""Who may connect to a Unix socket: its own program, tor, and nobody else."""

import os
import pwd
import stat
from pathlib import Path
from typing import Final

_WRITE: Final = stat.S_IRUSR | stat.S_IWUSR


def closed_socket_fault(path: Path, user: int) -> str | None:
    """What is wrong with a socket to which a user (tor's) connects, and other programs must not."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return f"{path} is missing: the app does not run."
    if not stat.S_ISSOCK(found.st_mode):
        return f"{path} is no socket."
    if found.st_mode & stat.S_IWOTH and all(step.stat().st_mode & stat.S_IXOTH for step in path.parents):
        return f"Every program on this host may connect to {path}."
    if not all(_may(step, user, stat.S_IXUSR) for step in path.parents) or not _may(path, user, _WRITE):
        return f"tor's user may not connect to {path}."
    return None


def _may(path: Path, user: int, rights: int) -> bool:
    """Whether a user has these rights (as an owner's: S_IRUSR, ...) on a file or folder. Root has all."""
    found = path.stat()
    if user == 0:
        return True
    shift = 0 if found.st_uid == user else 3 if found.st_gid in _groups(user) else 6
    return found.st_mode & (rights >> shift) == rights >> shift


def _groups(user: int) -> list[int]:
    try:
        known = pwd.getpwuid(user)
    except KeyError:
        return []
    return os.getgrouplist(known.pw_name, known.pw_gid)
