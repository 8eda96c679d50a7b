"""Which publication of the board was the last, to the day, and which process makes the next."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.errors import MalformedError
from crypto.fields import Day, day
from store.files import forget_times, read_quietly


class BoardDay:
    """A file that holds a day, and is locked by the process whose turn it is."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Day | None:
        """The day on which the last publication was due; None before the first."""
        try:
            return day(read_quietly(self._path).decode("ascii", "replace"))
        except (FileNotFoundError, MalformedError):
            return None

    def write(self, on: Day) -> None:
        """In place, because the lock is the file's. If a power cut leaves half, `read` finds no day."""
        with self._opened() as file:
            os.pwrite(file, on.encode("ascii"), 0)
            os.fsync(file)
            forget_times(self._path)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until no other process has its turn; it ends with the block or the process."""
        with self._opened() as file:
            forget_times(self._path)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _opened(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield file
        finally:
            os.close(file)
