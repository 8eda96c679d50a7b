"""How much evidence the whole server has stored on a day: `spent/<day>`, eight bytes, big-endian.

The count is not flushed: a power cut may give some of a day's quota back. What requests bring is counted at
their end: as many as are under way at once may together go beyond a day's quota, each by less than its size.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.fields import Day
from store.errors import TextOnlyError
from store.files import forget_times, names_in, read_quietly, share

# What an upload takes of the disk besides its pieces, however few they are: a folder, the marks, inodes.
FOOTPRINT: Final = 12 * 2**10

_SIZE: Final = 8


class Quota:
    """Counts bytes when they are stored, not when they are announced: asking costs nobody anything."""

    def __init__(self, folder: Path, per_day: int) -> None:
        self._folder = folder
        self._per_day = per_day

    def check(self, size: int, on: Day) -> None:
        """TextOnlyError unless `size` bytes more may be stored on that day."""
        if self.spent(on) + size > self._per_day:
            raise TextOnlyError

    def spent(self, on: Day) -> int:
        """How many bytes were stored on that day."""
        try:
            return int.from_bytes(read_quietly(self._folder / on))
        except FileNotFoundError:
            return 0

    def add(self, size: int, on: Day) -> None:
        """Counts `size` bytes that were stored."""
        path = self._folder / on
        count = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOATIME, 0o600)
        try:
            share(count, self._folder)
            fcntl.flock(count, fcntl.LOCK_EX)
            spent = int.from_bytes(os.pread(count, _SIZE, 0))
            os.pwrite(count, (spent + size).to_bytes(_SIZE), 0)
            os.utime(count, (0, 0))
        finally:
            os.close(count)
        if not spent:
            forget_times(self._folder)

    def renew(self, on: Day) -> None:
        """Makes the day's count, so that its birth does not tell when the first file came; removes old ones.

        Those of days before yesterday: a clock that is put back by a day finds its count.
        """
        self.add(0, on)
        for day in names_in(self._folder):
            if day < calendar.add_days(on, -1):
                (self._folder / day).unlink(missing_ok=True)
            else:
                forget_times(self._folder / day)
        forget_times(self._folder)
