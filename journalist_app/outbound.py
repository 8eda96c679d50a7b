"""A bundle from the station, read and checked before anything of it is used (docs/protocol.md section 10)."""

from dataclasses import dataclass
from typing import BinaryIO, Final

from crypto import board, bundle, signed, training
from crypto.board import Slot
from crypto.constants import HINT_SIZE, PAGE_SLOTS, SLOT_SIZE
from crypto.directory import Directory, read_directory, root_of
from crypto.errors import (
    BadSignatureError,
    CutShortError,
    ProtocolError,
    WrongContextError,
    WrongVersionError,
)
from crypto.fields import Epoch
from crypto.manifest import Inbound, Outbound, check_office, in_order
from journalist_app.errors import (
    BrokenDirectoryError,
    CutShortBundleError,
    DamagedBundleError,
    ForeignBundleError,
    ForeignDirectoryError,
    InboundBundleError,
    NoDirectoryInBundleError,
    NotABundleError,
    OlderDirectoryError,
    OtherVersionError,
    StrangerError,
    TrainingBundleError,
)
from store.directories import Directories
from store.errors import NoDirectoryError, OldSerialError
from store.site import Site, SiteOffice

DIRECTORY: Final = "directory"
SLOTS: Final = "slots"

_PAGE: Final = (HINT_SIZE + SLOT_SIZE) * PAGE_SLOTS


@dataclass(frozen=True)
class UntrustedBundle:
    """A whole bundle whose checksums fit it; nobody has looked at the signatures yet."""

    manifest: Outbound
    documents: dict[str, bytes]
    checksums: bytes

    @property
    def slices(self) -> dict[Epoch, bytes]:
        """The slices by epoch."""
        entries = (entry for entry in self.manifest.entries if entry.kind == "slice")
        return {Epoch(int(entry.name)): self.documents[entry.path] for entry in entries}

    @property
    def slots(self) -> tuple[Slot, ...]:
        return board.read_slots(self.documents.get(SLOTS, b""))


def read(untrusted_file: BinaryIO) -> UntrustedBundle:
    """Reads the file to its end.

    NotABundleError, InboundBundleError, OtherVersionError, DamagedBundleError (also CutShortBundleError).
    """
    reader = _open(untrusted_file)
    manifest = reader.manifest
    if isinstance(manifest, Inbound):
        raise InboundBundleError
    documents: dict[str, bytes] = {}
    try:
        for entry, pieces in reader.entries():
            documents[entry.path] = b"".join(pieces)
    except CutShortError:
        raise CutShortBundleError(reader.place) from None
    except ProtocolError:
        raise DamagedBundleError(reader.place) from None
    kinds = [entry.kind for entry in manifest.entries]
    if not in_order(manifest) or (DIRECTORY not in kinds and "slice" in kinds):
        raise BrokenDirectoryError
    if len(documents.get(SLOTS, b"")) % _PAGE:
        raise DamagedBundleError(SLOTS)
    return UntrustedBundle(manifest, documents, reader.checksums)


def check_place(untrusted_bundle: UntrustedBundle, site: Site, office: SiteOffice) -> None:
    """ForeignBundleError unless the bundle is for this office of this server."""
    try:
        check_office(untrusted_bundle.manifest, site.instance, office.id)
    except WrongContextError:
        raise ForeignBundleError from None


def check_signatures(untrusted_bundle: UntrustedBundle, directories: Directories) -> Directory | None:
    """Whether a reviewer signed the bundle, who stands in the directory it brings, else in the published one.

    Gives the directory it brings. StrangerError, ForeignDirectoryError, OlderDirectoryError,
    BrokenDirectoryError, NoDirectoryInBundleError.
    """
    manifest = untrusted_bundle.manifest
    brought = _brought(untrusted_bundle, directories)
    try:
        directory = brought or directories.directory(manifest.office)
    except NoDirectoryError:
        raise NoDirectoryInBundleError from None
    reviewer = directory.office.reviewer(manifest.reviewer)
    if reviewer is None:
        raise StrangerError
    try:
        signed.check_signature(untrusted_bundle.checksums, "bundle", reviewer.sign)
    except BadSignatureError:
        raise StrangerError from None
    return brought


def first_site(untrusted_bundle: UntrustedBundle) -> Site:
    """The site that a new server's first bundle makes, if a person finds its root key's fingerprint right.

    NoDirectoryInBundleError, ForeignDirectoryError, BrokenDirectoryError, TrainingBundleError.
    """
    document = untrusted_bundle.documents.get(DIRECTORY)
    if document is None:
        raise NoDirectoryInBundleError
    try:
        office = read_directory(document, root_of(document)).office
    except (BadSignatureError, WrongContextError):
        raise ForeignDirectoryError from None
    except ProtocolError:
        raise BrokenDirectoryError from None
    if training.is_training(office.instance):
        raise TrainingBundleError
    return Site(office.instance, (SiteOffice(office.id, office.names, office.root),))


def _brought(untrusted_bundle: UntrustedBundle, directories: Directories) -> Directory | None:
    document = untrusted_bundle.documents.get(DIRECTORY)
    if document is None:
        return None
    try:
        return directories.verify(untrusted_bundle.manifest.office, document, untrusted_bundle.slices)
    except OldSerialError:
        raise OlderDirectoryError from None
    except (BadSignatureError, WrongContextError):
        raise ForeignDirectoryError from None
    except ProtocolError:
        raise BrokenDirectoryError from None


def _open(untrusted_file: BinaryIO) -> bundle.BundleReader:
    try:
        return bundle.BundleReader(untrusted_file)
    except WrongVersionError:
        raise OtherVersionError from None
    except ProtocolError as error:
        name = bundle.MANIFEST.encode() + b"\0"
        untrusted_file.seek(0)
        if untrusted_file.read(len(name)) != name:
            raise NotABundleError from None
        kind = CutShortBundleError if isinstance(error, CutShortError) else DamagedBundleError
        raise kind(bundle.MANIFEST) from None
