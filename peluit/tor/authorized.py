"""Looks at an onion service's `authorized_clients`: whatever tor would not read there, or would read wrongly.

tor lets everybody in when no file there is one it can read, and says so only in a log.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardening.deploy.tor import client
from hardening.deploy.tor.client import SENTINEL, SUFFIX
from hardening.deploy.tor.errors import (
    ForeignFileError,
    MalformedClientError,
    SameKeyError,
    TorError,
    WrongOwnerError,
)
from peluit.tor.errors import NoOnionError

FOLDER: Final = "authorized_clients"
SENTINEL_FILE: Final = f"{SENTINEL}{SUFFIX}"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file (`path`), or with the whole folder (None); `says` is one sentence, no key."""

    path: Path | None
    says: str


def folder_of(onion: Path) -> Path:
    """The clients' folder of a HiddenServiceDir; NoOnionError."""
    folder = onion / FOLDER
    if folder.is_symlink() or not folder.is_dir():
        raise NoOnionError(onion)
    return folder


def check_clients(onion: Path) -> list[Fault]:
    """Everything that could open the service to others, or keeps somebody out; none if all is well.

    NoOnionError.
    """
    folder, owner = folder_of(onion), onion.stat().st_uid
    found = list(_of_folder(folder, owner))
    seen: set[bytes] = set()
    for path in sorted(folder.iterdir()):
        try:
            public = _read(path, owner)
            if public in seen:
                raise SameKeyError
            seen.add(public)
        except TorError as error:
            found.append(Fault(path, f"{_shown(path.name)}: {error}"))
    return found


def _of_folder(folder: Path, owner: int) -> Iterator[Fault]:
    found = folder.stat()
    if found.st_uid != owner or found.st_mode & 0o777 != 0o700:
        yield Fault(None, f"{FOLDER} must belong to tor's user, with mode 0700, or tor does not read it.")
    if not (folder / SENTINEL_FILE).exists():
        yield Fault(None, f"{SENTINEL_FILE} is missing: without any client the service is open to everybody.")


def _read(path: Path, owner: int) -> bytes:
    """The public key in a file as tor reads it; a TorError whose sentence says what is wrong."""
    stem = path.name.removesuffix(SUFFIX)
    if stem == path.name:
        raise ForeignFileError
    if stem != SENTINEL:
        client.read_name(stem)
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise MalformedClientError
    if found.st_uid != owner or found.st_mode & 0o777 not in (0o400, 0o600):
        raise WrongOwnerError
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return client.read_line(file.read(client.LINE_SIZE + 1))


def _shown(untrusted_name: str) -> str:
    """A file's name for a terminal: what is not plain is escaped."""
    return ascii(untrusted_name)[1:-1]
