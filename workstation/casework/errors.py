"""What can go wrong in casework. The docstring of an error is the sentence that the user reads."""

from collections.abc import Iterable, Mapping
from typing import cast

from workstation.casework import titles
from workstation.errors import StationError
from workstation.texts import N_, _


class NoSuchArrowError(StationError):
    """The rules know no way from {start} to {end}."""

    def __str__(self) -> str:
        named = {name: titles.stage(str(value)) for name, value in self.details.items()}
        return _(str(type(self).__doc__)).format(**named)


class OnHoldError(StationError):
    """The case is on hold. End the pause first."""


class NotOpenError(StationError):
    """The case is closed, or goes with another one: there is nothing to pause."""


class NotOnHoldError(StationError):
    """The case is not on hold."""


class ReviewDayError(StationError):
    """The day on which somebody looks again is written YYYY-MM-DD, and lies after today, within a year."""


class ProposalOpenError(StationError):
    """A step that {by} proposed waits for a second person. It must be agreed to or declined first."""


class NoProposalError(StationError):
    """Nothing waits for a second person in this case."""


class OwnProposalError(StationError):
    """You proposed this step yourself: another reader of the case must agree."""


class NoSecondReaderError(StationError):
    """This step needs a second person, and nobody else reads this case. Hand it to a colleague first, or \
have a reviewer added."""


class OutcomeMissingError(StationError):
    """This step needs a result, one of: {known}"""

    def __str__(self) -> str:
        return _known(self, titles.OUTCOMES)


class ReasonMissingError(StationError):
    """This step needs a reason, one of: {known}"""

    def __str__(self) -> str:
        return _known(self, titles.REASONS)


class NotAskedError(StationError):
    """Something was named that this step does not take."""

    def __str__(self) -> str:
        return _(_NOT_ASKED[str(self.details["what"])])


class ReferenceMissingError(StationError):
    """This step needs the number of the letter that orders it or tells of it."""


class AnswerMissingError(StationError):
    """The reporter must be told why, in words, in the same step. No case ends without an answer."""


class ReopenedBeforeError(StationError):
    """The case was reopened on an objection before. Once more needs new facts."""


class FactMissingError(StationError):
    """Something is missing before this step."""

    def __str__(self) -> str:
        return _(_MISSING[str(self.details["need"])])


_MISSING = {
    "sheet": N_("The review sheet must be filled in before this step."),
    "supervised": N_("The review sheet says that this is no matter of supervision."),
    "unsupervised": N_("The review sheet does not say that this is no matter of supervision."),
    "target": N_(
        "It can be merged only into another open case, which everybody reads who reads this one: nobody may "
        "learn of a case that is not for them."
    ),
    "forwarded": N_("The case must be forwarded to an office first."),
    "package": N_("The package without identity must be made first."),
    "lessons": N_("Cause and improvement must be written down before the case is closed."),
    "quiet": N_("The reporter still has time to reply to the answer."),
    "apart": N_("It is closed and answered together with the case that it was merged into."),
}
_NOT_ASKED = {
    "outcome": N_("This step takes no result."),
    "target": N_("Only merging names another case."),
    "answer": N_("The reporter sees nothing of this step, and must not: leave the answer out."),
}


def _known(error: StationError, names: Mapping[str, str]) -> str:
    known = ", ".join(f"{_(names[name])} ({name})" for name in cast(Iterable[str], error.details["known"]))
    return _(str(type(error).__doc__)).format(known=known)


class WordsMissingError(StationError):
    """Something must be said in words: {what}."""


class WordsTooLongError(StationError):
    """These words are too long ({what}): at most {limit} characters."""


class WordsTextError(StationError):
    """These words hold characters that cannot be kept ({what}). Type them anew."""


class BadCategoriesError(StationError):
    """The categories are not usable ({where}): {rule}."""

    exit_code = 2


class UnknownCategoryError(StationError):
    """This office has no category {category} for such a case. It has: {known}"""

    exit_code = 2


class UnknownLevelError(StationError):
    """This office knows no level {level}. It knows: {known}"""

    exit_code = 2


class UnknownSectorError(StationError):
    """This office has no sector {sector}. It has: {known}"""

    exit_code = 2


class FamilyError(StationError):
    """A complaint has the family integrity or service, aspirations and requests for information have none."""

    exit_code = 2


