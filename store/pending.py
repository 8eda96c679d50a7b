"""Bundles from the stations that wait for somebody to say that they may be taken: `imports/<office>/<day>`.

What is in them is sealed, or meant for the public. At most one waits for each office.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from crypto import calendar
from crypto.fields import Day, OfficeId
from store.errors import full_disk
from store.files import forget_times, names_in, open_quietly, sync_folder, write_whole
from store.layout import Layout


class PendingBundles:
    """Errors: StorageFullError."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def keep(self, office: OfficeId, on: Day, file: BinaryIO) -> None:
        """Keeps a file, durably, in place of the one before."""
        folder = self._layout.imports / office
        with full_disk():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(folder / on, file.read())
        self._remove(office, lambda day: day != on)

    def open(self, office: OfficeId, on: Day) -> BinaryIO | None:
        """What was kept on this day or the day before; None if nothing was."""
        for day in (on, calendar.add_days(on, -1)):
            try:
                return open_quietly(self._layout.imports / office / day)
            except FileNotFoundError:
                continue
        return None

    def drop(self, office: OfficeId) -> None:
        """Removes whatever waits for an office."""
        self._remove(office, lambda _day: True)

    def expire(self, on: Day) -> None:
        """Removes what was kept before yesterday, for every office."""
        for office in _names(self._layout.imports):
            self._remove(OfficeId(office), lambda day: day < calendar.add_days(on, -1))

    def _remove(self, office: OfficeId, condemned: Callable[[str], bool]) -> None:
        folder = self._layout.imports / office
        for name in _names(folder):
            if condemned(name):
                (folder / name).unlink(missing_ok=True)
                sync_folder(folder)
        if folder.exists():
            forget_times(folder)


def _names(folder: Path) -> list[str]:
    try:
        return names_in(folder)
    except FileNotFoundError:
        return []


def digest(file: BinaryIO) -> str:
    """What tells a kept file from another, in hex; afterwards the file stands at its beginning."""
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return found
