"""A backup put back into a new folder, or proved to be one that could be.

Nothing is written in the clear by either: key files, vault and evidence come out of a backup as sealed as
they are on the station.
"""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from crypto.directory import Directory
from crypto.keypairs import KemKeyPair
from workstation import backup, changing, files, keyfile
from workstation.backup import About
from workstation.errors import (
    BackupContentError,
    CannotReadError,
    DirectoryError,
    NoStationError,
    StationExistsError,
)
from workstation.files import writing
from workstation.keyfile import OFFICE
from workstation.layout import Layout
from workstation.progress import REHEARSING, SILENT, Progress
from workstation.reasons import reason
from workstation.station import public_directory, unlock
from workstation.texts import _

_EVIDENCE: Final = "evidence/"
_STAGING: Final = "staging/"


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal found: `missing` and `damaged` evidence files were so when the backup was made."""

    about: About
    directory: Directory
    cases: int
    evidence: int
    missing: int
    damaged: int


def restore(
    source: Path, key: KemKeyPair, folder: Path, progress: Progress = SILENT
) -> tuple[About, Directory]:
    """Makes a station in `folder` from a backup; it appears whole or not at all.

    StationExistsError, NotABackupError, OtherSharesError, BackupDamagedError, BackupContentError,
    DiskFullError, CannotReadError, CannotWriteError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StationExistsError(folder=folder)
    making = Layout(folder.with_name(f".{folder.name}.{secrets.token_hex(8)}"))
    try:
        with writing(making.folder):
            making.folder.mkdir(mode=0o700, parents=True)
        about = _read(source, key, lambda name, _size, pieces: _write(making, name, pieces), progress)
        directory = _complete(making)
        with writing(folder):
            for path in making.folders():
                path.mkdir(mode=0o700, exist_ok=True)
            making.folder.rename(folder)
            files.sync_folder(folder.parent)
    except BaseException:
        changing.wipe(making.folder)
        raise
    return about, directory


def rehearse(
    source: Path, key: KemKeyPair, reviewer: str, passphrase: str, progress: Progress = SILENT
) -> Rehearsed:
    """Proves that a backup opens, is whole, and unlocks as this reviewer, with its vault sound throughout.

    Evidence is only hashed; the rest is put into a temporary folder for a moment, sealed as it is. Beside the
    errors of `restore` those of unlocking.
    """
    evidence: dict[str, bool] = {}
    with _scratch() as scratch:

        def take(name: str, _size: int, pieces: Iterator[bytes]) -> None:
            if name.startswith((_EVIDENCE, _STAGING)):
                digest = sha256()
                for piece in pieces:
                    digest.update(piece)
                if name.startswith(_EVIDENCE):
                    evidence[name.removeprefix(_EVIDENCE)] = digest.hexdigest() == Path(name).name
            else:
                _write(scratch, name, pieces)

        about = _read(source, key, take, progress)
        directory = _complete(scratch)
        for path in scratch.folders():
            path.mkdir(mode=0o700, exist_ok=True)
        with unlock(scratch.folder, reviewer, passphrase) as station:
            if (station.keys.place.instance, station.keys.place.office) != (about.instance, about.office):
                raise BackupContentError(what=_("it says that it is of another office"))
            station.vault.check()
            named = {digest.hex() for (digest,) in station.vault.rows("SELECT digest FROM blobs")}
            return Rehearsed(
                about=about,
                directory=directory,
                cases=station.vault.value("SELECT count(*) FROM cases"),
                evidence=len(evidence),
                missing=len(named - evidence.keys()),
                damaged=sum(not sound for sound in evidence.values()),
            )


def _read(source: Path, key: KemKeyPair, take: backup.Take, progress: Progress) -> About:
    with _opened(source) as file:
        progress.begin(REHEARSING, 0, source.stat().st_size)

        def counted(name: str, size: int, pieces: Iterator[bytes]) -> None:
            take(name, size, pieces)
            progress.advance(0, size)

        try:
            return backup.read(file, key, counted)
        except OSError as error:
            raise CannotReadError(path=source, reason=reason(error)) from None
        finally:
            progress.end()


def _complete(layout: Layout) -> Directory:
    """BackupContentError unless the office and its reviewers and custodians have key files."""
    try:
        directory = public_directory(layout.folder)
        owners: dict[str, Path] = {OFFICE: layout.office_key}
        owners |= {reviewer: layout.reviewer_key(reviewer) for reviewer in layout.reviewer_ids()}
        owners |= {one.id: layout.custodian_key(one.id) for one in directory.office.custodians}
        for owner, path in owners.items():
            keyfile.cost_of(path.read_bytes(), owner)
    except (NoStationError, DirectoryError, OSError):
        raise BackupContentError(what=_("key files, directory or vault are not all there")) from None
    if set(layout.reviewer_ids()) != {reviewer.id for reviewer in directory.office.reviewers}:
        raise BackupContentError(what=_("the key files are not those of the office's reviewers"))
    return directory


def _write(layout: Layout, name: str, pieces: Iterator[bytes]) -> None:
    path = layout.folder / name
    with writing(path.parent):
        for folder in reversed(path.relative_to(layout.folder).parents):
            (layout.folder / folder).mkdir(mode=0o700, exist_ok=True)
    files.write_new(path, pieces)


@contextmanager
def _scratch() -> Iterator[Layout]:
    folder = Path(tempfile.mkdtemp(prefix="peluit-"))
    try:
        yield Layout(folder)
    finally:
        changing.wipe(folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    with file:
        yield file
