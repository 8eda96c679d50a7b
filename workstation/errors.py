"""What can go wrong on the station. The docstring of an error is the sentence that the user reads.

A sentence may name a path that the user gave, an id, a number or a day; never a secret and never anything
that a reporter wrote.
"""

from workstation.texts import _


class StationError(Exception):
    """Something went wrong on the station."""

    exit_code = 1

    def __init__(self, **details: object) -> None:
        super().__init__()
        self.details = details

    def __str__(self) -> str:
        return _(str(type(self).__doc__)).format(**self.details)


class UsageError(StationError):
    """The command is incomplete: {missing}."""

    exit_code = 2


class NoStationError(StationError):
    """There is no station in {folder}. Make one with: peluit station init"""


class StationExistsError(StationError):
    """{folder} is not empty. A new station needs a folder of its own; nothing was changed."""


class NotPrivateError(StationError):
    """Other users of this computer could open {path}. Close it first with: chmod -R go= {path}"""


class BusyError(StationError):
    """Another station command is at work in this folder, or its page is unlocked. Wait until it has ended, \
or lock the page."""


class UnknownReviewerError(StationError):
    """This station has no reviewer {reviewer}. It has: {known}"""

    exit_code = 2


class UnknownCustodianError(StationError):
    """This office has no identity custodian {custodian}. It has: {known}"""

    exit_code = 2


class WrongPassphraseError(StationError):
    """The passphrase of {owner} is wrong."""


class NoPassphraseError(StationError):
    """A passphrase for {owner} is needed: use a terminal, or --passphrase-file."""

    exit_code = 2


class DifferentPassphrasesError(StationError):
    """The two passphrases differ. Type it twice once more."""


class WeakPassphraseError(StationError):
    """The passphrase of {owner} is too easy to guess: {why}. Take at least {length} characters; five or six \
words drawn by lot are good."""


class KeyFileError(StationError):
    """The key file of {owner} is damaged or is not of this station. Restore it from the backup."""


class ParcelError(StationError):
    """The new keys that wait for {reviewer} are damaged or are not of this office. Restore the backup."""


class DirectoryError(StationError):
    """The station's own copy of the key directory is damaged or was not signed by this office."""


class VaultDamagedError(StationError):
    """The vault cannot be read: it is damaged, was changed, or is of another station. Restore the backup."""


class NewerVaultError(StationError):
    """This vault was made by a newer version of Peluit. Install that version."""


class DiskFullError(StationError):
    """The disk is full. Nothing is half done; make room and repeat the command."""


class FileTooLargeError(DiskFullError):
    """{path} is on a disk or stick that takes no file of this size (with FAT32 it is 4 GiB). \
Nothing was written: name a folder on this computer, or on a stick with exFAT."""


class CannotReadError(StationError):
    """{path} cannot be read: {reason}"""


class CannotWriteError(StationError):
    """{path} cannot be written: {reason}"""


class NoRoomError(DiskFullError):
    """{path} needs {need} of room on this computer's disk, more than there is. Nothing of it was taken: \
make room and repeat the command with the same files."""


class NoBundlesError(StationError):
    """In {path} there is no file named peluit-in-….tar. Name the folder or the files that hold bundles."""


class NotABundleError(StationError):
    """{path} is not a Peluit bundle, or was cut off at its very beginning."""


class DamagedBundleError(StationError):
    """{path} (bundle {number}, part {part}) is damaged at {entry}. Nothing was taken from it: \
download this part again, and carry only this one."""


class CutShortBundleError(DamagedBundleError):
    """{path} (bundle {number}, part {part}) ends too early: it was not copied whole. \
Nothing was taken from it: copy or download this part again."""


class StickGoneError(StationError):
    """{path} could not be read to its end: {reason}. Nothing of it was taken; \
what was taken before is safe. Put the stick in again and repeat the command with the same files."""


class ForeignBundleError(StationError):
    """{path} is for another office or another installation. Nothing was taken from it."""


class OutboundBundleError(StationError):
    """{path} goes from the station to the server. Choose one that came from the server."""


class OldBundleError(StationError):
    """{path} is bundle {number}, but {last} was imported before. If that is meant, add --out-of-order."""


class ReusedBundleError(StationError):
    """{path} has the name of a bundle that is here, but other contents. Nothing was taken from it."""


class WrongPartsError(StationError):
    """{path} does not fit the parts of bundle {number} that are here. Nothing was taken from it."""


class StickFullError(DiskFullError):
    """In {path} there is no room for the bundle ({size}). It is kept here: make room or take another stick, \
and repeat the command."""


class NotWrittenError(CannotWriteError):
    """The bundle could not be written to {path}: {reason}. It is kept here: repeat the command, \
with this stick or with another."""


class ChangedNotWrittenError(StationError):
    """The keys are changed. Only the bundle that tells the server is not on the stick yet: {why} \
Write it with: peluit station bundle"""


class LossesError(StationError):
    """{reviewer} alone can read {cases} cases and has not looked at {items} sealed items. \
Nothing was changed: let {reviewer} run open-waiting first and, if cases are theirs alone, replace \
themselves; or add --even-if-lost."""


class LeavingError(StationError):
    """A reviewer cannot remove themselves: another one does it, or they name who comes in their place."""

    exit_code = 2


class NoSuchCaseError(StationError):
    """There is no case {number} that you can read. For the list: peluit station cases"""


class ExcludedFromCaseError(StationError):
    """The reporter of case {number} wants that {reviewer} never reads it. Nothing was shared."""


class NotOfChannelError(StationError):
    """Case {number} came on a channel that {reviewer} does not read. Nothing was shared."""


