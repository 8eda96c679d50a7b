"""The offices' published keys as files: whole directories for ourselves, weekly slices for browsers."""

import secrets
from collections.abc import Mapping
from functools import lru_cache

from crypto import calendar
from crypto.directory import Directory, Slice, read_directory, read_slice
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import Day, Epoch
from store import publication
from store.errors import NoDirectoryError, NoSuchOfficeError, OldSerialError
from store.files import read_quietly
from store.layout import Layout
from store.site import Site, SiteOffice


class Directories:
    """The directories of a site's offices, each under the root key that the site file pins.

    Errors: NoSuchOfficeError, NoDirectoryError; publishing also OldSerialError, StorageFullError and any
    ProtocolError about what the station brought.
    """

    def __init__(self, layout: Layout, site: Site) -> None:
        self._layout = layout
        self._site = site

    def publish(
        self, office: str, untrusted_directory: bytes, untrusted_slices: Mapping[Epoch, bytes]
    ) -> Directory:
        """Publishes a directory that the office's root key signed, with a slice for each of its epochs."""
        directory = self.verify(office, untrusted_directory, untrusted_slices)
        files = {f"slices/{epoch}": document for epoch, document in untrusted_slices.items()}
        edition = f"{directory.office.serial}-{secrets.token_hex(8)}"
        folder = self._layout.directory(directory.office.id)
        publication.publish(folder, edition, {"directory": untrusted_directory} | files)
        return directory

    def verify(
        self, office: str, untrusted_directory: bytes, untrusted_slices: Mapping[Epoch, bytes]
    ) -> Directory:
        """The directory that `publish` would publish; the same errors, and nothing changes."""
        known = self._office(office)
        directory = read_directory(untrusted_directory, known.root)
        if directory.office.instance != self._site.instance or directory.office.id != known.id:
            raise WrongContextError
        if directory.office.serial < self.serial(office):
            raise OldSerialError
        if set(untrusted_slices) != set(directory.epochs):
            raise MalformedError
        for epoch, document in untrusted_slices.items():
            _check_slice(read_slice(document, known.root), directory, epoch)
        return directory

    def directory(self, office: str) -> Directory:
        """The published directory of an office."""
        known = self._office(office)
        edition = publication.current(self._layout.directory(known.id))
        if edition is None:
            raise NoDirectoryError
        try:
            return _read(self._layout, known.id, edition, known.root)
        except FileNotFoundError:
            raise NoDirectoryError from None

    def serial(self, office: str) -> int:
        """The serial of the published directory, 0 before the first."""
        try:
            return self.directory(office).office.serial
        except NoDirectoryError:
            return 0

    def slice(self, office: str, on: Day) -> bytes:
        """The signed slice of the epoch that holds this day."""
        known = self._office(office)
        folder = self._layout.directory(known.id)
        edition = publication.current(folder)
        if edition is None:
            raise NoDirectoryError
        try:
            return read_quietly(folder / edition / "slices" / str(calendar.epoch_of(on)))
        except FileNotFoundError:
            raise NoDirectoryError from None

    def edition(self, office: str) -> str | None:
        """The name of what is published for an office, another one each time; None before the first."""
        return publication.current(self._layout.directory(self._office(office).id))

    def slices(self, office: str, edition: str) -> dict[Epoch, bytes]:
        """The signed slices of an edition; NoDirectoryError when it has gone."""
        folder = self._layout.directory(self._office(office).id) / edition / "slices"
        try:
            return {Epoch(int(path.name)): read_quietly(path) for path in folder.iterdir()}
        except FileNotFoundError:
            raise NoDirectoryError from None

    def _office(self, office: str) -> SiteOffice:
        known = self._site.office(office)
        if known is None:
            raise NoSuchOfficeError
        return known


# An edition never changes, so that its name is a safe key; verifying one takes milliseconds.
@lru_cache(maxsize=64)
def _read(layout: Layout, office: str, edition: str, root: bytes) -> Directory:
    return read_directory(read_quietly(layout.directories / office / edition / "directory"), root)


def _check_slice(found: Slice, directory: Directory, epoch: Epoch) -> None:
    whole, part = directory.office, found.office
    if found.epoch != epoch or found.keys != directory.epochs[epoch]:
        raise WrongContextError
    if (whole.instance, whole.id, whole.names, whole.serial) != (
        part.instance,
        part.id,
        part.names,
        part.serial,
    ):
        raise WrongContextError
    if (whole.channels, whole.reviewers) != (part.channels, part.reviewers):
        raise WrongContextError
