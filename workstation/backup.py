"""The whole station in one sealed file, evidence included.

Inside the seal is a tar archive: `about` (canonical JSON: instance, office, day), every file of the station,
and last `contents` (canonical JSON: the SHA-256 of each file, by its path). One pass, in bounded memory. What
the station keeps sealed stays sealed inside: a backup that is opened gives no more than the station's disk.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto import canonical
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, SUITE
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId
from crypto.keypairs import KemKeyPair
from workstation import files, sealedfile
from workstation.errors import BackupDamagedError, CannotReadError
from workstation.layout import Layout
from workstation.progress import BACKING_UP, SILENT, Progress
from workstation.reasons import reason
from workstation.shares import BackupKey
from workstation.station import Station

ABOUT: Final = "about"
CONTENTS: Final = "contents"
_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 2**20
_LARGEST_ABOUT: Final = 4_096
_LARGEST_LIST: Final = 2**28
_NAME: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9]+)?(/[a-z0-9-]+(\.[a-z0-9]+)?){0,4}\Z")

Take = Callable[[str, int, Iterator[bytes]], None]
"""Takes one file: its path below the station's folder, its size, and its bytes, all of which it must read."""


@dataclass(frozen=True)
class About:
    """Whose backup it is, and of which day."""

    instance: InstanceId
    office: OfficeId
    day: Day


def write(station: Station, key: BackupKey, to: Path, on: Day, progress: Progress = SILENT) -> int:
    """Writes a backup of an unlocked station to a new file, and gives the number of files in it.

    FileExistsError, DiskFullError, FileTooLargeError, CannotWriteError, CannotReadError.
    """
    with station.vault.transaction():
        station.log("backup-made")
    place = station.keys.place
    about = About(place.instance, place.office, on)
    paths = _paths(station.layout)
    progress.begin(BACKING_UP, len(paths), sum(path.stat().st_size for path in paths))
    try:
        files.write_new(to, sealedfile.seal(key.public, _archive(station.layout, about, paths, progress)))
    finally:
        progress.end()
    return len(paths)


def read(untrusted_file: BinaryIO, key: KemKeyPair, take: Take) -> About:
    """Hands over every file in a backup, and says whose it is once all of it has proved whole.

    What `take` got must not be used before. NotABackupError, OtherSharesError, BackupDamagedError.
    """
    opened = sealedfile.Opened(untrusted_file, key)
    archive = io.BufferedReader(opened, _PIECE)
    found: dict[str, str] = {}
    about = contents = b""
    try:
        while (head := _exactly(archive, _BLOCK)).strip(b"\0"):
            name, size = _member(head)
            pieces = _pieces(archive, size)
            if name == ABOUT and size <= _LARGEST_ABOUT:
                about = b"".join(pieces)
            elif name == CONTENTS and size <= _LARGEST_LIST:
                contents = b"".join(pieces)
            elif name in found:
                raise BackupDamagedError
            else:
                found[name] = _hashed(name, size, pieces, take)
            _exactly(archive, -size % _BLOCK)
        if _exactly(archive, _BLOCK).strip(b"\0") or archive.read(1):
            raise BackupDamagedError
        opened.finish()
        if canonical.parse(contents) != found:
            raise BackupDamagedError
        return _read_about(about)
    except (tarfile.TarError, ProtocolError):
        raise BackupDamagedError from None


def _member(head: bytes) -> tuple[str, int]:
    """Name and size of a member. Only the very header that `write` makes is taken, with a path that a station
    has: no links, nothing sparse, no extensions for an attacker to play with."""
    info = tarfile.TarInfo.frombuf(head, tarfile.ENCODING, "surrogateescape")
    if info.size < 0 or head != _head(info.name, info.size):
        raise BackupDamagedError
    return _safe(info.name), info.size


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise BackupDamagedError
    return data


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        piece = _exactly(file, min(size, _PIECE))
        size -= len(piece)
        yield piece


def _hashed(name: str, due: int, pieces: Iterator[bytes], take: Take) -> str:
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            yield piece

    take(name, due, counted())
    if size != due:
        raise BackupDamagedError
    return digest.hexdigest()


def _safe(untrusted_name: str) -> str:
    """BackupDamagedError for a path that no station has."""
    if not _NAME.match(untrusted_name):
        raise BackupDamagedError
    return untrusted_name


def _paths(layout: Layout) -> list[Path]:
    """Every file that makes the station."""
    people = (layout.reviewers, layout.custodians)
    small = [layout.office_key, *(path for folder in people for path in sorted(folder.glob("*.key")))]
    folders = (layout.directories, layout.rosters, layout.parcels, layout.evidence, layout.staging)
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [*small, *found, layout.vault]


def _archive(layout: Layout, about: About, paths: list[Path], progress: Progress) -> Iterator[bytes]:
    body: Json = {
        "day": about.day,
        "instance": b64(about.instance),
        "kind": "backup",
        "office": about.office,
        "suite": SUITE,
    }
    yield from _entry(ABOUT, canonical.dump(body))
    found: dict[str, Json] = {}
    for path in paths:
        name = path.relative_to(layout.folder).as_posix()
        digest, size, left = hashlib.sha256(), path.stat().st_size, path.stat().st_size
        yield _head(name, size)
        with _readable(path) as file:
            while left and (piece := file.read(min(_PIECE, left))):
                digest.update(piece)
                left -= len(piece)
                progress.advance(0, len(piece))
                yield piece
        progress.advance(1)
        if left:
            raise CannotReadError(path=path, reason="EOF")
        yield bytes(-size % _BLOCK)
        found[name] = digest.hexdigest()
    yield from _entry(CONTENTS, canonical.dump(found))
    yield bytes(2 * _BLOCK)


def _entry(name: str, data: bytes) -> Iterator[bytes]:
    yield _head(name, len(data)) + data + bytes(-len(data) % _BLOCK)


def _head(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _readable(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def _read_about(text: bytes) -> About:
    fields = Fields(canonical.parse(text))
    fields.suite_and_kind("backup")
    about = About(
        InstanceId(fields.data("instance", INSTANCE_SIZE)), OfficeId(fields.id("office")), fields.day("day")
    )
    fields.end()
    return about
