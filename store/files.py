"""Files that are whole or not there, durable, and without times.

Whatever is made in a folder is open to its group as the folder is, and to nobody else: who may see what is
decided where folders are made (hardening/deploy/host/ownership.py), and the umask stays 077.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

_TIMELESS = (0, 0)
_GROUP_OF_FILES: Final = stat.S_IRGRP | stat.S_IWGRP


def sync_folder(folder: Path) -> None:
    """Makes the folder's names durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def share(file: int, folder: Path | int) -> None:
    """Opens a file that was just made in a folder to the folder's group. `folder`: path or descriptor."""
    shared = os.stat(folder)  # noqa: PTH116  a descriptor, too
    _open_to(file, shared.st_gid, shared.st_mode & _GROUP_OF_FILES)


def make_folder(path: Path) -> None:
    """Makes a folder, and those above it, unless they are there."""
    if path.is_dir():
        return
    make_folder(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return  # Another process was faster.
    shared = path.parent.stat()
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _open_to(handle, shared.st_gid, shared.st_mode & stat.S_IRWXG)
    finally:
        os.close(handle)


def _open_to(handle: int, group: int, rights: int) -> None:
    """No set-group-id bits, which services may not set (systemd.exec(5), RestrictSUIDSGID)."""
    found = os.fstat(handle)
    if rights & ~found.st_mode:
        if found.st_gid != group:
            os.fchown(handle, -1, group)
        os.fchmod(handle, stat.S_IMODE(found.st_mode) & ~stat.S_ISGID | rights)


def forget_times(path: Path) -> None:
    """Sets access and modification time to the beginning of 1970: no file tells when it was written.

    Only a file's owner can: another user's keeps its times until that user's program comes round.
    """
    with suppress(PermissionError):
        os.utime(path, _TIMELESS, follow_symlinks=False)


def touch(path: Path) -> None:
    """Sets the times, and with them the time of the last change (ctime); FileNotFoundError.

    Another user's file is given a second name for a moment, which changes nothing but that.
    """
    try:
        os.utime(path, _TIMELESS, follow_symlinks=False)
    except PermissionError:
        if path.is_dir():
            return
        other = path.with_name(f".{secrets.token_hex(16)}")
        try:
            os.link(path, other)
        finally:
            other.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that others see whole or not at all; replaces one that is there."""
    temporary = path.with_name(f".{secrets.token_hex(16)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            share(stream.fileno(), path.parent)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        forget_times(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def descriptor(path: Path, flags: int = 0) -> int:
    """A file or folder opened for reading such that its access time stays: what is read leaves no trace.

    FileNotFoundError. Another user's is opened in the plain way: only owners may ask for this.
    """
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOATIME | flags)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)


def open_quietly(path: Path) -> BinaryIO:
    """A file for reading, opened like `descriptor`."""
    return os.fdopen(descriptor(path), "rb", buffering=0)


def read_quietly(path: Path) -> bytes:
    """The bytes of a file, opened quietly; FileNotFoundError."""
    with open_quietly(path) as file:
        return file.read()


def names_in(folder: Path) -> list[str]:
    """The names in a folder, listed without a trace; FileNotFoundError."""
    handle = descriptor(folder, os.O_DIRECTORY)
    try:
        with os.scandir(handle) as entries:
            return sorted(entry.name for entry in entries)
    finally:
        os.close(handle)


def pieces_of(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a file in pieces of at most 1 MiB; fewer if it ends before."""
    while piece := file.read(min(size, 2**20)):
        size -= len(piece)
        yield piece
