"""Takes in a file that an office on another server wrote (stick.py): all of it, or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from crypto.bundle import BundleReader
from crypto.constants import MAX_ITEM_SIZE
from crypto.errors import ProtocolError
from crypto.item import item_id
from crypto.manifest import Entry, Inbound, check_office
from workstation import changing, files, opening
from workstation.dispositions import stick
from workstation.errors import CannotReadError
from workstation.files import Unnamed
from workstation.inbox import keep_blob, keep_item
from workstation.offices.office_errors import NotADispositionError, ReplayedError, UnknownSenderError
from workstation.opening import Opened
from workstation.reasons import reason
from workstation.station import Station


def take(station: Station, path: Path) -> Opened:
    """Takes in a file that another office wrote, as if it had come in a bundle: all of it, or nothing.

    CannotReadError, NotADispositionError, ReplayedError, UnknownSenderError; DiskFullError, CannotWriteError.
    """
    try:
        with path.open("rb", buffering=0) as file:
            return _take(station, file, path)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def _take(station: Station, file: BinaryIO, path: Path) -> Opened:
    evidence = station.layout.evidence
    with ExitStack() as stack:
        blobs: list[tuple[Entry, Unnamed]] = []
        untrusted_item = b""
        try:
            if file.read(len(stick.START)) != stick.START:
                raise NotADispositionError(path=path)
            reader = BundleReader(file)
            manifest = reader.manifest
            check_office(manifest, station.keys.place.instance, station.keys.place.office)
            if not isinstance(manifest, Inbound) or not _whole(manifest):
                raise NotADispositionError(path=path)
            files.need_room(evidence, sum(entry.size for entry in manifest.entries))
            for entry, untrusted_pieces in reader.entries():
                if entry.kind == "item":
                    untrusted_item = b"".join(untrusted_pieces)
                else:
                    blobs.append((entry, stack.enter_context(files.unnamed(evidence))))
                    _copy(untrusted_pieces, blobs[-1][1])
        except ProtocolError:
            raise NotADispositionError(path=path) from None
        entry = manifest.entries[0]
        return _keep(
            station,
            entry,
            untrusted_item,
            [(*blob, digest) for blob, digest in zip(blobs, reader.digests[1:], strict=True)],
        )


def _keep(
    station: Station, entry: Entry, untrusted_item: bytes, blobs: Sequence[tuple[Entry, Unnamed, bytes]]
) -> Opened:
    name, placed = item_id(untrusted_item), []
    try:
        for _entry, file, digest in blobs:
            path = station.layout.evidence / digest.hex()
            if not path.exists():
                file.name(path)
                placed.append(path)
        with station.vault.transaction():
            if not keep_item(station, entry, untrusted_item):
                raise ReplayedError
            for blob, _file, digest in blobs:
                keep_blob(station, bytes.fromhex(blob.name), digest, blob.size)
            opened = opening.open_sealed(station)
            _check_taken(station, name, opened)
        return opened
    except BaseException:
        for path in placed:
            changing.shred(path)
        raise


def _check_taken(station: Station, item: bytes, opened: Opened) -> None:
    """It may wait for a colleague who reads its channel or its case. What breaks the rules, and what was
    filed before, is not taken."""
    if not station.vault.row("SELECT 1 FROM sealed WHERE id = ?", item):
        if not opened.messages:
            raise ReplayedError
        return
    row = station.vault.row(
        "SELECT problem FROM tries WHERE item = ? AND reviewer = ?", item, station.reviewer
    )
    if row is not None and row[0] != "waiting":
        raise UnknownSenderError


def _whole(manifest: Inbound) -> bool:
    """One item first, of a size that items have; every blob whole."""
    kinds = [entry.kind for entry in manifest.entries]
    return (
        manifest.parts == 1
        and kinds[:1] == ["item"]
        and kinds.count("item") == 1
        and manifest.entries[0].size <= MAX_ITEM_SIZE
    )


def _copy(untrusted_pieces: Iterator[bytes], into: Unnamed) -> None:
    for piece in untrusted_pieces:
        into.write(piece)
