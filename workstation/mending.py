"""Put evidence files back that were damaged or lost on the station, from a part that is imported again.

The vault knows the SHA-256 of every blob and every slice that came: only those very bytes are put back, so
a part can mend what it once brought and never change it.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

from crypto.manifest import Entry
from workstation.errors import ReusedBundleError
from workstation.files import sync_folder, write_all, writing
from workstation.progress import MENDING, Progress
from workstation.staging import Staging
from workstation.station import Station

_PIECE: Final = 2**20
_BLOB: Final = "SELECT digest FROM blobs WHERE id = ? AND digest = ?"
_SLICE: Final = "SELECT digest FROM slices WHERE bundle = ? AND part = ? AND blob = ? AND sha256 = ?"


def mend(
    station: Station, staged: Staging, digests: tuple[bytes, ...], path: Path, progress: Progress
) -> int:
    """How many files were put back, in whole or in part, from a staged part of which all is checked.

    ReusedBundleError, and nothing changed, if it does not bring what it brought before; DiskFullError.
    """
    blobs = [
        (entry, sha256, _place(station, staged, entry, sha256, path))
        for entry, sha256 in zip(staged.entries, digests, strict=True)
        if entry.kind == "blob"
    ]
    progress.begin(MENDING, len(blobs), sum(entry.size for entry, _, _ in blobs))
    mended = 0
    try:
        for entry, sha256, place in blobs:
            if not _is_intact(place, entry, sha256):
                with writing(place):
                    _put_back(staged, entry, place)
                mended += 1
            progress.advance(1, entry.size)
    finally:
        progress.end()
    return mended


def _place(station: Station, staged: Staging, entry: Entry, sha256: bytes, path: Path) -> Path:
    """The file that this blob or slice belongs to."""
    blob = bytes.fromhex(entry.name)
    if entry.is_slice:
        known = station.vault.row(_SLICE, staged.bundle, staged.part, blob, sha256)
    else:
        known = station.vault.row(_BLOB, blob, sha256)
    if known is None:
        raise ReusedBundleError(path=path)
    digest: bytes | None = known[0]
    return staged.sliced(blob) if digest is None else station.layout.evidence / digest.hex()


def _is_intact(place: Path, entry: Entry, sha256: bytes) -> bool:
    """Whether what the entry brings stands at its place; no if the disk cannot read it."""
    found, left = hashlib.sha256(), entry.size
    try:
        with place.open("rb", buffering=0) as file:
            file.seek(entry.start)
            while left and (piece := file.read(min(left, _PIECE))):
                found.update(piece)
                left -= len(piece)
            surplus = _is_last(entry) and file.read(1)
    except OSError:
        return False
    return found.digest() == sha256 and not surplus


def _put_back(staged: Staging, entry: Entry, place: Path) -> None:
    source = staged.path_of(entry)
    if entry.is_slice:
        _write_into(place, entry, source)
    else:
        source.replace(place)
    sync_folder(place.parent)


def _is_last(entry: Entry) -> bool:
    """Whether nothing of the blob comes after it."""
    return entry.start + entry.size == entry.whole


def _write_into(place: Path, entry: Entry, source: Path) -> None:
    """Writes a slice to its place; the other slices stay as they are."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if _is_last(entry):
            os.truncate(descriptor, entry.whole)
        os.lseek(descriptor, entry.start, os.SEEK_SET)
        with source.open("rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                write_all(descriptor, piece)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
