"""Files that are there whole or not at all, and readable by their owner only."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workstation.errors import BusyError, CannotWriteError, DiskFullError, NotAFolderError
from workstation.reasons import reason

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_TMPFILE = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)
_NO_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
_MODE = 0o600
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
        raise CannotWriteError(path=path, reason=reason(error)) from None


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Writes a file that must not be there yet, durably; it gets its name when it is complete.

    Where the file system can (O_TMPFILE), it has no name at all until then, so that not even a killed process
    leaves plaintext behind. FileExistsError, DiskFullError, CannotWriteError; errors of `pieces` pass
    through.
    """
    if not path.parent.is_dir():
        raise NotAFolderError(path=path.parent)
    with writing(path):
        descriptor = _nameless(path.parent)
    if descriptor is None:
        _write_named(path, pieces)
        return
    try:
        _fill(descriptor, path, pieces)
        with writing(path):
            _give_name(descriptor, path)
            sync_folder(path.parent)
    finally:
        os.close(descriptor)


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


def _write_named(path: Path, pieces: Iterable[bytes]) -> None:
    """The same on file systems of USB sticks, which have neither nameless files nor links."""
    temporary = path.with_name(f".peluit-{secrets.token_hex(8)}")
    with writing(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    try:
        try:
            _fill(descriptor, path, pieces)
        finally:
            os.close(descriptor)
        with writing(path):
            _name(temporary, path)
            sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _name(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        temporary.replace(path)


def _fill(descriptor: int, path: Path, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        with writing(path):
            write_all(descriptor, piece)
    with writing(path):
        os.fsync(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Writes every byte; the system's own OSError if it cannot."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
