"""Sets of files that change all at once: readers meet the old set or the new one, never a mixture.

<folder>/<edition>/<files…>      an edition never changes
<folder>/current                 the name of the current edition, replaced atomically

The pointer is no symbolic link, because following one leaves an access time.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from store.errors import full_disk
from store.files import forget_times, make_folder, read_quietly, sync_folder, write_whole

POINTER: Final = "current"


def publish(folder: Path, edition: str, files: Mapping[str, bytes]) -> None:
    """Makes `files` (paths within the edition → bytes) the current edition; StorageFullError.

    The edition that was current stays for those who are reading it; older ones go.
    """
    make_folder(folder)
    with _one_at_a_time(folder), full_disk():
        former = current(folder)
        if former == edition:
            return
        _write_edition(folder, edition, files)
        write_whole(folder / POINTER, edition.encode("ascii"))
        for other in folder.iterdir():
            if other.name not in (POINTER, edition, former):
                shutil.rmtree(other) if other.is_dir() else other.unlink()
        sync_folder(folder)
        forget_times(folder)


def current(folder: Path) -> str | None:
    """The name of the current edition; None before the first."""
    try:
        return read_quietly(folder / POINTER).decode("ascii")
    except FileNotFoundError:
        return None


def _write_edition(folder: Path, edition: str, files: Mapping[str, bytes]) -> None:
    temporary = folder / f".{secrets.token_hex(16)}"
    try:
        make_folder(temporary)
        for name, data in files.items():
            path = temporary / name
            make_folder(path.parent)
            write_whole(path, data)
        for inner, _folders, _files in os.walk(temporary, topdown=False):
            sync_folder(Path(inner))
            forget_times(Path(inner))
        if (folder / edition).exists():
            shutil.rmtree(folder / edition)
        temporary.rename(folder / edition)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