class NoSuchEvidenceError(StationError):
    """Case {case} has no evidence {number}."""


class EvidenceMissingError(StationError):
    """The file of evidence {number} has not arrived yet. It comes with a later bundle."""


class EvidenceArrivingError(StationError):
    """Evidence of this case is still on its way: import the other parts of bundle {number} first."""


class NotConfirmedError(StationError):
    """That was not what had to be typed. Nothing was erased."""


class EvidenceUnreadableError(CannotReadError):
    """{path} cannot be read: {reason}. \
Import the bundle that brought it with --again, if it is still there."""


class EvidenceDamagedError(StationError):
    """Evidence {number} is damaged: {faults}. Nothing was written. \
Import its bundle with --again, if it is still there; or, to save the rest, add --incomplete."""


class EvidenceLostError(EvidenceDamagedError):
    """Nothing of evidence {number} can be opened: {faults}. Nothing was written. \
Import its bundle with --again, if it is still there."""


class NotAFolderError(StationError):
    """{path} is not a folder. Make it first, or name another."""


class EmptyReplyError(StationError):
    """A reply needs a text or a status."""

    exit_code = 2


class ReplyTextError(StationError):
    """The text of the reply holds characters that cannot be sent."""


class ReplyTooLongError(StationError):
    """The reply is too long: it fills more than {limit} slots, about 80,000 letters. Send it as several."""


class EmptyNoteError(StationError):
    """A note needs a text."""

    exit_code = 2


class NoteTextError(StationError):
    """The text of the note holds characters that cannot be kept."""


class NoteTooLongError(StationError):
    """The note is too long: it may have {limit} letters. Write it as several."""


class LogBrokenError(StationError):
    """The station's log is broken: entry {number} is not as it was written, or what stands before it. \
Change nothing, and make a copy of the station's folder for whoever looks into it."""


class LogCutError(StationError):
    """The numbers that were written down are nowhere in the {count} entries of this log: it was changed, \
or this station was copied back from a time before them."""


class AddressError(StationError):
    """This is no address of a drop box. It begins with http:// or https:// and has no other signs than \
letters, digits and . : / _ ~ -"""

    exit_code = 2


class NoWayBackError(StationError):
    """This report came without a way back: nobody can be told anything."""


class NoReplyKeyError(StationError):
    """This codename came with a reply key that is not usable: no reply can reach the reporter."""


class FileExistsAlreadyError(StationError):
    """{path} is there already and differs. It was left alone; nothing was written."""


class NoSuchBundleError(StationError):
    """This station has made no outbound bundle {number}."""


class BadPlanError(StationError):
    """The description of the office is not usable: {what}."""

    exit_code = 2


class BadFormsError(StationError):
    """The office's forms are not usable ({where}): {rule}."""

    exit_code = 2


class NotAStatementError(StationError):
    """This is not a statement of authorship, or not all of it. It begins with peluit-authorship-1: and \
nothing may stand before or behind it; compare it with the original letter by letter."""


class UnprovenStatementError(StationError):
    """The signature does not hold: a letter was copied wrongly, or it was changed. It proves nothing."""


class ForeignStatementError(StationError):
    """The signature holds, but the statement was made for another office or another installation."""


class NewerStatementError(StationError):
    """This statement was made by a newer version of Peluit. Install that version."""


class NotAShareError(StationError):
    """This is not a share of a backup key, or a word of it is wrong. A share has 33 words."""


class OtherSharesError(StationError):
    """These shares do not go together, or not with this backup: another key, or one came twice."""


class NotABackupError(StationError):
    """This is not a Peluit backup, or only its very beginning."""


class BackupDamagedError(StationError):
    """The backup is damaged or was cut off. Do not rely on it: make a new one, and keep an older one \
that opens."""


class BackupContentError(StationError):
    """The backup opens, but it does not hold what it should: {what}. Do not rely on it; make a new one."""


class NoTerminalError(StationError):
    """The shares of a backup key are shown one at a time, to be written on paper: use a terminal."""

    exit_code = 2


class ProgramsMissingError(StationError):
    """Nothing was opened: programs are missing that show files safely. Install them: \
sudo apt-get install {packages}"""


class NoSandboxError(StationError):
    """Nothing was opened: the sandbox (bubblewrap) cannot start here. The system must allow user \
namespaces: sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"""


class NotShownError(StationError):
    """This file could not be shown: {reason}. It may be damaged or hostile. The original is as it was."""


class TooLargeToShowError(StationError):
    """Evidence {number} is too large to be shown here ({size}; up to {largest}). It can be exported: \
peluit station evidence export"""


class NoSuchPageError(StationError):
    """There is no page {page}; this file has {pages}."""

    exit_code = 2


class NotCleanableError(StationError):
    """No cleaned copy can be made of this kind of file. Nothing was written."""


class NotACustodyNoteError(StationError):
    """This is not a custody note, or not all of it. A line of it begins with peluit-custody-1:"""


class UnprovenCustodyError(StationError):
    """The custody note proves nothing: no reviewer of this office signed it as it stands."""


class OtherFileError(StationError):
    """{path} is not the file of this custody note: its SHA-256 is {sha256}."""


class NoServerBackupError(StationError):
    """{path} is no backup of a server, or not its whole beginning. Its first 2 MB are enough."""


class OtherServerBackupError(StationError):
    """This backup is not for the station of {office}: it was made for another office or on another server."""


class ServerBackupLockedError(StationError):
    """The backup of {day} does not open for {reviewer}: the keys of its week are destroyed or came later, \
or it was changed."""
