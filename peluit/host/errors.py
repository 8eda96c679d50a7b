"""What can go wrong on the host; each docstring is the sentence that the person reads."""

from peluit.errors import CommandError


class NotRootError(CommandError):
    """Only root can do this. Run it again with sudo in front."""


class NotDebianError(CommandError):
    """This is not Debian 12, for which all of this was made. Nothing was changed."""


class SshUnknownError(CommandError):
    """Say how you come in, or the firewall locks you out: --ssh-port 22, or --no-ssh. Nothing was done."""


class SshInUseError(CommandError):
    """You came in over ssh: --no-ssh would lock you out. Take --ssh-port {0} instead. Nothing was changed."""


class NotBuiltHereError(CommandError):
    """{0} is missing here. Run this from the folder that Peluit came in, after: make install"""


class StepFailedError(CommandError):
    """{0}: {1} What was done before stays; mend this and run the same command again."""


class NotInstalledHereError(CommandError):
    """Nothing was installed here by peluit host install (there is no {0})."""
