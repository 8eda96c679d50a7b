"""What can go wrong with stored things. A message never contains data."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

Weakness = Literal["short", "personal", "common", "keyboard", "repeat", "sequence", "date", "guessable"]
"""What makes a passphrase easy to guess."""

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class StoreError(Exception):
    """Something is wrong with the store."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class StorageFullError(StoreError):
    """There is no room left for this on the disk."""


class UnknownInboxError(StoreError):
    """PELUIT_INBOX names no kind of inbox that this program knows."""


class InboxAddressError(StoreError):
    """PELUIT_INBOX is no address of a PostgreSQL server, or says more than where it is: docs/scale-out.md."""


class UnreachableError(StoreError):
    """The inbox's server cannot be reached, or the connection to it broke."""


class BusyError(StoreError):
    """Another process has used the database for too long."""


class VanishedError(StoreError):
    """The unfinished blob was finished, dropped or expired in the middle of the request."""


class WrongKeyError(StoreError):
    """The database does not open with this key, or it is damaged."""


class NewerDatabaseError(StoreError):
    """The database was made by a newer version of this program."""


class ConflictError(StoreError):
    """The row contradicts a rule of its table, or one that is there already."""


class BrokerAwayError(StoreError):
    """The program that keeps the inbox does not answer: is peluit-inbox.service running?"""


class ForbiddenError(StoreError):
    """This side of the store must not do that."""


class PragmaError(StoreError):
    """The database library does not take a setting that privacy depends on."""


class KeyFileExistsError(StoreError):
    """The key file is there already; a key is never overwritten."""


class KeyFileMissingError(StoreError):
    """The key file is missing."""


class KeyFileModeError(StoreError):
    """Others than its owner and group can read the key file; its mode must be 0600, or 0640 for a group."""


class KeyFileSizeError(StoreError):
    """The key file is not 32 bytes long."""


class SiteExistsError(StoreError):
    """The site file is there already; it is written once."""


class NoSiteError(StoreError):
    """The site file is missing or damaged: run `peluit init` first."""


class NoSuchOfficeError(StoreError):
    """There is no such office on this server."""


class NoDirectoryError(StoreError):
    """The office has no published keys for this week."""


class OldSerialError(StoreError):
    """The directory is older than the one that is published."""


class NoSuchBundleError(StoreError):
    """There is no such bundle, or it was acknowledged and erased."""


class NoSuchItemError(StoreError):
    """There is no such item, or it was erased."""


class NoSuchPageError(StoreError):
    """The board has no such page."""


class TextOnlyError(StoreError):
    """There is no room for more files now; text is still taken."""


class BadPieceError(StoreError):
    """The body is not a whole number of pieces, or begins beyond the blob's end."""


class TooLongError(StoreError):
    """The body holds more pieces than one request may, or goes beyond the blob's end."""


class CompleteError(StoreError):
    """The blob is complete already."""


class IncompleteError(StoreError):
    """Some pieces of the blob are missing."""


@contextmanager
def full_disk() -> Iterator[None]:
    """Turns the system's refusal to write more into StorageFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFullError from None
        raise


class NoMatchError(StoreError):
    """The name, the passphrase or the code does not match."""


class AccountExistsError(StoreError):
    """There is an account of this name already."""


class NoSuchAccountError(StoreError):
    """There is no such account in this office."""


class NoSuchRoleError(StoreError):
    """There is no such role here."""


class LastAdministratorError(StoreError):
    """An office keeps at least one administrator who can sign in."""


class NoInvitationError(StoreError):
    """There is no such invitation, it was used, or its last day is over."""


class WeakPassphraseError(StoreError):
    """The passphrase is easy to guess: take five words that nobody would expect."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__()
        self.weakness = weakness


class OutOfRangeError(StoreError):
    """A number of days lies outside what may be chosen."""


class BundleTakenError(StoreError):
    """This bundle from the station was taken already."""


class OlderBundleTakenError(StoreError):
    """A bundle with this or a higher number was taken already."""


class ManyPackagesTakenError(StoreError):
    """The office has sent other offices as much as it may on one day."""
