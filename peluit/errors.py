"""What can go wrong on the command line; each docstring is the sentence that the person reads."""


class CommandError(Exception):
    """The command could not be carried out."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").format(*self.args)


class PortTakenError(CommandError):
    """Port {0} on this machine is used by another program. Stop it, or choose another: make run {1}=8710"""


class PortForbiddenError(CommandError):
    """Port {0} may not be used by this account. Choose one above 1023: make run {1}=8710"""


class SamePortError(CommandError):
    """Two programs were given port {0}. Each needs its own; plain make run takes 8700, 8701 and 8702"""


class NotUsableError(CommandError):
    """The folder {0} cannot be used: {1}. Mend that, or choose another: make run PELUIT_DEMO=/path"""


class OtherThingsThereError(CommandError):
    """The folder {0} holds other things. Choose an empty or a new one: make run PELUIT_DEMO=/path"""


class DemoDamagedError(CommandError):
    """The demo office in {0} is damaged. Remove that folder; make run then makes a new one."""


class OldDemoError(CommandError):
    """The demo office in {0} is of an earlier Peluit. Remove that folder; make run then makes a new one."""


class CannotUseError(CommandError):
    """{0} cannot be used: {1}."""


class CutOffError(CommandError):
    """Interrupted before the end. Repeat the command to begin anew."""


class DataThereError(CommandError):
    """The folder {0} already holds a server's data. Nothing was changed; choose an empty folder."""


class NoDataError(CommandError):
    """The folder {0} holds no server's data. Set it up first: peluit init --folder {0} --bundle FILE"""


class FileThereError(CommandError):
    """{0} is there already. Nothing was changed; choose another name, or move that file away."""


class OtherPlaceError(CommandError):
    """The no-script door is told the source app's address (--source), the other apps a folder (--folder)."""


class NotBuiltError(CommandError):
    """The reporter's page has not been built. Run: make install"""


class NoBundleError(CommandError):
    """The file {0} cannot be read. Copy the station's first bundle here and name it with --bundle."""


class ServerStoppedError(CommandError):
    """The {0} app stopped by itself (exit code {1}); so all are stopped. Nothing is lost; again: make run"""


class RefusedError(CommandError):
    """{0}"""


class NoDemoError(CommandError):
    """There is no demo office in {0} yet. Start it first: make run"""


class NotInstalledError(CommandError):
    """{0} is not installed here. A station has peluit station and peluit audit; the rest is the server's."""
