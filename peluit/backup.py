"""`peluit backup`: a copy of what a server needs, sealed to its office as it is written (decision 0045).

Inside (peluit/backup_archive.py):

    inbox.key staff.key              made for this backup: the databases' copies open with them, and the
                                     restored server goes on with them
    inbox.db staff.db
    public/site.json public/pages/… public/directory/… public/statistics/…
    blobs/<office>/<blob hex>        the complete ones that the copy of the inbox tells of
    tor/<service>/…                  keys of the onion services, and who may reach them

Uploads that are not complete, tickets, counts of the day and the board, which is made anew, are left out.
"""

import os
import secrets
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto import calendar
from crypto.fields import OfficeId
from crypto.seal.server_backup import Recipients, seal
from peluit import backup_archive
from peluit.backup_archive import Member
from peluit.backup_errors import NoInboxError, NoKeysError, NoRoomError, SameDiskError, WhichOfficeError
from peluit.errors import FileThereError, NoDataError, RefusedError
from peluit.host.rights import given_afterwards
from peluit.progress import Progress, readable
from peluit.tor.place import Place
from store import keyfile, publication, site
from store.board_day import BoardDay
from store.database import Database
from store.directories import Directories
from store.errors import FULL, NoDirectoryError, NoSuchOfficeError, StoreError, full_disk
from store.files import open_quietly, pieces_of, read_quietly, sync_folder
from store.keyfile import RawKey
from store.layout import Layout
from store.schema import INBOX
from store.site import Site
from store.space import check_room
from store.staff import open_staff
from store.staff.account import SERVER, console
from store.staff.schema import STAFF

_WELL_KNOWN: Final = ".well-known"
_COPY: Final = ".copy-"
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
SECRET: Final = "hs_ed25519_secret_key"  # noqa: S105  a file's name
ONION_FILES: Final = ("hostname", "hs_ed25519_public_key", SECRET)
CLIENTS: Final = "authorized_clients"


@dataclass(frozen=True)
class Made:
    """A backup that is whole and on the disk; `size` in bytes."""

    size: int
    blobs: int
    onions: tuple[str, ...]
    offices: tuple[OfficeId, ...]


def backup(folder: Path, to: Path, place: Place, offices: Sequence[str] = ()) -> None:
    """Makes one, and says what opens it. NoDataError, NoInboxError, WhichOfficeError, NoKeysError,
    SameDiskError, FileThereError, RefusedError, OSError."""
    made = make(Layout(folder), to, place, offices)
    named = " or ".join(made.offices)
    onions = f"the onion addresses ({', '.join(made.onions)})" if made.onions else "no onion address"
    sys.stdout.write(
        f"Written: {to} ({readable(made.size)}), with {made.blobs} files of evidence and {onions}.\n"
        f"It opens with a code that the station of {named} shows: peluit station server-backup --from FILE\n"
        "Keep it away from this server, and destroy the ones before: what reporters erase stays in them.\n"
    )


def make(layout: Layout, to: Path, place: Place, offices: Sequence[str] = ()) -> Made:
    """Makes one; the running apps go on meanwhile. Errors as `backup`."""
    if not layout.site.is_file():
        raise NoDataError(layout.root)
    if not layout.inbox.is_file():
        raise NoInboxError(layout.root)
    if to.absolute().resolve().is_relative_to(layout.root.resolve()):
        raise SameDiskError(to)
    if to.exists():
        raise FileThereError(to)
    try:
        known = site.read(layout)
        recipients = _recipients(layout, known, offices)
        day = BoardDay(layout.backup_day)
        with given_afterwards(layout.root), day.turn():
            made = _write(layout, known, recipients, to, place)
            day.write(calendar.today())
    except StoreError as error:
        raise RefusedError(error) from None
    return made


def _recipients(layout: Layout, known: Site, offices: Sequence[str]) -> dict[OfficeId, Recipients]:
    """The newest keys of the present or of a week before: the station destroys them half a year later."""
    if not offices and len(known.offices) > 1:
        raise WhichOfficeError("|".join(office.id for office in known.offices))
    directories, present = Directories(layout, known), calendar.epoch_of(calendar.today())
    found: dict[OfficeId, Recipients] = {}
    for office in offices or [known.offices[0].id]:
        try:
            epochs = directories.directory(office).epochs
        except (NoDirectoryError, NoSuchOfficeError):
            raise NoKeysError(office) from None
        epoch = max((epoch for epoch in epochs if epoch <= present), default=None)
        if epoch is None:
            raise NoKeysError(office)
        found[OfficeId(office)] = Recipients(epoch, epochs[epoch])
    return found


