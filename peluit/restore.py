"""`peluit restore`: a server's data folder from a backup (decision 0045). It appears whole or not at all."""

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto.constants import LANGUAGES
from crypto.errors import CannotOpenError, CutShortError, MalformedError, ProtocolError, WrongVersionError
from crypto.fields import Day, OfficeId
from crypto.fingerprint import digits, spoken
from crypto.open.server_backup import Body
from crypto.server_backup import Head, body_key, read_code, read_head
from journalist_app.parts import open_parts
from journalist_app.publishing import publish
from peluit import backup_archive, restored_inbox
from peluit.backup import CLIENTS, ONION_FILES, SECRET
from peluit.backup_errors import (
    BackupCutError,
    BackupDamagedError,
    NewerBackupError,
    NotABackupError,
    NotACodeError,
    NotConfirmedError,
    NoTorError,
    OnionThereError,
    OtherCodeError,
    OtherContentError,
)
from peluit.errors import DataThereError, RefusedError
from peluit.host.rights import apply_if_installed
from peluit.progress import Progress
from peluit.tor.files import folder_like, write_like
from peluit.tor.place import Place
from store import keyfile, site
from store.errors import NewerDatabaseError, NoSiteError, StoreError, full_disk
from store.files import forget_times
from store.layout import Layout
from store.site import Site
from store.space import DEFAULT_RESERVE, check_room
from store.staff import open_staff
from store.staff.account import SERVER, console

AT_THE_STATION: Final = "peluit station server-backup --from FILE"
_LARGEST_SMALL: Final = 2**20

_ID: Final = r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
_DATABASES: Final = ("inbox", "staff")
_BLOB: Final = re.compile(rf"blobs/({_ID})/([0-9a-f]{{32}})\Z")
_PUBLIC: Final = re.compile(
    rf"public/(?:site\.json|(?:pages|directory|statistics)(?:/{backup_archive.NAME}){{1,4}})\Z"
)
_ONION: Final = re.compile(rf"tor/({_ID})/(?:({'|'.join(ONION_FILES)})|{CLIENTS}/({_ID}\.auth))\Z")


@dataclass
class _Taken:
    """What came out of a backup beside the files of the data folder."""

    onions: dict[tuple[str, str], bytes] = field(default_factory=dict)


