"""An open folder: it goes on working when it is moved, and its changes are durable and timeless."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from store.files import descriptor, share

_TIMELESS: Final = (0, 0)


class Folder:
    """The folder that a path led to when it was opened; FileNotFoundError if there was none."""

    def __init__(self, path: Path) -> None:
        self._handle = descriptor(path, os.O_DIRECTORY | os.O_NOFOLLOW)

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

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
            if flags & os.O_CREAT:
                share(file, self._handle)
            yield file
        finally:
            os.close(file)

    def write(self, name: str, data: bytes) -> None:
        """Makes a small file that is whole or not there, in place of one of that name."""
        temporary = f".{secrets.token_hex(16)}"
        try:
            with self.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                os.write(file, data)
                os.fsync(file)
            self.forget_times(temporary)
            os.rename(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        except BaseException:
            self.remove(temporary)
            raise
        self.sync()

    def move_out(self, name: str, path: Path) -> None:
        """Moves a file to another folder; FileExistsError instead of replacing one.

        Its new name is as durable as its contents: whoever relies on it flushes the other folder, which
        need not be open to us.
        """
        self.forget_times(name)
        os.link(name, path, src_dir_fd=self._handle)
        with self.open(name, os.O_RDONLY) as file:
            os.fsync(file)
        self.remove(name)

    def remove(self, name: str) -> None:
        """Removes a file if it is there."""
        try:
            os.unlink(name, dir_fd=self._handle)
        except FileNotFoundError:
            return
        os.utime(self._handle, _TIMELESS)

    def forget_times(self, name: str) -> None:
        os.utime(name, _TIMELESS, dir_fd=self._handle)

    def sync(self) -> None:
        """Makes names durable and forgets when."""
        os.utime(self._handle, _TIMELESS)
        os.fsync(self._handle)
