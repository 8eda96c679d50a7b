"""Files that tor reads: owned by tor's user, whole or not there, and without a time finer than a day."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crypto.fields import Day


def folder_like(parent: Path, name: str) -> Path:
    """A folder in `parent`, made if it is not there, of the same owner, for nobody else."""
    made = parent / name
    made.mkdir(mode=0o700, exist_ok=True)
    with _opened(made, os.O_DIRECTORY) as handle:
        _give(handle, parent, 0o700)
    return made


def give_to_owner_of(folder: Path, path: Path) -> None:
    """Gives a file, if it is one, to the owner of a folder, with mode 0600. Links are left alone.

    Root does this in a folder of tor's: another program could put a link to some file of root's there.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        return
    if os.geteuid() != 0:  # the owner's own file, which its mode may keep even the owner from opening
        path.chmod(0o600)
        return
    with _opened(path) as handle:
        if os.fstat(handle).st_nlink == 1:
            _give(handle, folder, 0o600)


def write_like(
    folder: Path, name: str, data: bytes, on: Day, mode: int = 0o600, through: Path | None = None
) -> None:
    """Writes `folder/name`, of the folder's owner, dated to the beginning of a day.

    It is made in the folder `through` (on the same disk) and moved in: without one, in the folder itself.
    """
    temporary = (through or folder) / f".{secrets.token_hex(16)}"
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            _give(stream.fileno(), folder, mode)
            os.fsync(stream.fileno())
        begins = int(datetime.fromisoformat(on).replace(tzinfo=UTC).timestamp())
        os.utime(temporary, (begins, begins))
        temporary.replace(folder / name)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(folder)


def sync(folder: Path) -> None:
    """Makes the folder's names durable."""
    with _opened(folder, os.O_DIRECTORY) as handle:
        os.fsync(handle)


@contextmanager
def keeping_time(folder: Path) -> Iterator[None]:
    """The folder's time is afterwards what it was before."""
    was = folder.stat()
    yield
    os.utime(folder, ns=(was.st_atime_ns, was.st_mtime_ns))


@contextmanager
def _opened(path: Path, flags: int = 0) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | flags)
    try:
        yield handle
    finally:
        os.close(handle)


def _give(handle: int, model: Path, mode: int) -> None:
    """Only root may give files away, and need do so."""
    wanted, found = model.stat(), os.fstat(handle)
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        os.fchown(handle, wanted.st_uid, wanted.st_gid)
    os.fchmod(handle, mode)
