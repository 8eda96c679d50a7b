"""An unlocked station: one reviewer's keys, the open vault, and what the office has signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nacl.public import PublicKey

from crypto.directory import Directory
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, ReviewerId
from crypto.item import Context
from workstation import changing, directories, files, identity, keyfile, parcels, staging, stationlog
from workstation.caselock import CaseKey
from workstation.changing import Change
from workstation.errors import DirectoryError, UnknownReviewerError
from workstation.files import alone
from workstation.head import Head
from workstation.identity import ReviewerKeys
from workstation.keyfile import Cost
from workstation.layout import Layout
from workstation.roster import Roster, read_roster
from workstation.stationlog import Act
from workstation.vault import Vault


@dataclass(frozen=True, repr=False)
class Station:
    """What every verb of the station works on.

    `opened`: the key and head of each case that was opened since the unlocking, with the row that they came
    from (cases.py), because a list of a thousand cases would otherwise open a thousand keys each time.
    """

    layout: Layout
    keys: ReviewerKeys
    vault: Vault
    directory: Directory
    roster: Roster
    opened: dict[int, tuple[tuple[bytes, bytes, bytes], CaseKey, Head]] = field(default_factory=dict)

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

    def directories(self) -> Iterator[Directory]:
        """Every directory at hand, the newest first."""
        names = [path.name for path in self.layout.directories.iterdir() if path.name.isdecimal()]
        for serial in sorted(map(int, names), reverse=True):
            found = self.directory_of(serial)
            if found is not None:
                yield found

    def context(self, channel: ChannelId) -> Context:
        """Where an item of this channel belongs."""
        return Context(self.keys.place.instance, self.keys.place.office, channel)

    def box(self, reviewer: ReviewerId) -> PublicKey:
        """The key to which case keys are sealed for a reviewer."""
        return self.roster.boxes[reviewer]

    def log(self, act: Act, subject: str = "") -> None:
        """Adds an act of the reviewer who is here to the station's log, in the transaction of the act."""
        stationlog.write(self.vault, self.keys.place.office, self.reviewer, act, subject)


@contextmanager
def unlock(folder: Path, reviewer: str, passphrase: str) -> Iterator[Station]:
    """Opens the station as one reviewer, for as long as the context lasts; ends imports that were cut off.

    NoStationError, NotPrivateError, BusyError, UnknownReviewerError, WrongPassphraseError, KeyFileError,
    ParcelError, VaultDamagedError, DirectoryError; DiskFullError: unlocking writes an entry in the log.
    """
    layout = Layout(folder)
    layout.check()
    with alone(layout.lock):
        changing.settle(layout)
        if reviewer not in layout.reviewer_ids():
            raise UnknownReviewerError(reviewer=reviewer, known=", ".join(layout.reviewer_ids()))
        keys = _keys(layout, ReviewerId(reviewer), passphrase)
        directory = _directory(layout.latest(layout.directories), keys)
        roster = read_roster(layout.latest(layout.rosters), keys.place)
        if set(roster.boxes) != {r.id for r in directory.office.reviewers}:
            raise DirectoryError
        vault = Vault(layout.vault, keys.vault)
        try:
            staging.recover(layout, vault)
            with vault.transaction():
                stationlog.write_once_a_day(vault, keys.place.office, keys.reviewer, "unlocked")
            yield Station(layout, keys, vault, directory, roster)
        finally:
            vault.close()


def public_directory(folder: Path) -> Directory:
    """The newest directory, checked only against the root key that it names itself: for `fingerprint`."""
    layout = Layout(folder)
    layout.check()
    document = layout.latest(layout.directories)
    try:
        return directories.read_unpinned(document)
    except ProtocolError:
        raise DirectoryError from None


def _keys(layout: Layout, reviewer: ReviewerId, passphrase: str) -> ReviewerKeys:
    """A reviewer's keys; those that came while the reviewer was away move into the key file."""
    untrusted_file = layout.reviewer_key(reviewer).read_bytes()
    keys = identity.open_reviewer(untrusted_file, reviewer, passphrase)
    if came := parcels.waiting(layout, reviewer):
        keys = parcels.open_all(layout, keys)
        with changing.change(layout) as change:
            rewrite_key(change, keys, passphrase, keyfile.cost_of(untrusted_file, reviewer))
            change.drop(*came)
    return keys


def rewrite_key(change: Change, keys: ReviewerKeys, passphrase: str, cost: Cost) -> None:
    """Puts a new key file into a change."""
    sealed = identity.seal_reviewer(keys, passphrase, cost)
    files.write_new(change.made.reviewer_key(keys.reviewer), [sealed])


def _directory(untrusted_document: bytes, keys: ReviewerKeys) -> Directory:
    try:
        directory = directories.read(untrusted_document, keys.place.root)
    except ProtocolError:
        raise DirectoryError from None
    if (directory.office.instance, directory.office.id) != (keys.place.instance, keys.place.office):
        raise DirectoryError
    return directory
