"""What is inside a backup: files one after the other (docs/protocol.md section 16).

file = u16 length of the path ‖ path (ASCII) ‖ u64 size ‖ bytes          end = u16 0, and nothing after it
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from peluit.backup_errors import BackupDamagedError

_PIECE: Final = 2**20
_LONGEST_PATH: Final = 512
NAME: Final = r"(?:\.well-known|[A-Za-z0-9_-][A-Za-z0-9._-]*)"
"""A folder or file. But for that one, none begins with a dot: no way leads up or out."""
_PATH: Final = re.compile(rf"{NAME}(?:/{NAME}){{0,5}}\Z")


@dataclass(frozen=True)
class Member:
    """One file: its path, its size in bytes, and what gives exactly so many."""

    path: str
    size: int
    pieces: Callable[[], Iterator[bytes]]


Take = Callable[[str, int, Iterator[bytes]], None]
"""Takes one file: its path, its size, and its bytes, all of which it must read."""


def write(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive, piece by piece."""
    for member in members:
        path = member.path.encode("ascii")
        yield len(path).to_bytes(2) + path + member.size.to_bytes(8)
        yield from member.pieces()
    yield bytes(2)


def read(untrusted_file: BinaryIO, take: Take) -> None:
    """Hands over every file, each path once; BackupDamagedError for anything that `write` does not write.

    What `take` got must not be used before this returns.
    """
    seen: set[str] = set()
    while length := int.from_bytes(_exactly(untrusted_file, 2)):
        if length > _LONGEST_PATH:
            raise BackupDamagedError
        path = _exactly(untrusted_file, length).decode("ascii", "replace")
        if not _PATH.match(path) or path in seen:
            raise BackupDamagedError
        seen.add(path)
        size = int.from_bytes(_exactly(untrusted_file, 8))
        take(path, size, _pieces(untrusted_file, size))
    if untrusted_file.read(1):
        raise BackupDamagedError


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        piece = _exactly(file, min(size, _PIECE))
        size -= len(piece)
        yield piece


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise BackupDamagedError
    return data