def _write(
    layout: Layout, known: Site, recipients: dict[OfficeId, Recipients], to: Path, place: Place
) -> Made:
    """Beside its place first, so that nothing half-written bears a backup's name."""
    half, whole = to.with_name(f"{to.name}.part"), 0
    try:
        half.unlink(missing_ok=True)  # of a backup that was cut off
        with ExitStack() as stack, os.fdopen(os.open(half, _NEW, 0o600), "wb") as file:
            _note(layout)
            copies, blobs = _copies(stack, layout)
            members = [*copies, *_public(layout, known)]
            onions = _onions(place)
            whole = sum(size for _office, _blob, size in blobs) + sum(member.size for member in members)
            progress = Progress("Backing up", whole)
            everything = _all(members, layout, blobs, onions)
            for piece in seal(known.instance, calendar.today(), recipients, backup_archive.write(everything)):
                file.write(piece)
                progress.advance(len(piece))
            progress.end()
            file.flush()
            os.fsync(file.fileno())
        half.rename(to)
        sync_folder(to.absolute().parent)
    except BaseException as error:
        half.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in FULL:
            raise NoRoomError(to.absolute().parent, readable(whole)) from None
        raise
    services = tuple(sorted({member.path.split("/")[1] for member in onions}))
    return Made(to.stat().st_size, len(blobs), services, tuple(recipients))


def _note(layout: Layout) -> None:
    """Before the copy is made, which so tells of itself."""
    staff = open_staff(layout)
    staff.log.note(console(SERVER), "backup-made")
    staff.close()


def _all(
    members: Collection[Member],
    layout: Layout,
    blobs: Sequence[tuple[OfficeId, bytes, int]],
    onions: Collection[Member],
) -> Iterator[Member]:
    yield from members
    yield from onions
    for office, blob, _size in blobs:
        with suppress(FileNotFoundError):  # erased since the copy was made
            yield _blob(f"blobs/{office}/{blob.hex()}", open_quietly(layout.blob(office, blob)))


def _blob(path: str, file: BinaryIO) -> Member:
    size = os.fstat(file.fileno()).st_size

    def pieces() -> Iterator[bytes]:
        with file:
            yield from pieces_of(file, size)

    return Member(path, size, pieces)


def _copies(stack: ExitStack, layout: Layout) -> tuple[list[Member], list[tuple[OfficeId, bytes, int]]]:
    """Both databases with new keys, and the blobs of the inbox: office, id, size in bytes.

    Asked after the copy is made: what came in between is one too many, and `restore` leaves it out.
    """
    for left in layout.run.glob(f"{_COPY}*"):  # of a backup that was cut off; its key is gone
        left.unlink()
    inbox = Database(layout.inbox, keyfile.read(layout.inbox_key), INBOX)
    staff = Database(layout.staff, keyfile.read(layout.staff_key), STAFF)
    stack.callback(inbox.close)
    stack.callback(staff.close)
    members = [*_copy(stack, layout, inbox, "inbox"), *_copy(stack, layout, staff, "staff")]
    with inbox.read() as connection:
        return members, connection.execute(_BLOBS).fetchall()


def _copy(stack: ExitStack, layout: Layout, database: Database, name: str) -> Iterator[Member]:
    """A copy that has no name any more: nothing is left of it when this process ends, however it does."""
    path, key = layout.run / f"{_COPY}{secrets.token_hex(16)}", RawKey(secrets.token_bytes(32))
    try:
        check_room(layout.run, (layout.root / name / f"{name}.db").stat().st_size, 0)
        with full_disk():
            database.copy(path, key)
        file = stack.enter_context(open_quietly(path))
    finally:
        path.unlink(missing_ok=True)
    yield _held(f"{name}.key", key)
    size = os.fstat(file.fileno()).st_size
    yield Member(f"{name}.db", size, lambda: pieces_of(file, size))


def _public(layout: Layout, known: Site) -> Iterator[Member]:
    paths = [layout.site, *_visible(layout.pages), *_visible(layout.statistics)]
    for office in known.offices:
        folder = layout.directory(office.id)
        if edition := publication.current(folder):
            paths += [folder / publication.POINTER, *_visible(folder / edition)]
    for path in paths:
        yield _held(path.relative_to(layout.root).as_posix(), read_quietly(path))


def _onions(place: Place) -> list[Member]:
    """Every onion service that has its keys."""
    found = []
    for service in sorted(path.parent for path in place.onions.glob(f"*/{SECRET}")):
        clients = sorted((service / CLIENTS).glob("*.auth"))
        for path in (*(service / name for name in ONION_FILES), *clients):
            if path.is_file() and not path.is_symlink():
                found.append(_held(f"tor/{path.relative_to(place.onions).as_posix()}", read_quietly(path)))
    return found


def _held(path: str, data: bytes) -> Member:
    """A small file, held in memory."""
    return Member(path, len(data), lambda: iter([data]))


def _visible(folder: Path) -> list[Path]:
    """The files below a folder; hidden ones are half-written, but for what WEBCAT looks for."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))


def _is_hidden(path: Path, folder: Path) -> bool:
    names = path.relative_to(folder).parts
    return any(name.startswith(".") and name != _WELL_KNOWN for name in names)


_BLOBS: Final = "SELECT office, id, size FROM item WHERE kind = 'blob' ORDER BY office, id"
