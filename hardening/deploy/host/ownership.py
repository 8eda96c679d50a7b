"""Who owns what of a server's data: the one table that installing applies and the doctor checks.

Four programs, four users. `peluit` is the group of the three that have any right to the data; the no-script
door is not in it, and cannot even enter the folder. In the folders below, new files and folders are open to
the group as their folder is (store/files.py). Only `inbox` needs the set-group-id bit: the database library
makes files there itself.
"""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCE: Final = "peluit-source"
NOSCRIPT: Final = "peluit-noscript"
JOURNALIST: Final = "peluit-journalist"
INBOX: Final = "peluit-inbox"
SHARED: Final = "peluit"
"""The group of those who may enter the data folder at all."""

USERS: Final = (SOURCE, NOSCRIPT, JOURNALIST, INBOX)
"""Each has a group of its own by the same name."""
MEMBERS: Final = {SHARED: (SOURCE, JOURNALIST, INBOX), INBOX: (JOURNALIST,)}
"""Who else is in a group."""


@dataclass(frozen=True)
class Rule:
    """`path` below the data folder ("*": each name), and what it and all in it must be.

    `files` and `folders` are the modes of what lies in it; None where another rule, or nobody, says.
    """

    path: str
    owner: str
    group: str
    mode: int
    files: int | None = None
    folders: int | None = None
    why: str = ""


RULES: Final = (
    Rule("", "root", SHARED, 0o710, why="to be entered, not listed"),
    Rule("inbox", INBOX, INBOX, 0o2770, 0o660, why="database and key of the sealed reports"),
    Rule("inbox/inbox.key", INBOX, INBOX, 0o640, why="read by the reviewers' app as well"),
    Rule("staff", JOURNALIST, JOURNALIST, 0o700, 0o600, why="database and key of the staff"),
    Rule("tickets", SOURCE, SOURCE, 0o700, 0o600, why="the key of upload tickets"),
    Rule("blobs", "root", SHARED, 0o710, why="to be entered, not listed"),
    Rule("blobs/incoming", SOURCE, SHARED, 0o750, None, 0o750, "the reviewers' app counts what is under way"),
    Rule("blobs/blanks", SOURCE, SHARED, 0o770, 0o660, 0o770, "become blobs, which others read"),
    Rule("blobs/spent", SOURCE, SHARED, 0o750, 0o640, why="the reviewers' app shows the quota"),
    Rule("blobs/relayed", JOURNALIST, JOURNALIST, 0o700, why="what offices send one another, under way"),
    Rule("blobs/relayed/incoming", JOURNALIST, SHARED, 0o750, None, 0o750),
    Rule("blobs/relayed/blanks", JOURNALIST, SHARED, 0o770, 0o660, 0o770),
    Rule("blobs/relayed/spent", JOURNALIST, SHARED, 0o750, 0o640),
    Rule("blobs/done", INBOX, SHARED, 0o710, why="closes what lies below to everybody outside the group"),
    # "Others" are those of the group above who are not in the group `peluit-inbox`: the source app. It adds
    # files and asks for one whose name it knows; it cannot list them.
    Rule("blobs/done/*", INBOX, INBOX, 0o773, why="the source app may add, not list"),
    Rule("public", JOURNALIST, SHARED, 0o750, 0o640, 0o750, "what anyone may fetch"),
    Rule("imports", JOURNALIST, JOURNALIST, 0o700, 0o600, 0o700, "bundles that are not taken yet"),
    Rule("run", JOURNALIST, JOURNALIST, 0o700, 0o600, why="whose turn it is to publish the board"),
)


@dataclass(frozen=True)
class Right:
    """Owner and group by name, and mode, of one path."""

    owner: str
    group: str
    mode: int


def wanted(data: Path) -> Iterator[tuple[Path, Right]]:
    """Every path below the data folder that a rule speaks of, outer ones first. PermissionError, OSError."""
    exact = {path: rule for rule in RULES for path in _matches(data, rule.path)}
    for path, rule in exact.items():
        yield path, Right(rule.owner, rule.group, rule.mode)
    for outer, rule in exact.items():
        for path in _below(outer, exact):
            mode = rule.folders if path.is_dir() else rule.files
            if mode is not None:
                yield path, Right(rule.owner, rule.group, mode)


def apply(data: Path, users: dict[str, int], groups: dict[str, int]) -> int:
    """Gives everything its owner, group and mode; how many paths were changed. OSError.

    `users` and `groups`: numbers by name.
    """
    changed = 0
    for path, right in wanted(data):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            continue
        uid, gid = users[right.owner], groups[right.group]
        if (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (uid, gid, right.mode):
            continue
        os.chown(path, uid, gid, follow_symlinks=False)
        path.chmod(right.mode)  # After chown, which takes the set-group-id bit away.
        changed += 1
    return changed


def numbers() -> tuple[dict[str, int], dict[str, int]]:
    """Users' and groups' numbers by name on this host; KeyError if one is missing."""
    users = {name: pwd.getpwnam(name).pw_uid for name in ("root", *USERS)}
    groups = {name: grp.getgrnam(name).gr_gid for name in ("root", SHARED, *USERS)}
    return users, groups


def known() -> bool:
    """Whether this host has the users."""
    try:
        numbers()
    except KeyError:
        return False
    return True


def wrong(data: Path, users: dict[str, int], groups: dict[str, int]) -> Iterator[tuple[Path, Right]]:
    """What `apply` would change."""
    for path, right in wanted(data):
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        present = found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)
        if present != (users[right.owner], groups[right.group], right.mode):
            yield path, right


def _matches(data: Path, pattern: str) -> list[Path]:
    if not pattern:
        return [data]
    return sorted(data.glob(pattern))


def _below(outer: Path, exact: dict[Path, Rule]) -> Iterator[Path]:
    """What lies below, down to where another rule begins."""
    try:
        entries = sorted(outer.iterdir()) if outer.is_dir() else []
    except FileNotFoundError:
        return
    for path in entries:
        if path in exact:
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, exact)
