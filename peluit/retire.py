"""`peluit retire`: erases a server for good. Keys first: without them databases are noise (decision 0045).

It can be repeated until nothing is left: the site file, which says whose server it was, goes last.
"""

import fcntl
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from peluit.backup import SECRET
from peluit.backup_errors import KeysLeftError, LeftBehindError, NotConfirmedError, StillRunningError
from peluit.doctor.opened import DatabaseError, opened
from peluit.errors import NoDataError
from peluit.progress import Progress
from peluit.tor.place import Place
from store import keyfile, site
from store.errors import NoSiteError, StoreError
from store.files import sync_folder
from store.layout import Layout

_PIECE: Final = 2**20
# Every connection to a database in WAL mode holds a shared lock on this byte of its -shm file (SQLite's
# os_unix.c, UNIX_SHM_DMS).
_IN_USE: Final = 128


def retire(folder: Path, place: Place | None) -> None:
    """Asks for the offices' names, then erases; `place` is tor's, None to leave the onion services.

    NoDataError, StillRunningError, NotConfirmedError: nothing was changed. KeysLeftError, LeftBehindError.
    """
    layout = Layout(folder)
    try:
        offices = [office.names["id"] for office in site.read(layout).offices]
    except NoSiteError:
        raise NoDataError(folder) from None
    if any(_in_use(path) for path in (layout.inbox, layout.staff)):
        raise StillRunningError
    onions = [] if place is None else _services(place)
    sys.stdout.write(f"This erases the server in {folder} for good: {_contents(layout)}\n")
    sys.stdout.write(f"Onion addresses that nobody will ever reach again: {len(onions)}.\n")
    for name in offices:
        _ask(name)
    _erase(layout, onions)
    sys.stdout.write(_DONE)


def _in_use(database: Path) -> bool:
    try:
        file = os.open(database.with_name(f"{database.name}-shm"), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _IN_USE)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _contents(layout: Layout) -> str:
    """What would be lost, as far as it can still be read."""
    try:
        with opened(layout.inbox, keyfile.read(layout.inbox_key)) as connection:
            waiting, bundled = connection.execute(_WAITING).fetchone()
            (slots,) = connection.execute("SELECT count(*) FROM slot").fetchone()
    except (DatabaseError, StoreError, OSError):
        return "its inbox cannot be opened any more."
    return (
        f"{waiting} sealed things that no station has had, {bundled} in bundles that none has confirmed, "
        f"{slots} places on the board."
    )


def _ask(name: str) -> None:
    sys.stdout.write(f"\nType the name of the office to erase it ({name}): ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != name:
        raise NotConfirmedError


def _services(place: Place) -> list[Path]:
    """The onion services' folders: whatever holds a key, and what `peluit tor setup` made beside."""
    return sorted({path.parent for path in place.onions.glob(f"*/{SECRET}")})


def _erase(layout: Layout, onions: Sequence[Path]) -> None:
    keys = [*layout.root.glob("*/*.key"), *(onion / SECRET for onion in onions)]
    try:
        for key in keys:
            _overwrite(key, secrets.token_bytes)
    except OSError as error:
        raise KeysLeftError(error.strerror or "unknown") from None
    folders = (*onions, layout.root)
    files = [path for folder in folders for path in _files(folder) if path != layout.site]
    progress = Progress("Erasing", sum(path.lstat().st_size for path in files))
    left = [path for path in files if not _erased(path, progress)]
    progress.end()
    if left or not _erased(layout.site, progress):
        raise LeftBehindError(len(left) or 1, layout.root)
    for folder in folders:
        shutil.rmtree(folder)
        sync_folder(folder.parent)


def _erased(path: Path, progress: Progress) -> bool:
    try:
        _overwrite(path, bytes, progress)
    except OSError:
        return False
    return True


def _overwrite(path: Path, noise: Callable[[int], bytes], progress: Progress | None = None) -> None:
    """In place, durably, before the name goes; what is no file (a socket, a link) only loses its name."""
    found = path.lstat()
    if stat.S_ISREG(found.st_mode) and found.st_size:
        file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            for at in range(0, found.st_size, _PIECE):
                size = min(_PIECE, found.st_size - at)
                os.pwrite(file, noise(size), at)
                if progress:
                    progress.advance(size)
            os.fsync(file)
        finally:
            os.close(file)
    path.unlink()


def _files(folder: Path) -> Iterator[Path]:
    for inside, _folders, names in os.walk(folder):
        yield from (Path(inside, name) for name in names)


_WAITING: Final = "SELECT count(*) FILTER (WHERE bundle IS NULL), count(bundle) FROM item"
_DONE: Final = """
The server is erased: its keys were overwritten first, then all else, then removed.
Backups are not: destroy them. What this program cannot reach: an SSD, and file systems that copy on write
(btrfs, ZFS, snapshots), keep former contents for a while. There the databases are noise without their keys,
and reports were sealed to the station all along; but where the disk was not encrypted, an expert may find
the keys themselves. So, before it leaves the house: cryptsetup luksErase DEVICE, or blkdiscard, or a drill.
Programs and configuration are still here: peluit host remove
"""
