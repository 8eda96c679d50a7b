"""Files that are whole or not there, durable, and without times."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_TIMELESS = (0, 0)


def sync_folder(folder: Path) -> None:
    """Makes the folder's names durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_times(path: Path) -> None:
    """Sets access and modification time to the beginning of 1970: no file tells when it was written."""
    os.utime(path, _TIMELESS, follow_symlinks=False)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that others see whole or not at all, mode 0600; replaces one that is there."""
    temporary = path.with_name(f".{secrets.token_hex(16)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
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
