"""What can go wrong on the command line; each docstring is the sentence that the person reads."""


class CommandError(Exception):
    """The command could not be carried out."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").format(*self.args)


class PortTakenError(CommandError):
    """Port {0} on this machine is used by another program. Stop it, or choose another: make run {1}=8710"""


class NotWritableError(CommandError):
    """The folder {0} cannot be written to. Mend that, or choose another: make run PELUIT_DEMO=/path"""


class DataThereError(CommandError):
    """The folder {0} already holds a server's data. Nothing was changed; choose an empty folder."""


class NoDataError(CommandError):
    """The folder {0} holds no server's data. Set it up first: peluit init --folder {0} --bundle FILE"""


class NotBuiltError(CommandError):
    """The reporter's page has not been built. Run: make install"""


class NoBundleError(CommandError):
    """The file {0} cannot be read. Copy the station's first bundle here and name it with --bundle."""


class ServerStoppedError(CommandError):
    """{0} stopped by itself soon after its start (exit code {1}). Its own message stands above."""


class RefusedError(CommandError):
    """{0}"""


class PassphrasesDifferError(CommandError):
    """The two passphrases differ. Nothing was changed; try again."""


class NoDemoError(CommandError):
    """There is no demo office in {0} yet. Start it first: make run"""
