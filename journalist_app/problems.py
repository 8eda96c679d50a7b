"""Why something that a person asked for was not done, in sentences that say what to do next."""

from collections.abc import Mapping
from typing import Final

from crypto.errors import MalformedError
from journalist_app.texts import N_, gettext
from store import errors
from store.errors import Weakness

_SAID: Final[Mapping[type[Exception], str]] = {
    MalformedError: N_("A name has 1 to 32 small letters, digits or hyphens, and no hyphen at either end."),
    errors.AccountExistsError: N_("There is somebody of this name already. Choose another name."),
    errors.NoSuchRoleError: N_("Choose one of the roles."),
    errors.OutOfRangeError: N_("Nothing was changed: write a number of days between the two limits."),
    errors.LastAdministratorError: N_(
        "Nothing was changed: an office needs an administrator who can sign in. Invite a second one first."
    ),
    errors.NoInvitationError: N_(
        "This invitation is not known, was used, or is too old. Compare the code, or ask for a new one."
    ),
}
_CONFIRM: Final = N_(
    "The passphrase or the code does not match. Nothing was changed. Wait for the next code: each works once."
)
_DIGITS: Final = N_("These six digits do not match. Wait for the next ones; check the phone's clock.")
_DIFFERENT: Final = N_("The two passphrases differ. Write the same one twice.")
_WEAK: Final[Mapping[Weakness, str]] = {
    "short": N_("This passphrase is too short. Take at least 12 characters, best five words."),
    "personal": N_("This passphrase holds your name or the office's. Others try these first."),
    "common": N_("Words or passphrases that many people use make this one easy to guess."),
    "keyboard": N_("Keys that lie side by side make this passphrase easy to guess."),
    "repeat": N_("The same letters or words again and again make this passphrase easy to guess."),
    "sequence": N_("Rows such as abc or 123 make this passphrase easy to guess."),
    "date": N_("Years and dates make this passphrase easy to guess."),
    "guessable": N_("A program would soon guess this passphrase."),
}


def of_error(error: Exception) -> str:
    """The sentence for an error that a person can mend."""
    if isinstance(error, errors.WeakPassphraseError):
        return gettext(_WEAK[error.weakness])
    return gettext(_SAID[type(error)])


def of_confirmation() -> str:
    """For passphrase and code that were asked again."""
    return gettext(_CONFIRM)


def of_digits() -> str:
    """For the first code of a new authenticator."""
    return gettext(_DIGITS)


def of_difference() -> str:
    """For a passphrase that was written twice."""
    return gettext(_DIFFERENT)
