"""Take in a part of an inbound bundle: all of it, or nothing (docs/protocol.md section 10).

1. Look at the manifest: is it for this office, from the server, new, and does it fit what is here?
2. Copy everything to the staging folder and check the checksums. Nothing is used before that.
3. One vault transaction: record the part, keep its items sealed, open the first 256 of them.
4. Move the evidence files from staging to their place (repeated at the next unlocking if cut off).
5. Open the rest, 256 in a transaction; if that is cut off, the same command goes on with the next.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from crypto.bundle import BundleReader
from crypto.constants import MAX_ITEM_SIZE
from crypto.errors import ProtocolError
from crypto.item import item_id
from crypto.manifest import Entry, Inbound, check_office, write_manifest
from workstation import arrivals, mending, staging, terminal
from workstation.copying import copy_and_check, join, room_for
from workstation.errors import (
    CannotReadError,
    DiskFullError,
    ForeignBundleError,
    NoRoomError,
    NotABundleError,
    OutboundBundleError,
)
from workstation.opening import BATCH, Opened, open_in_steps, open_sealed
from workstation.progress import SILENT, Progress
from workstation.reasons import reason
from workstation.staging import Staging
from workstation.station import Station


@dataclass(frozen=True)
class Imported:
    """What an import of one part brought.

    `items` and `blobs` are new and whole here, `duplicates` were here already, `waiting` are slices of blobs
    whose other parts are still to come; `oversized` entries called themselves items but are larger than any,
    and were not kept. `missing`: the first and last number between the last bundle and this one. `mended`:
    of a part that was read again, how many files were put back; None of any other.
    """

    bundle: bytes
    number: int
    part: int
    parts: int
    day: str
    already: bool = False
    items: int = 0
    blobs: int = 0
    waiting: int = 0
    duplicates: int = 0
    oversized: int = 0
    missing: tuple[int, int] | None = None
    mended: int | None = None
    opened: Opened = field(default_factory=Opened)


def place_of(path: Path) -> tuple[int, int]:
    """The number and part that a file claims, to sort several by; CannotReadError, NotABundleError."""
    with _opened(path) as file:
        manifest = _reader(file, path).manifest
    return manifest.number, manifest.part if isinstance(manifest, Inbound) else 0


def import_bundle(
    station: Station, path: Path, out_of_order: bool = False, again: bool = False, progress: Progress = SILENT
) -> Imported:
    """Imports a bundle, or one part of it; the vault is as before if anything is raised.

    Of a part that is here nothing is read, unless `again`: then evidence files that are missing or damaged
    are put back from it. What is still unopened of it is opened.

    CannotReadError, NotABundleError, DamagedBundleError, CutShortBundleError, StickGoneError,
    ForeignBundleError, OutboundBundleError, OldBundleError, ReusedBundleError, WrongPartsError, NoRoomError.
    """
    with _opened(path) as file:
        reader = _reader(file, path)
        part = _for_us(station, reader, path)
        digest = hashlib.sha256(write_manifest(part)).digest()
        here = arrivals.is_here(station.vault, part, digest, path)
        imported = Imported(part.bundle, part.number, part.part, part.parts, part.day, already=here)
        if here and not again:
            imported.opened.add(open_in_steps(station, progress))
            return imported
        missing = None if here else arrivals.check(station.vault, part, path, out_of_order)
        staged = Staging(station.layout, part.bundle, part.part, again=here)
        try:
            digests = copy_and_check(staged, reader, part, file, path, progress)
            if here:
                imported = replace(imported, mended=mending.mend(station, staged, digests, path, progress))
            else:
                imported = _take(station, staged, part, digest, digests, missing, progress)
        except BaseException as error:
            staging.settle(station.layout, station.vault, part.bundle)
            if isinstance(error, DiskFullError):
                raise NoRoomError(path=path, need=terminal.size(room_for(part))) from None
            raise
    staging.settle(station.layout, station.vault, part.bundle, progress)
    imported.opened.add(open_in_steps(station, progress))
    return imported


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    with file:
        yield file


def _reader(file: BinaryIO, path: Path) -> BundleReader:
    try:
        return BundleReader(file)
    except ProtocolError:
        raise NotABundleError(path=path) from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def _for_us(station: Station, reader: BundleReader, path: Path) -> Inbound:
    try:
        check_office(reader.manifest, station.keys.place.instance, station.keys.place.office)
    except ProtocolError:
        raise ForeignBundleError(path=path) from None
    if not isinstance(reader.manifest, Inbound):
        raise OutboundBundleError(path=path)
    return reader.manifest


def _named(part: Inbound) -> str:
    """A bundle's number, with the part if there are several."""
    return str(part.number) if part.parts == 1 else f"{part.number} ({part.part}/{part.parts})"


def _take(
    station: Station,
    staged: Staging,
    part: Inbound,
    manifest: bytes,
    digests: tuple[bytes, ...],
    missing: tuple[int, int] | None,
    progress: Progress,
) -> Imported:
    joined = {blob: join(staged.sliced(blob), progress) for blob in arrivals.completed(station.vault, part)}
    with station.vault.transaction():
        arrivals.record(station.vault, part, manifest, digests, joined)
        station.log("bundle-imported", _named(part))
        return _keep(station, staged, part, digests, joined, missing, progress)


def _keep(
    station: Station,
    staged: Staging,
    part: Inbound,
    digests: tuple[bytes, ...],
    joined: dict[bytes, bytes],
    missing: tuple[int, int] | None,
    progress: Progress,
) -> Imported:
    oversized = sum(entry.kind == "item" and entry.size > MAX_ITEM_SIZE for entry in part.entries)
    items = sum(keep_item(station, entry, item) for entry, item in staged.items())
    whole = [
        (bytes.fromhex(entry.name), joined.get(bytes.fromhex(entry.name), digest), entry.whole)
        for entry, digest in zip(part.entries, digests, strict=True)
        if entry.kind == "blob" and (not entry.is_slice or bytes.fromhex(entry.name) in joined)
    ]
    blobs = sum(keep_blob(station, *blob) for blob in whole)
    waiting = sum(entry.kind == "blob" for entry in part.entries) - len(whole)
    return Imported(
        bundle=part.bundle,
        number=part.number,
        part=part.part,
        parts=part.parts,
        day=part.day,
        items=items,
        blobs=blobs,
        waiting=waiting,
        duplicates=len(part.entries) - items - blobs - oversized - waiting,
        oversized=oversized,
        missing=missing,
        opened=open_sealed(station, BATCH, progress),
    )


_KNOWN = "SELECT 1 FROM messages WHERE item = ?1 UNION SELECT 1 FROM sealed WHERE id = ?1"


def keep_item(station: Station, entry: Entry, untrusted_item: bytes) -> bool:
    """Keeps an item under its true name; False if it is here already."""
    name = item_id(untrusted_item)
    if station.vault.row(_KNOWN, name):
        return False
    station.vault.rows(
        "INSERT INTO sealed (id, channel, day, item) VALUES (?, ?, ?, ?)",
        name,
        entry.channel,
        entry.day,
        untrusted_item,
    )
    return True


def keep_blob(station: Station, name: bytes, digest: bytes, size: int) -> bool:
    """Notes a blob. Two files under one id are both kept: the evidence's key will tell which is right."""
    if station.vault.row("SELECT 1 FROM blobs WHERE id = ? AND digest = ?", name, digest):
        return False
    station.vault.rows("INSERT INTO blobs (id, digest, size) VALUES (?, ?, ?)", name, digest, size)
    return True
