"""An open folder: it goes on working when it is moved, and its changes are durable and timeless."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from store.files import descriptor, sync_folder

_TIMELESS: Final = (0, 0)


class Folder:
    """The folder that a path led to when it was opened; FileNotFoundError if there was none."""

    def __init__(self, path: Path) -> None:
        self._handle = descriptor(path, os.O_DIRECTORY | os.O_NOFOLLOW)

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    @contextmanager
    def lock(self, *, alone: bool) -> Iterator[None]:
        """Waits until nobody else holds the folder, or nobody holds it alone; ends with the process."""
        fcntl.flock(self._handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def sizes(self) -> dict[str, int]:
        """The files by name, with their sizes in bytes."""
        found = {}
        with os.scandir(self._handle) as entries:
            for entry in entries:
                if (size := self.size(entry.name)) is not None:
                    found[entry.name] = size
        return found

    def size(self, name: str) -> int | None:
        """The size in bytes of a file; None if it is not there."""
        try:
            return os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_size
        except FileNotFoundError:
            return None

    @contextmanager
    def open(self, name: str, flags: int) -> Iterator[int]:
        """A file's descriptor."""
        file = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self._handle)
        try:
            yield file
        finally:
            os.close(file)

    @contextmanager
    def new_file(self) -> Iterator[tuple[str, int]]:
        """(name, descriptor) of a new file of unpredictable name; gone after the block unless renamed."""
        name = f".{secrets.token_hex(16)}"
        try:
            with self.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                yield name, file
        finally:
            self.remove(name)

    def rename(self, name: str, new: str) -> None:
        """Renames a file within the folder, over one that has the name."""
        os.utime(name, _TIMELESS, dir_fd=self._handle)
        os.rename(name, new, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        self.sync()

    def move_out(self, name: str, path: Path) -> None:
        """Moves a file to another folder; FileExistsError instead of replacing one."""
        os.utime(name, _TIMELESS, dir_fd=self._handle)
        os.link(name, path, src_dir_fd=self._handle)
        sync_folder(path.parent)
        self.remove(name)

    def remove(self, name: str) -> None:
        """Removes a file if it is there."""
        try:
            os.unlink(name, dir_fd=self._handle)
        except FileNotFoundError:
            return
        os.utime(self._handle, _TIMELESS)

    def sync(self) -> None:
        """Makes names durable and forgets when."""
        os.utime(self._handle, _TIMELESS)
        os.fsync(self._handle)
