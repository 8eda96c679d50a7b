"""Files that are there whole or not at all, and readable by their owner only."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workstation.errors import (
    BusyError,
    CannotWriteError,
    DiskFullError,
    FileExistsAlreadyError,
    FileTooLargeError,
    NotAFolderError,
)
from workstation.reasons import reason

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_TMPFILE = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)
_NO_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
_MODE = 0o600
_TRIES = 1_000
_OWN_FILES = Path("/proc/self/fd")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what the system says about writing there into the station's errors."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError from None
        if error.errno == errno.EFBIG:
            raise FileTooLargeError(path=path) from None
        raise CannotWriteError(path=path, reason=reason(error)) from None


class Unnamed:
    """A new file that nobody can see yet; it is gone unless `name` gives it a name."""

    def __init__(self, folder: Path, descriptor: int, temporary: Path | None) -> None:
        self._folder, self._descriptor, self._temporary = folder, descriptor, temporary

    def write(self, data: bytes) -> None:
        """Appends; DiskFullError, CannotWriteError."""
        with writing(self._folder):
            write_all(self._descriptor, data)

    def write_at(self, offset: int, data: memoryview) -> None:
        """Writes at a place of its own, from any thread; DiskFullError, CannotWriteError."""
        with writing(self._folder):
            while data:
                written = os.pwrite(self._descriptor, data, offset)
                data, offset = data[written:], offset + written

    def sync(self) -> None:
        """Waits until what was written is on the disk; DiskFullError, CannotWriteError."""
        with writing(self._folder):
            os.fsync(self._descriptor)

    def name(self, path: Path) -> None:
        """Makes it durable and gives it a name in its folder; FileExistsError: try another."""
        self.sync()
        with writing(path):
            if self._temporary is None:
                _give_name(self._descriptor, path)
            else:
                _rename_new(self._temporary, path)
            sync_folder(self._folder)


@contextmanager
def unnamed(folder: Path) -> Iterator[Unnamed]:
    """A file to be named when it is whole; NotAFolderError, CannotWriteError.

    Where the file system can (O_TMPFILE) it has no name at all until then, so that not even a killed process
    leaves plaintext behind. The file systems of USB sticks cannot: there it has a hidden name of its own.
    """
    if not folder.is_dir():
        raise NotAFolderError(path=folder)
    temporary = None
    with writing(folder):
        descriptor = _nameless(folder)
        if descriptor is None:
            temporary = folder / f".peluit-{secrets.token_hex(8)}"
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    try:
        yield Unnamed(folder, descriptor, temporary)
    finally:
        os.close(descriptor)
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Writes a file that must not be there yet, durably; it gets its name when it is complete.

    FileExistsError, DiskFullError, CannotWriteError; errors of `pieces` pass through.
    """
    with unnamed(path.parent) as file:
        for piece in pieces:
            file.write(piece)
        file.name(path)


def free_names(wanted: Path) -> Iterator[Path]:
    """The name itself, then `NAME (2).ending` and so on; those that are taken are left out."""
    for number in range(1, _TRIES):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not path.exists() and not path.is_symlink():
            yield path


def write_beside(wanted: Path, data: bytes) -> Path:
    """Writes a new file, durably, under the first of these names that is free, and returns it.

    NotAFolderError, DiskFullError, CannotWriteError, FileExistsAlreadyError.
    """
    for path in free_names(wanted):
        with suppress(FileExistsError):
            write_new(path, [data])
            return path
    raise FileExistsAlreadyError(path=wanted)


def replace(path: Path, data: bytes) -> None:
    """Writes a file in place of what was there, durably and in one step."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_new(temporary, [data])
    with writing(path):
        temporary.replace(path)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
            raise
    finally:
        os.close(descriptor)


def need_room(folder: Path, size: int) -> None:
    """DiskFullError if `size` more bytes cannot fit there."""
    if shutil.disk_usage(folder).free < size:
        raise DiskFullError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds a lock file; BusyError if another process does."""
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield
    finally:
        os.close(descriptor)


def _nameless(folder: Path) -> int | None:
    if not _OWN_FILES.is_dir():
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, _MODE)
    except OSError as error:
        if error.errno in _NO_TMPFILE:
            return None
        raise


def _give_name(descriptor: int, path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:  # dst_dir_fd makes Python use linkat(2), which alone follows the link in /proc
        os.link(_OWN_FILES / str(descriptor), path.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _rename_new(temporary: Path, path: Path) -> None:
    """The same on file systems of USB sticks, which have neither nameless files nor links."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        try:
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def write_all(descriptor: int, data: bytes) -> None:
    """Writes every byte; the system's own OSError if it cannot."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
