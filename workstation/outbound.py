"""Outbound bundles: replies, statistics, acknowledgements, what goes to other offices, and after a ceremony
keys, on their way to the server.

A bundle is first fixed in the vault, byte for byte and with its number, in the same transaction that marks
its replies as sent and its inbound bundles as acknowledged; only then is the file written. If writing fails
or the process dies, the next `write_bundle` writes those very bytes before there can be any other, so that
one number never has two contents. The bytes stay, so that a lost stick can be written again; they are all
sealed or public.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from nacl.signing import SigningKey

from crypto import bundle, signed
from crypto.board import Slot, write_slots
from crypto.bundle import BundleReader
from crypto.constants import HINT_SIZE, ID_SIZE
from crypto.fields import ChannelId, Day, OfficeId, ReviewerId
from crypto.manifest import MOST_STATISTICS, Entry, Outbound
from crypto.seal.reply import fill_pages
from workstation import dispatch, files, stationlog, terminal, witness
from workstation.dispatch import Package
from workstation.errors import (
    CannotWriteError,
    DiskFullError,
    FileExistsAlreadyError,
    NoSuchBundleError,
    NotAFolderError,
    NotWrittenError,
    StickFullError,
)
from workstation.identity import Place
from workstation.reasons import reason
from workstation.station import Station
from workstation.vault import Vault

# Of a bundle that is not whole here, the server must keep everything.
_UNACKNOWLEDGED = """
SELECT id FROM bundles WHERE outbound IS NULL
AND parts = (SELECT count(*) FROM parts WHERE bundle = bundles.id) ORDER BY number
"""
_STATISTICS = "SELECT period, document FROM publications WHERE outbound IS NULL ORDER BY period LIMIT ?"
_MOST_SLOTS = 8_192  # 34 MB: with a directory less than the 64 MiB that the server takes at once
# What the rest of those can hold, the archive's own blocks left out, goes to other offices.
_MOST_BYTES = 60 * 2**20


@dataclass(frozen=True)
class Written:
    """A bundle on the stick. `slots`: replies and dummies; `packages`: for other offices of the server;
    `resumed`: fixed before, written only now."""

    path: Path
    number: int
    replies: int
    slots: int
    packages: int
    received: int
    resumed: bool


@dataclass(frozen=True)
class Document:
    """Something that a bundle carries; `office` and `channel` say where a sealed thing goes."""

    kind: str
    path: str
    data: bytes
    office: OfficeId | None = None
    channel: ChannelId | None = None


def fix(
    vault: Vault,
    place: Place,
    reviewer: ReviewerId,
    sign: SigningKey,
    on: Day,
    documents: Sequence[Document] = (),
    sent: int = 0,
) -> int:
    """Fixes the next bundle in the vault and gives its number; inside a transaction of the caller.

    `sent`: the highest number that is known to have been used, also if this vault is older (witness.py).
    """
    number = max(int(vault.value("SELECT coalesce(max(number), 0) FROM outbound")), sent) + 1
    queued = vault.rows("SELECT token, slot FROM outbox WHERE slot IS NOT NULL LIMIT ?", _MOST_SLOTS)
    received = tuple(id_ for (id_,) in vault.rows(_UNACKNOWLEDGED))
    slots = fill_pages([_slot(slot) for _, slot in queued], place.instance)
    published = vault.rows(_STATISTICS, MOST_STATISTICS)
    contents = [*documents, Document("slots", "slots", write_slots(slots))]
    contents += [Document("statistics", f"statistics/{period}", found) for period, found in published]
    contents += _packed(dispatch.take(vault, _MOST_BYTES - _size(contents)))
    manifest = Outbound(
        instance=place.instance,
        office=place.office,
        bundle=secrets.token_bytes(ID_SIZE),
        number=number,
        day=on,
        entries=tuple(
            Entry(each.kind, each.path, len(each.data), each.channel, office=each.office) for each in contents
        ),
        reviewer=reviewer,
        received=received,
    )
    archive = b"".join(_archive(manifest, contents, sign))
    vault.rows(
        "INSERT INTO outbound (number, id, day, reviewer, slots, archive) VALUES (?, ?, ?, ?, ?, ?)",
        number,
        manifest.bundle,
        on,
        reviewer,
        len(slots),
        archive,
    )
    for token, _ in queued:
        vault.rows("UPDATE outbox SET slot = NULL, outbound = ? WHERE token = ?", number, token)
    for period, _document in published:
        vault.rows("UPDATE publications SET outbound = ? WHERE period = ?", number, period)
    for bundle_id in received:
        vault.rows("UPDATE bundles SET outbound = ? WHERE id = ?", number, bundle_id)
    stationlog.write(vault, place.office, reviewer, "bundle-made", str(number))
    return number


def waiting(vault: Vault) -> int:
    """How many slots with replies wait for the next bundle."""
    return int(vault.value("SELECT count(*) FROM outbox WHERE slot IS NOT NULL"))


def write_bundle(station: Station, to: Path, on: Day) -> Written:
    """Writes the next outbound bundle into a folder: the one that was fixed but not written, or a new one.

    NotAFolderError, StickFullError, NotWrittenError, FileExistsAlreadyError; the bundle then stays fixed.
    """
    if not to.is_dir():
        raise NotAFolderError(path=to)
    place, number = station.keys.place, _unwritten(station.vault)
    resumed = number is not None
    if number is None:
        sent = witness.read(station.layout.folder).outbound
        with station.vault.transaction():
            number = fix(station.vault, place, station.reviewer, station.keys.sign, on, sent=sent)
    written = write_again(station.vault, place, number, to, resumed)
    witness.note(station.layout.folder, outbound=number)
    return written


def write_all(vault: Vault, place: Place, to: Path) -> list[Written]:
    """Writes every bundle that is fixed but not written, in order; as `write_bundle`."""
    written = []
    while (number := _unwritten(vault)) is not None:
        written.append(write_again(vault, place, number, to, resumed=True))
    return written


def write_again(vault: Vault, place: Place, number: int, to: Path, resumed: bool = False) -> Written:
    """Writes a bundle that is fixed, the same bytes each time; NoSuchBundleError, and as `write_bundle`."""
    row = vault.row("SELECT archive, slots FROM outbound WHERE number = ?", number)
    if row is None:
        raise NoSuchBundleError(number=number)
    archive, slots = row
    path = to / f"peluit-out-{place.office}-{number}.tar"
    try:
        _write_file(path, archive)
    except FileExistsError:
        if path.is_symlink() or not path.is_file() or path.read_bytes() != archive:
            raise FileExistsAlreadyError(path=path) from None
    with vault.transaction():
        vault.rows("UPDATE outbound SET written = 1 WHERE number = ?", number)
    return Written(
        path=path,
        number=number,
        replies=int(vault.value("SELECT count(*) FROM outbox WHERE outbound = ?", number)),
        slots=slots,
        packages=_packages(archive),
        received=int(vault.value("SELECT count(*) FROM bundles WHERE outbound = ?", number)),
        resumed=resumed,
    )


def _write_file(path: Path, archive: bytes) -> None:
    """Writes the whole file durably, or says what to do; FileExistsError."""
    try:
        files.write_new(path, [archive])
    except DiskFullError:
        raise StickFullError(path=path.parent, size=terminal.size(len(archive))) from None
    except CannotWriteError as error:
        raise NotWrittenError(path=path.parent, reason=error.details["reason"]) from None
    except FileExistsError:
        raise
    except OSError as error:  # a stick that is gone cannot even be cleaned
        raise NotWrittenError(path=path.parent, reason=reason(error)) from None


def _unwritten(vault: Vault) -> int | None:
    number: int | None = vault.value("SELECT min(number) FROM outbound WHERE written = 0")
    return number


def _size(contents: Sequence[Document]) -> int:
    return sum(len(document.data) for document in contents)


def _packed(packages: Sequence[Package]) -> Iterator[Document]:
    """Blobs before items: what an item tells of is there before it."""
    for package in packages:
        for name, blob in package.blobs:
            yield Document("blob", f"blobs/{name.hex()}", blob, package.office)
    for package in packages:
        yield Document("item", f"items/{package.id.hex()}", package.item, package.office, package.channel)


def _packages(archive: bytes) -> int:
    entries = BundleReader(BytesIO(archive)).manifest.entries
    return sum(entry.kind == "item" for entry in entries)


def _slot(data: bytes) -> Slot:
    return Slot(data[:HINT_SIZE], data[HINT_SIZE:])


def _archive(manifest: Outbound, contents: Sequence[Document], sign: SigningKey) -> Iterator[bytes]:
    data = {document.path: document.data for document in contents}
    return bundle.write(
        manifest,
        lambda entry, skip: iter([data[entry.path][skip:]]),
        lambda checksums: signed.sign(checksums, "bundle", sign),
    )
