"""What an office's bundle brings for other offices of this server: put into their inboxes as if it had come
from a reporter (docs/protocol.md section 10.1).

The server checks what it checks of a reporter's items: the shape, the week, and for how many readers. What
does not pass is left out and counted; the sender's station notices that no receipt comes back.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from crypto import calendar
from crypto.blob import BlobId, padded_size
from crypto.constants import HASH_SIZE, MAX_PIECES, PIECE_SIZE
from crypto.errors import ProtocolError
from crypto.fields import OfficeId
from crypto.item import SealedItem, item_id, read_shape
from crypto.manifest import Entry
from journalist_app.errors import NoRoomForPackagesError
from journalist_app.outbound import UntrustedBundle
from journalist_app.parts import Parts
from store.errors import CompleteError, NoDirectoryError, NoSuchOfficeError, TextOnlyError
from store.incoming import TICKET_DAYS, Upload

_RUN: Final = PIECE_SIZE * MAX_PIECES


@dataclass(frozen=True)
class Package:
    """A sealed thing that can be delivered to `office`, which is not the bundle's own."""

    office: OfficeId
    entry: Entry


@dataclass(frozen=True)
class Packages:
    """What a bundle brings for others: what can be delivered, and how many items and files cannot."""

    good: tuple[Package, ...]
    refused: int

    @property
    def counts(self) -> dict[OfficeId, int]:
        """How many items go to which office."""
        return dict(sorted(Counter(each.office for each in self.good if each.entry.kind == "item").items()))


def brought(untrusted_bundle: UntrustedBundle) -> int:
    """How many items it brings for other offices, deliverable or not."""
    return sum(entry.kind == "item" for entry in untrusted_bundle.manifest.entries)


def look(parts: Parts, untrusted_bundle: UntrustedBundle) -> Packages:
    """What `deliver` would do, after the same checks; NoRoomForPackagesError."""
    documents = untrusted_bundle.documents
    sealed = [
        Package(entry.office, entry)
        for entry in untrusted_bundle.manifest.entries
        if entry.office is not None and _fits(parts, entry, documents[entry.path])
    ]
    # A file of which no letter tells would lie there for ever.
    written_to = {each.office for each in sealed if each.entry.kind == "item"}
    good = tuple(each for each in sealed if each.office in written_to)
    try:
        for each in good:
            if each.entry.kind == "blob":
                parts.uploads.check_room(_upload(parts, each), parts.today())
    except TextOnlyError:
        raise NoRoomForPackagesError from None
    everything = sum(entry.office is not None for entry in untrusted_bundle.manifest.entries)
    return Packages(good, everything - len(good))


def deliver(parts: Parts, checked_bundle: UntrustedBundle, packages: Packages) -> None:
    """Puts the good ones into the inboxes, files first; what is there already stays as it is."""
    for each in packages.good:
        data = checked_bundle.documents[each.entry.path]
        if each.entry.kind == "blob":
            _deliver_blob(parts, _upload(parts, each), data)
        elif each.entry.channel is not None:
            parts.writer.add_item(
                each.office, each.entry.channel, parts.today(), _no_deletion(), SealedItem(data)
            )


def _deliver_blob(parts: Parts, upload: Upload, data: bytes) -> None:
    today = parts.today()
    try:
        if not parts.uploads.have(upload).complete:
            for start in range(0, len(data), _RUN):
                run = data[start : start + _RUN]
                parts.uploads.put(upload, start // PIECE_SIZE, BytesIO(run).read, len(run), today)
        parts.uploads.finish(upload, _no_deletion(), today)
    except CompleteError:
        return  # a file of another size has this name: the first that came stays, as with reporters
    except TextOnlyError:
        raise NoRoomForPackagesError from None


def _fits(parts: Parts, entry: Entry, data: bytes) -> bool:
    """Whether the source app would take this from a reporter, under the name that it has here."""
    if entry.kind == "blob":
        return padded_size(len(data)) is not None
    try:
        found = parts.directories.directory(str(entry.office)).office
        shape = read_shape(data)
    except (NoSuchOfficeError, NoDirectoryError, ProtocolError):
        return False
    channel = found.channel(str(entry.channel))
    return (
        channel is not None
        and len(shape.stanzas) == len(channel.recipients)
        and abs(shape.epoch - calendar.epoch_of(parts.today())) <= 1
        and item_id(data).hex() == entry.name
    )


def _upload(parts: Parts, package: Package) -> Upload:
    padded = padded_size(package.entry.size) or 0
    blob = BlobId(bytes.fromhex(package.entry.name))
    return Upload(package.office, blob, padded, calendar.add_days(parts.today(), TICKET_DAYS))


def _no_deletion() -> bytes:
    """In the place of a deletion token's hash: nobody can take it back."""
    return secrets.token_bytes(HASH_SIZE)
