"""What can go wrong with offices and dispositions. The docstring of an error is the sentence that the user
reads."""

from workstation.errors import StationError


class NoSuchOfficeError(StationError):
    """The registry has no office {office}. For the list: peluit station offices list"""


class OfficeExistsError(StationError):
    """The registry has an office {office} already. Nothing was changed."""


class BadOfficeError(StationError):
    """This office cannot be entered ({where}): {what}. Nothing was changed."""

    exit_code = 2


class BadOfficesFileError(StationError):
    """{path} is not a list of offices: {what}. Nothing was changed. It must be CSV with the columns \
{columns}, or JSON: a list of objects with these names."""

    exit_code = 2


class BadDirectoryFileError(StationError):
    """{path} is not a key directory, or was changed since its office signed it. Nothing was changed."""


class OwnDirectoryError(StationError):
    """This is the key directory of your own office, or of one with the same id. Nothing was changed."""


class DirectoryTakenError(StationError):
    """This key directory belongs to the office {office} of the registry. Nothing was changed."""


class OldDirectoryError(StationError):
    """This key directory (number {serial}) is older than the one that is here ({known}). \
Nothing was changed."""


class NotComparedError(StationError):
    """Those are not the digits of this key directory. Nothing was changed: ask the office for them again, \
by another way than the file came."""


class RevokedOfficeError(StationError):
    """The office {office} is revoked since {day}. Nothing was sent or taken."""


class NotEnrolledError(StationError):
    """The keys of the office {office} are not known here. Enrol it first, or hand over a letter on paper: \
--paper --to DIR"""


class NoteOfStateError(StationError):
    """A reason is needed: it stays in the registry."""

    exit_code = 2


class ReportedOfficeError(StationError):
    """{office} is the office that this case is about: what is forwarded would reach the reported side. \
Nothing was sent. Choose its supervisor or an office of oversight."""


class UnclassifiedError(StationError):
    """It is not written down yet which office this case is about. Classify the case first: without that \
nobody can tell whether {office} is the reported side."""


class NothingToForwardError(StationError):
    """Nothing is left to forward. Choose at least one answer or message, or write a text."""

    exit_code = 2


class NoSuchPieceError(StationError):
    """This case has no answer or message number {number} that could be forwarded."""

    exit_code = 2


class DueDayError(StationError):
    """The day by which the office must answer must lie after today, within two years."""

    exit_code = 2


class DispositionTooLongError(StationError):
    """The texts are too long for one disposition: {size} of {limit}. Shorten them, or leave some out."""


class OriginalNotConfirmedError(StationError):
    """That was not what had to be typed to pass an original on. Nothing was sent."""


class EvidenceTooLargeError(StationError):
    """Evidence {number} is too large to be passed on this way ({size}; up to {largest})."""


class NotADispositionError(StationError):
    """{path} holds no disposition for this office, or was cut off or changed. Nothing was taken."""


class UnknownSenderError(StationError):
    """This disposition is of an office that the registry does not know, or was not signed by it. Nothing \
was taken: enrol the office first."""


class ReplayedError(StationError):
    """This was taken in before. Nothing was taken again."""


class NotForThisCaseError(StationError):
    """Case {number} did not come from another office."""


class NoSuchDispositionError(StationError):
    """Case {case} has no disposition {number}."""


class AnsweredTwiceError(StationError):
    """The office's answer to this disposition is kept already."""


class NoPlaceError(StationError):
    """What goes to the office {office} is written into a file: name the folder with --to DIR"""

    exit_code = 2


class PaperOnlyError(StationError):
    """This cannot go that way: on paper go redacted texts only, and the right to reply to the reporter can \
be given only to an office on the same server."""

    exit_code = 2


class OldKeysError(StationError):
    """The keys of the office {office} that are here have run out. Ask it for its newest key directory, and \
enrol that."""


class CannotGrantError(StationError):
    """The name of the office {office} is too long for a right to reply. Forward the case without it."""


class NoRightToReplyError(StationError):
    """This case came from another office, without the right to reply to the reporter. Answer that office."""


class GrantEndedError(StationError):
    """The right to reply to this reporter ended on {day}. Answer the office that passed the case on: it can \
tell the reporter, or pass the case on anew."""


class PackageTooLargeError(StationError):
    """This is too large to go through the server at once ({size}; up to {limit}). Leave evidence out, or \
hand it over on a stick."""


class NotLawEnforcementError(StationError):
    """{office} is not entered as law enforcement. This package is for law enforcement only."""

    exit_code = 2


class NotAPackageNoteError(StationError):
    """This is no custody note of a package that a reviewer of this office signed as it stands."""


class NotSentError(StationError):
    """That was not what had to be typed. Nothing was sent."""


class DayTypedError(StationError):
    """{day} is no day. Write it as YYYY-MM-DD."""

    exit_code = 2
