"""The two files of an unfinished blob.

    whole    the blob itself: every piece is written straight to its place
    have     one byte for each piece: 0 nothing, 1 begun and counted by the quota, 2 there; it may end early

The lock on a byte of `have` is the lock on its piece (an open file description lock, fcntl(2): it ends with
the process that holds it, and network file systems know it). It is held while a piece is written from memory,
never while one is received. A piece is there when it is durable; its mark itself is not flushed: a power cut
can lose marks, and then some pieces are sent again, but no mark ever lies.
"""

import fcntl
import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.blob import piece_count, run_size
from crypto.constants import PIECE_SIZE
from store.errors import BadPieceError
from store.folder import Folder

WHOLE: Final = "whole"
HAVE: Final = "have"

_BEGUN: Final = b"\1"
_THERE: Final = b"\2"
_RUN_THERE: Final = re.compile(rb"\x02+")
_RUN_MISSING: Final = re.compile(rb"[^\x02]+")
_RUN_NEW: Final = re.compile(rb"\x00+")
# struct flock: type, whence, start, length (0: to the end), pid.
_LOCK: Final = "hhqqi0q"

Read = Callable[[int], bytes]
"""Reads like a file: at most so many bytes, none at the end."""


@dataclass(frozen=True)
class Run:
    """Pieces in a row: the number of the first, and how many."""

    first: int
    count: int


class Pieces:
    """An unfinished blob, open."""

    def __init__(self, folder: Folder, have: int, padded: int) -> None:
        self.folder = folder
        self.begun = 0
        """How many bytes of pieces that were new have been written."""
        self._have = have
        self._padded = padded

    @contextmanager
    def lock(self, first: int = 0, count: int = 0) -> Iterator[None]:
        """Waits until nobody else holds one of these pieces; of all if `count` is 0.

        FileNotFoundError if the blob was finished, dropped or has expired meanwhile.
        """
        self._lock(fcntl.F_WRLCK, first, count)
        try:
            if self.folder.size(HAVE) is None:
                raise FileNotFoundError
            yield
        finally:
            self._lock(fcntl.F_UNLCK, first, count)

    def there(self) -> tuple[Run, ...]:
        """The pieces that are there, in rising order."""
        return self._runs(_RUN_THERE, 0, piece_count(self._padded))

    def lacks(self, first: int, count: int) -> bool:
        """Whether one of these pieces is not there."""
        return bool(self._runs(_RUN_MISSING, first, count))

    @property
    def complete(self) -> bool:
        return not self.lacks(0, piece_count(self._padded))

    def size(self, runs: Iterable[Run]) -> int:
        """How many bytes these pieces have."""
        return sum(run_size(self._padded, run.first, run.count) for run in runs)

    def new(self, first: int, count: int) -> tuple[Run, ...]:
        """Those of these pieces of which nothing was ever written."""
        return self._runs(_RUN_NEW, first, count)

    def receive(self, first: int, count: int, untrusted_read: Read) -> None:
        """Reads these pieces, one after the other, and stores them durably; if one is cut short, none counts.

        What is there already stays as it is. BadPieceError; whatever `untrusted_read` raises.
        """
        with self.folder.open(WHOLE, os.O_WRONLY) as whole:
            try:
                for number in range(first, first + count):
                    self._put(whole, number, read_whole(untrusted_read, run_size(self._padded, number, 1)))
                os.fdatasync(whole)
                with self.lock(first, count):
                    os.pwrite(self._have, _THERE * count, first)
            finally:
                # When a request broke is nobody's business either.
                for file in (whole, self._have):
                    os.utime(file, (0, 0))

    def _put(self, whole: int, number: int, untrusted_piece: bytes) -> None:
        self._lock(fcntl.F_WRLCK, number, 1)
        try:
            mark = os.pread(self._have, 1, number)
            if mark not in (_BEGUN, _THERE):
                self.begun += len(untrusted_piece)
                os.pwrite(self._have, _BEGUN, number)
            if mark != _THERE:
                _write(whole, untrusted_piece, number * PIECE_SIZE)
        finally:
            self._lock(fcntl.F_UNLCK, number, 1)

    def _runs(self, kind: re.Pattern[bytes], first: int, count: int) -> tuple[Run, ...]:
        marks = os.pread(self._have, count, first).ljust(count, b"\0")
        return tuple(Run(first + found.start(), len(found[0])) for found in kind.finditer(marks))

    def _lock(self, kind: int, first: int, count: int) -> None:
        wanted = struct.pack(_LOCK, kind, os.SEEK_SET, first, count, 0)
        fcntl.fcntl(self._have, fcntl.F_OFD_SETLKW, wanted)


@contextmanager
def opened(path: Path, padded: int) -> Iterator[Pieces]:
    """The unfinished blob in a folder; FileNotFoundError."""
    with Folder(path) as folder, folder.open(HAVE, os.O_RDWR | os.O_NOATIME) as have:
        yield Pieces(folder, have, padded)


def read_whole(untrusted_read: Read, size: int) -> bytes:
    """So many bytes; BadPieceError if there are fewer."""
    data = untrusted_read(size)
    while len(data) < size:
        more = untrusted_read(size - len(data))
        if not more:
            raise BadPieceError
        data += more
    return data


def _write(file: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written