def restore(source: Path, folder: Path, code: Callable[[Head], str], place: Place | None) -> None:
    """Makes `folder` the data folder of a server, once a person has compared the fingerprint.

    `code` gives what somebody typed; `place` is tor's, None to leave the onion services out.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataThereError(folder)
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    try:
        with source.open("rb") as file:
            head = _head(source, file)
            body = Body(file, _key(head, code(head)))
            shutil.rmtree(unfinished, ignore_errors=True)
            check_room(folder.absolute().parent, source.stat().st_size, DEFAULT_RESERVE)
            progress = Progress("Restoring", source.stat().st_size)
            taken = _unpack(Layout(unfinished), io.BufferedReader(body, 2**20), place, progress)
        said = _complete(Layout(unfinished), head, taken)
        if place is not None:
            _put_onions(place, taken)
        unfinished.rename(folder)
        apply_if_installed(folder)
        os.sync()
    except StoreError as error:
        raise RefusedError(error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    sys.stdout.write(said)


def _head(source: Path, file: io.BufferedReader) -> Head:
    try:
        return read_head(file)
    except WrongVersionError:
        raise NewerBackupError from None
    except ProtocolError:
        raise NotABackupError(source) from None


def _key(head: Head, untrusted_code: str) -> bytes:
    try:
        return body_key(read_code(untrusted_code), head)
    except MalformedError:
        raise NotACodeError(AT_THE_STATION) from None
    except CannotOpenError:
        raise OtherCodeError(AT_THE_STATION) from None


def _unpack(
    layout: Layout, untrusted_body: io.BufferedReader, place: Place | None, progress: Progress
) -> _Taken:
    taken = _Taken()
    layout.make()

    def take(path: str, size: int, pieces: Iterator[bytes]) -> None:
        if onion := _ONION.match(path):
            if size > _LARGEST_SMALL:
                raise BackupDamagedError
            name = onion[2] or f"{CLIENTS}/{onion[3]}"
            taken.onions[onion[1], name] = b"".join(pieces)
            if place is not None:
                _check_onion(place, onion[1], name, taken.onions[onion[1], name])
        else:
            _write(_target(layout, path), pieces, progress)

    try:
        with full_disk():
            backup_archive.read(untrusted_body, take)
    except CutShortError:
        raise BackupCutError from None
    except ProtocolError:
        raise BackupDamagedError from None
    finally:
        progress.end()
    return taken


def _target(layout: Layout, path: str) -> Path:
    """Where a file of the backup goes; BackupDamagedError for one that no server has."""
    for name in _DATABASES:
        if path in (f"{name}.db", f"{name}.key"):
            return layout.root / name / path
    if blob := _BLOB.match(path):
        return layout.blob(OfficeId(blob[1]), bytes.fromhex(blob[2]))
    if _PUBLIC.match(path):
        return layout.root / path
    raise BackupDamagedError


def _write(path: Path, pieces: Iterator[bytes], progress: Progress) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
            progress.advance(len(piece))
    forget_times(path)


def _complete(layout: Layout, head: Head, taken: _Taken) -> str:
    """Makes what is no copy, and checks that a server would run; gives what there is to say."""
    for path in (layout.inbox, layout.inbox_key, layout.staff, layout.staff_key):
        if not path.is_file():
            raise OtherContentError(f"{path.name} is not there")
    try:
        known = site.read(layout)
    except NoSiteError:
        raise OtherContentError("the site file is not there") from None
    if known.instance != head.instance or {office.id for office in head.offices} - _ids(known):
        raise OtherContentError("its site is another one's")
    _ask(known, taken)
    keyfile.create(layout.ticket_key)
    layout.make_done(office.id for office in known.offices)
    try:
        restored_inbox.complete(layout)
    except NewerDatabaseError:
        raise NewerBackupError from None
    staff = open_staff(layout)
    with staff.database.erase() as connection:
        for table in ("session", "browser", "attempt"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  fixed names
    staff.log.note(console(SERVER), "restored", head.day)
    numbers = {office.id: staff.taken.last(office.id) for office in known.offices}
    staff.close()
    parts = open_parts(layout)
    publish(parts)
    parts.close()
    return _said(head.day, numbers)


def _ids(known: Site) -> set[OfficeId]:
    return {office.id for office in known.offices}


def _ask(known: Site, taken: _Taken) -> None:
    """NotConfirmedError. Whoever could change the backup's place could have put another in it."""
    for office in known.offices:
        sys.stdout.write(f"\n{office.names['id']} ({office.id}). The root key's fingerprint:\n\n")
        sys.stdout.write(f"    {' '.join(digits(office.root))}\n")
        for language in LANGUAGES:
            sys.stdout.write(f"    {' '.join(spoken(office.root, language))}\n")
    for (service, name), data in sorted(taken.onions.items()):
        if name == ONION_FILES[0]:
            sys.stdout.write(f"\n{service}: {data.decode('ascii', 'replace').strip()}\n")
    sys.stdout.write("\nIs it what the poster and the station say? Type yes: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != "yes":
        raise NotConfirmedError


def _check_onion(place: Place, service: str, name: str, data: bytes) -> None:
    if not place.onions.is_dir():
        raise NoTorError(place.onions)
    present = place.onions / service / SECRET
    if name == SECRET and present.exists() and present.read_bytes() != data:
        raise OnionThereError(place.onions / service)


def _put_onions(place: Place, taken: _Taken) -> None:
    for (service, name), data in taken.onions.items():
        folder = folder_like(place.onions, service)
        if name.startswith(f"{CLIENTS}/"):
            folder = folder_like(folder, CLIENTS)
        write_like(folder, Path(name).name, data, Day("1970-01-02"))


def _said(day: Day, numbers: dict[OfficeId, int]) -> str:
    lines = [
        f"The server is back as it was on {day}. Start it as after an installation, tor too.",
        "",
        f"What came after {day} is lost: reporters who sent something since must send it again.",
        f"What they, or a station's receipt, had erased since {day} is here again. For each office, at its "
        "station, write every bundle again that the server took since; they bring replies and keys too:",
        "",
        *(
            f"    {office}: number {number + 1} and those after it: "
            f"peluit station bundle --again {number + 1} --to STICK"
            for office, number in numbers.items()
        ),
    ]
    return "".join(f"{line}\n" for line in lines)