class ConflictOfInterestError(StationError):
    """A conflict of interest that {reviewer} has declared concerns case {number}. Nothing was shared."""


class NobodyLeftError(StationError):
    """Nobody would be left to read this case. First hand it to a colleague who has no conflict of interest; \
if there is none, forward it to another office."""


class NoSuchDeclarationError(StationError):
    """You have declared no such conflict of interest. For the list: peluit station conflict list"""


class BadRoutingError(StationError):
    """The routing table is not usable: it is one JSON object of offices' ids, each with 1 to 32 different \
reviewers' ids."""

    exit_code = 2


class NotAReaderError(StationError):
    """{reviewer} does not read case {number}. Hand it over first: peluit station share {number} --with \
{reviewer}"""


class OnlyForYourselfError(StationError):
    """Nobody takes a case for themselves alone: a colleague who reads it has to do that."""


class BadSheetError(StationError):
    """The review sheet is not usable: {rule}."""

    exit_code = 2


class NoSuchItemError(StationError):
    """The action plan has no open item {number}."""


class ItemDayError(StationError):
    """The day until which something is to be done must not lie before today."""


class NotYourChannelError(StationError):
    """This office has no such channel, or you do not read it or exclude yourself. Somebody who reads the \
case must take it in."""


class ReceivedDayError(StationError):
    """The day of receipt must not lie in the future, nor more than {days} days back."""

    exit_code = 2


class IntakeLimitError(StationError):
    """What is taken in may have been received up to 1 to 3650 days ago."""

    exit_code = 2


class AnswersError(StationError):
    """The answers do not fit the form of this channel: {rule}."""

    exit_code = 2


class IdentifierError(StationError):
    """This could name the sender ({found}). Take it out: numbers and names of senders are not kept. If it \
is part of what is reported, say why it must stay."""

    exit_code = 2


class IntakeTextError(StationError):
    """The text holds characters that cannot be kept, or it is too long, about 130,000 letters."""


class NotAttachableError(StationError):
    """{path} cannot be attached: this office takes no files of this kind or size from anybody."""


class RetentionRulesError(StationError):
    """The rules of retention are not usable: the file is one JSON object with a rule for every result \
(for an example: peluit station retention show --json)."""

    exit_code = 2


class NotDueError(StationError):
    """Case {number} is not due to be destroyed: it is open, a case that goes with it is, or its time is not \
over."""


class LegalHoldError(StationError):
    """Case {number} is kept for a legal process. Nothing was destroyed."""


class NotHeldError(StationError):
    """No legal process holds case {number}."""


class NotACertificateError(StationError):
    """This is not a certificate of destruction, or not all of it. Its last line begins with \
peluit-destruction-1:"""


class UnprovenCertificateError(StationError):
    """The certificate proves nothing: no reviewer of this office signed it as it stands."""


class NoSuchCertificateError(StationError):
    """This station has made no certificate of destruction {number}."""


class TakenInMeanwhileError(StationError):
    """A case was filed since this form was opened. Look whether it is this one; if it is not, send the form \
again."""


class NoIdentityError(StationError):
    """There is no sealed identity in this case."""


class NoRequestError(StationError):
    """Nobody has asked for the identity in the last {days} days. One reader of the case asks, with a \
reason; another opens it."""


class OwnRequestError(StationError):
    """You asked for this identity yourself: another reader of the case must open it."""


class WrongCustodiansError(StationError):
    """This identity is opened by exactly {needed} of these custodians: {known}"""

    exit_code = 2


class CustodianKeyMissingError(StationError):
    """The key file of custodian {custodian} is not on this station. Restore it from a backup, or ask \
another custodian."""


class IdentityDamagedError(StationError):
    """The sealed identity does not open: it was made for other keys than those of these custodians, or it \
is damaged. Ask the reporter to leave it anew."""


class NothingChosenError(StationError):
    """No case was chosen."""

    exit_code = 2


class ShownOnTerminalError(StationError):
    """An identity is shown on a terminal only: without --json, and not into a file or another program."""

    exit_code = 2


class TrainingOfficeError(StationError):
    """One of both is an office for training, the other a real one: they have nothing to do with each \
other."""


class TrainingFolderError(StationError):
    """{path} is there already. Name a folder that does not exist yet."""
