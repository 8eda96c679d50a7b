"""What can go wrong with deadlines and working days. The docstring is the sentence that the user reads."""

from workstation.errors import StationError


class BadWorkdaysError(StationError):
    """The list of working days is not usable at {where}: {rule}. Nothing was changed."""


class BadPresetError(StationError):
    """The deadlines are not usable at {where}: {rule}. Nothing was changed."""


class UnknownPresetError(StationError):
    """There are no deadlines named {name}. There are: {known}"""

    exit_code = 2


class NotForCasesError(StationError):
    """These deadlines say nothing of cases. Choose others, or add some."""


class NothingToExtendError(StationError):
    """Nothing of this case can be extended: the office's deadlines give no extension for what runs now."""


class ExtendedBeforeError(StationError):
    """This case was extended before. The rules give one extension, not two."""


class TooLateToExtendError(StationError):
    """The day has passed ({day}): an extension must be written before it."""


class ExtensionOnHoldError(StationError):
    """The case is on hold, and its clock stands still. End the pause first."""
