"""Change several of the station's files at once: all of them, or none.

Everything new is first written into `next.part`. Renaming that folder to `next` is the moment of the change;
from then on it is carried out, by whichever command comes next if this one is cut off. What is replaced or
dropped is overwritten with zeros before its name goes (docs/known-limits.md says what a disk may keep).
"""

import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workstation import files
from workstation.files import sync_folder, writing
from workstation.layout import Layout

_GONE: Final = "gone"
"""In `next`: a JSON list of the files to be dropped, as paths below the station's folder."""

_ZEROS: Final = bytes(2**20)


class Change:
    """What is being prepared. Files written below `made` take the places of those of the same path."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.made = Layout(layout.preparing)
        self._gone: list[str] = []

    def drop(self, *paths: Path) -> None:
        """These files of the station are to go."""
        self._gone += [str(path.relative_to(self._layout.folder)) for path in paths]

    def _begin(self) -> None:
        with writing(self.made.folder):
            for folder in (self.made.folder, *self.made.folders()):
                folder.mkdir(mode=0o700)

    def _commit(self) -> None:
        files.write_new(self.made.folder / _GONE, [json.dumps(self._gone).encode()])
        with writing(self.made.folder):
            for folder in (*self.made.folders(), self.made.folder):
                sync_folder(folder)
            self.made.folder.rename(self._layout.next)
            sync_folder(self._layout.folder)


@contextmanager
def change(layout: Layout) -> Iterator[Change]:
    """Prepares a change and, at the end of the context, makes it; nothing has changed if anything is raised.

    The vault must be closed at the end if it is among what changes. DiskFullError, CannotWriteError.
    """
    settle(layout)
    preparing = Change(layout)
    try:
        preparing._begin()
        yield preparing
        preparing._commit()
    except BaseException:
        wipe(layout.preparing)
        raise
    settle(layout)


def settle(layout: Layout) -> None:
    """Carries out the change that was decided, if there is one; throws away one that was not."""
    wipe(layout.preparing)
    if not layout.next.is_dir():
        return
    with writing(layout.next):
        gone = layout.next / _GONE
        if gone.is_file():
            for name in json.loads(gone.read_bytes()):
                shred(layout.folder / name)
        for path in sorted(_files(layout.next)):
            target = layout.folder / path.relative_to(layout.next)
            if path != gone:
                _overwrite(target)
                target.parent.mkdir(mode=0o700, exist_ok=True)
                path.replace(target)
                sync_folder(target.parent)
        for folder in (*layout.folders(), layout.folder):
            sync_folder(folder)
        gone.unlink(missing_ok=True)
        shutil.rmtree(layout.next)
        sync_folder(layout.folder)


def shred(path: Path) -> None:
    """Overwrites a file with zeros and removes it; nothing if there is none."""
    _overwrite(path)
    path.unlink(missing_ok=True)


def _overwrite(path: Path) -> None:
    if not path.is_file() or path.is_symlink():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        left = os.fstat(descriptor).st_size
        while left > 0:
            left -= os.write(descriptor, _ZEROS[:left])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def wipe(folder: Path) -> None:
    """Removes a folder, what is in it overwritten; nothing if there is none."""
    if folder.is_dir():
        with writing(folder):
            for path in _files(folder):
                shred(path)
        shutil.rmtree(folder)


def _files(folder: Path) -> Collection[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
