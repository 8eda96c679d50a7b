"""Empty files made ahead of time, of which each upload takes one at random for its blob.

    blanks/<day>/<random>

A file's inode number and birth time cannot be changed afterwards. Those of a blob so tell its batch, and a
batch is made once a day, soon after midnight, whether anybody sends something or not; what was left of the
batch before is removed. Only when a day needs more than BATCH is another made at once: its birth time then
tells when that was.
"""

import errno
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from crypto.fields import Day
from store.files import forget_times, make_folder, names_in, share

# Far more files than an office gets in a day; on ext4 they take 128 KiB of inodes that are there anyway.
BATCH: Final = 512


class Blanks:
    """The stock of blanks; any number of processes may use it at once."""

    def __init__(self, folder: Path, batch: int = BATCH) -> None:
        self._folder = folder
        self._batch = batch

    def take(self, place: Path, on: Day) -> None:
        """Moves a blank to `place`. OSError."""
        while True:
            stock = [blank for day in names_in(self._folder) for blank in self._blanks(day)]
            if not stock:
                self._make(on)
                continue
            # Another process may take the same one, or midnight remove it.
            with suppress(FileNotFoundError):
                blank = secrets.choice(stock)
                blank.rename(place)
                forget_times(blank.parent)
                return

    def renew(self, on: Day) -> None:
        """Makes the day's batch unless there is one, and removes those of other days."""
        if on not in names_in(self._folder):
            self._make(on)
        for name in names_in(self._folder):
            if not name.lstrip(".").startswith(on):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        for folder in (self._folder / on, self._folder):
            forget_times(folder)

    def _blanks(self, day: str) -> list[Path]:
        if day.startswith("."):
            return []
        try:
            return [self._folder / day / name for name in names_in(self._folder / day)]
        except FileNotFoundError:
            return []

    def _make(self, on: Day) -> None:
        unfinished = self._folder / f".{on}-{secrets.token_hex(16)}"
        make_folder(unfinished)
        try:
            for _ in range(self._batch):
                path = unfinished / secrets.token_hex(16)
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                try:
                    share(file, unfinished)
                finally:
                    os.close(file)
                forget_times(path)
            forget_times(unfinished)
            # Takes the place of an empty batch; if another process was faster, its batch is as good.
            unfinished.rename(self._folder / on)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            forget_times(self._folder)
