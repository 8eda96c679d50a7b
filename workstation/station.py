"""An unlocked station: one reviewer's keys, the open vault, and what the office has signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nacl.public import PublicKey

from crypto.directory import Directory, read_directory, root_of
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, ReviewerId
from crypto.item import Context
from workstation import identity, staging
from workstation.errors import DirectoryError, UnknownReviewerError
from workstation.files import alone
from workstation.identity import ReviewerKeys
from workstation.layout import Layout
from workstation.roster import Roster, read_roster
from workstation.vault import Vault


@dataclass(frozen=True, repr=False)
class Station:
    """What every verb of the station works on."""

    layout: Layout
    keys: ReviewerKeys
    vault: Vault
    directory: Directory
    roster: Roster

    @property
    def reviewer(self) -> ReviewerId:
        return self.keys.reviewer

    def recipients(self, channel: str) -> tuple[ReviewerId, ...] | None:
        """A channel's recipients, or None if the office has no such channel."""
        found = self.directory.office.channel(channel)
        return None if found is None else found.recipients

    def directory_of(self, serial: int) -> Directory | None:
        """The directory with this serial, if it is at hand and the office signed it."""
        if serial == self.directory.office.serial:
            return self.directory
        try:
            return _directory((self.layout.directories / str(serial)).read_bytes(), self.keys)
        except (OSError, DirectoryError):
            return None

    def context(self, channel: ChannelId) -> Context:
        """Where an item of this channel belongs."""
        return Context(self.keys.place.instance, self.keys.place.office, channel)

    def box(self, reviewer: ReviewerId) -> PublicKey:
        """The key to which case keys are sealed for a reviewer."""
        return self.roster.boxes[reviewer]


@contextmanager
def unlock(folder: Path, reviewer: str, passphrase: str) -> Iterator[Station]:
    """Opens the station as one reviewer, for as long as the context lasts; ends imports that were cut off.

    NoStationError, NotPrivateError, BusyError, UnknownReviewerError, WrongPassphraseError, KeyFileError,
    VaultDamagedError, DirectoryError.
    """
    layout = Layout(folder)
    layout.check()
    if reviewer not in layout.reviewer_ids():
        raise UnknownReviewerError(reviewer=reviewer, known=", ".join(layout.reviewer_ids()))
    who = ReviewerId(reviewer)
    with alone(layout.lock):
        keys = identity.open_reviewer(layout.reviewer_key(who).read_bytes(), who, passphrase)
        directory = _directory(layout.latest(layout.directories), keys)
        roster = read_roster(layout.latest(layout.rosters), keys.place)
        if set(roster.boxes) != {r.id for r in directory.office.reviewers}:
            raise DirectoryError
        vault = Vault(layout.vault, keys.vault)
        try:
            staging.recover(layout, vault)
            yield Station(layout, keys, vault, directory, roster)
        finally:
            vault.close()


def public_directory(folder: Path) -> Directory:
    """The newest directory, checked only against the root key that it names itself: for `fingerprint`."""
    layout = Layout(folder)
    layout.check()
    document = layout.latest(layout.directories)
    try:
        return read_directory(document, root_of(document))
    except ProtocolError:
        raise DirectoryError from None


def _directory(untrusted_document: bytes, keys: ReviewerKeys) -> Directory:
    try:
        directory = read_directory(untrusted_document, keys.place.root)
    except ProtocolError:
        raise DirectoryError from None
    if (directory.office.instance, directory.office.id) != (keys.place.instance, keys.place.office):
        raise DirectoryError
    return directory
