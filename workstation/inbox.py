"""Take in an inbound bundle: all of it, or nothing (docs/protocol.md section 10).

1. Look at the manifest: is it for this office, from the server, new, and not older than the last?
2. Copy everything to the staging folder and check the checksums. Nothing is used before that.
3. One vault transaction: record the bundle, keep its items sealed, open what this reviewer's keys open.
4. Move the evidence files from staging to their place (repeated at the next unlocking if cut off).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from crypto.bundle import BundleReader
from crypto.errors import ProtocolError
from crypto.item import item_id, largest
from crypto.manifest import Entry, Inbound, check_office, write_manifest
from workstation.copying import copy_and_check
from workstation.errors import (
    CannotReadError,
    ForeignBundleError,
    NotABundleError,
    OldBundleError,
    OutboundBundleError,
    ReusedBundleError,
)
from workstation.opening import Opened, open_sealed
from workstation.progress import SILENT, Progress
from workstation.reasons import reason
from workstation.staging import Staging
from workstation.station import Station


@dataclass(frozen=True)
class Imported:
    """What an import brought.

    `items` and `blobs` are new here, `duplicates` were here already; `oversized` entries called themselves
    items but are larger than any, and were not kept. `missing`: the first and last number between the last
    bundle and this one.
    """

    bundle: bytes
    number: int
    day: str
    already: bool = False
    items: int = 0
    blobs: int = 0
    duplicates: int = 0
    oversized: int = 0
    missing: tuple[int, int] | None = None
    opened: Opened = field(default_factory=Opened)


def number_of(path: Path) -> int:
    """The number that a bundle claims, to sort several by; CannotReadError, NotABundleError."""
    with _opened(path) as file:
        return _reader(file, path).manifest.number


def import_bundle(
    station: Station, path: Path, out_of_order: bool = False, progress: Progress = SILENT
) -> Imported:
    """Imports one bundle; the vault is as before if anything is raised.

    CannotReadError, NotABundleError, DamagedBundleError, ForeignBundleError, OutboundBundleError,
    OldBundleError, ReusedBundleError, DiskFullError.
    """
    with _opened(path) as file:
        reader = _reader(file, path)
        manifest = _for_us(station, reader)
        digest = hashlib.sha256(write_manifest(manifest)).digest()
        known = station.vault.row("SELECT manifest FROM bundles WHERE id = ?", manifest.bundle)
        if known is not None:
            if known[0] != digest:
                raise ReusedBundleError
            return Imported(manifest.bundle, manifest.number, manifest.day, already=True)
        missing = _check_number(station, manifest.number, out_of_order)
        staged = Staging(station.layout, manifest.bundle)
        try:
            digests = copy_and_check(staged, reader, manifest, path, progress)
            with station.vault.transaction():
                imported = _record(station, staged, manifest, digest, digests, missing, progress)
        except BaseException:
            staged.discard()
            raise
    staged.settle(progress)
    return imported


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
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


def _for_us(station: Station, reader: BundleReader) -> Inbound:
    try:
        check_office(reader.manifest, station.keys.place.instance, station.keys.place.office)
    except ProtocolError:
        raise ForeignBundleError from None
    if not isinstance(reader.manifest, Inbound):
        raise OutboundBundleError
    return reader.manifest


def _check_number(station: Station, number: int, out_of_order: bool) -> tuple[int, int] | None:
    last: int = station.vault.value("SELECT coalesce(max(number), 0) FROM bundles")
    if number <= last:
        if not out_of_order:
            raise OldBundleError(number=number, last=last)
        return None
    return (last + 1, number - 1) if number > last + 1 else None


def _record(
    station: Station,
    staged: Staging,
    manifest: Inbound,
    digest: bytes,
    digests: list[bytes],
    missing: tuple[int, int] | None,
    progress: Progress,
) -> Imported:
    station.vault.rows(
        "INSERT INTO bundles (id, number, day, manifest) VALUES (?, ?, ?, ?)",
        manifest.bundle,
        manifest.number,
        manifest.day,
        digest,
    )
    oversized = sum(entry.kind == "item" and entry.size > largest() for entry in manifest.entries)
    items = sum(_keep_item(station, entry, item) for entry, item in staged.items())
    blobs = sum(
        _keep_blob(station, entry, sha256)
        for entry, sha256 in zip(manifest.entries, digests, strict=True)
        if entry.kind == "blob"
    )
    return Imported(
        bundle=manifest.bundle,
        number=manifest.number,
        day=manifest.day,
        items=items,
        blobs=blobs,
        duplicates=len(manifest.entries) - items - blobs - oversized,
        oversized=oversized,
        missing=missing,
        opened=open_sealed(station, progress=progress),
    )


_KNOWN = "SELECT 1 FROM messages WHERE item = ?1 UNION SELECT 1 FROM sealed WHERE id = ?1"


def _keep_item(station: Station, entry: Entry, untrusted_item: bytes) -> bool:
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


def _keep_blob(station: Station, entry: Entry, sha256: bytes) -> bool:
    """Notes a blob. Two files under one id are both kept: the evidence's key will tell which is right."""
    name = bytes.fromhex(entry.name)
    if station.vault.row("SELECT 1 FROM blobs WHERE id = ? AND digest = ?", name, sha256):
        return False
    station.vault.rows("INSERT INTO blobs (id, digest, size) VALUES (?, ?, ?)", name, sha256, entry.size)
    return True
