"""Where unfinished blobs lie: `incoming/<expiry day>/<office>/<blob hex>-<padded size>/` (store/pieces.py).

The day in the path is all that expiry needs; nothing finer is written down. A folder appears whole and goes
whole: one that is being made or removed has a name with a dot, and goes with its day at the latest.
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.blob import BlobId
from crypto.fields import Day, OfficeId
from store.blanks import Blanks
from store.files import forget_times, make_folder, names_in
from store.folder import Folder
from store.pieces import HAVE, WHOLE

TICKET_DAYS: Final = 3
"""For how many days after the present one a ticket for an upload is good.

Long enough for a large file over a slow circuit, short enough that what is given up is soon gone.
"""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_NAME: Final = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,15})\Z")

# What st_blocks counts, whatever the file system's own blocks are (stat(2)).
_BLOCK: Final = 512


@dataclass(frozen=True)
class Upload:
    """A blob on its way. `padded` is the padded size in bytes; `expires` the last day of its ticket."""

    office: OfficeId
    blob: BlobId
    padded: int
    expires: Day

    @property
    def within(self) -> str:
        """Its folder below the expiry day's."""
        return f"{self.office}/{self.blob.hex()}-{self.padded}"


class Incoming:
    """Finds, makes and removes the folders of uploads. FileNotFoundError if another process comes between."""

    def __init__(self, folder: Path, blanks: Blanks) -> None:
        self.folder = folder
        self._blanks = blanks

    def find(self, upload: Upload) -> Path | None:
        """The upload's folder, moved to a later day if its new ticket lasts longer; None if there is none."""
        if (path := self._path(upload)).is_dir():
            return path
        latest = self._latest(upload)
        if latest is None or latest >= upload.expires:
            return None if latest is None else self.folder / latest / upload.within
        former, later = self.folder / latest / upload.within, self._path(upload)
        self._make(later.parent)
        try:
            former.rename(later)
        except OSError:
            # Another process was faster.
            found = self._latest(upload)
            return None if found is None else self.folder / found / upload.within
        self._tidy(former.parent)
        self._forget_times(later.parent)
        return later

    def make(self, upload: Upload, on: Day) -> Path:
        """The upload's folder, made with a blank and no marks unless another process has just done so."""
        path = self._path(upload)
        unfinished = self._make(path.with_name(f".{secrets.token_hex(16)}"))
        try:
            self._blanks.take(unfinished / WHOLE, on)
            with Folder(unfinished) as folder:
                with folder.open(HAVE, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
                    folder.forget_times(HAVE)
                folder.sync()
            unfinished.rename(path)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            self._forget_times(path.parent)
        return path

    def remove(self, path: Path) -> None:
        """Removes an upload's folder with all that is in it."""
        going = path.with_name(f".{secrets.token_hex(16)}")
        path.rename(going)
        shutil.rmtree(going, ignore_errors=True)
        self._tidy(path.parent)

    def expired(self, on: Day) -> Iterator[tuple[Upload, Path]]:
        """The uploads whose last day is before this one."""
        for day in self._days_before(on):
            with suppress(FileNotFoundError):
                for path in (self.folder / day).glob("*/*"):
                    if named := _NAME.match(path.name):
                        blob, size = BlobId(bytes.fromhex(named[1])), int(named[2])
                        yield Upload(OfficeId(path.parent.name), blob, size, Day(day)), path

    def forget(self, on: Day) -> None:
        """Removes the days before this one with all that is in them, and the times of the others."""
        for day in self._days_before(on):
            shutil.rmtree(self.folder / day, ignore_errors=True)
        for folder in (*self.folder.glob("*/*"), *self.folder.glob("*"), self.folder):
            with suppress(FileNotFoundError):
                forget_times(folder)

    def _days_before(self, on: Day) -> list[str]:
        return [name for name in names_in(self.folder) if _DAY.match(name) and name < on]

    def _path(self, upload: Upload) -> Path:
        return self.folder / f"{upload.expires}/{upload.within}"

    def _latest(self, upload: Upload) -> str | None:
        days = (day for day in names_in(self.folder) if (self.folder / day / upload.within).is_dir())
        return max(days, default=None)

    def _make(self, path: Path) -> Path:
        make_folder(path)
        self._forget_times(path)
        return path

    def _tidy(self, office: Path) -> None:
        """Removes an office's folder and its day's if they are empty: their birth tells of who came first."""
        with suppress(OSError):
            office.rmdir()
            office.parent.rmdir()
        self._forget_times(office)

    def _forget_times(self, path: Path) -> None:
        for folder in (path, *path.parents):
            with suppress(FileNotFoundError):
                forget_times(folder)
            if folder == self.folder:
                return


def unfinished(folder: Path, office: OfficeId, on: Day) -> int:
    """How many bytes of the disk an office's unfinished uploads take, those of this day left out.

    Of the present day it would tell whoever looks again and again when somebody sends.
    """
    of_today = calendar.add_days(on, TICKET_DAYS)
    total = 0
    for day in names_in(folder):
        if _DAY.match(day) and day < of_today:
            for file in (folder / day / office).glob("*/*"):
                with suppress(FileNotFoundError):
                    total += file.stat().st_blocks * _BLOCK
    return total
