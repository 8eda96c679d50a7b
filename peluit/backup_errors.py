"""What can go wrong with backups and retiring; each docstring is the sentence that the person reads."""

from peluit.errors import CommandError


class NoInboxError(CommandError):
    """The inbox is not in {0}. If it is on a PostgreSQL server (PELUIT_INBOX), back it up there: pg_dump"""


class WhichOfficeError(CommandError):
    """Several offices share this server. Say whose station is to open the backup: --office {0}"""


class NoKeysError(CommandError):
    """{0} has published no keys that a backup could be sealed to. Import a bundle from its station first."""


class SameDiskError(CommandError):
    """{0} lies in the server's data, which a backup must outlive. Choose another disk or a stick."""


class NoRoomError(CommandError):
    """{0} has no room for the backup, which needs about {1}. Nothing half-written is left there."""


class NotABackupError(CommandError):
    """{0} is no backup of a Peluit server, or only its very beginning. Nothing was changed."""


class NewerBackupError(CommandError):
    """This backup was made by a newer Peluit. Install that version here, then repeat the command."""


class BackupDamagedError(CommandError):
    """The backup is damaged or was changed on the way. Nothing was restored; take an older one."""


class BackupCutError(CommandError):
    """The backup ends too early. Nothing was restored; copy the whole file, or take an older one."""


class NotACodeError(CommandError):
    """That is no opening code. It has eight groups of five digits; the station shows it: {0}"""


class OtherCodeError(CommandError):
    """That is not the opening code of this backup. See it at the station: {0}"""


class NotConfirmedError(CommandError):
    """That was not confirmed. Nothing was changed."""


class OtherContentError(CommandError):
    """The backup opens, but does not hold a server: {0}. Nothing was restored; take an older one."""


class NoTorError(CommandError):
    """The backup holds onion addresses, and {0} is not there. Set tor up first: peluit tor setup"""


class OnionThereError(CommandError):
    """{0} holds another address already. Stop tor, move that folder away, and repeat. Nothing was changed."""


class StillRunningError(CommandError):
    """The server is still running. Stop it first: systemctl stop peluit.target"""


class LeftBehindError(CommandError):
    """The keys are erased, but {0} files are left in {1}. Mend that, and repeat the command."""


class KeysLeftError(CommandError):
    """The keys could not be erased, and nothing else was: {0}. Mend that, and repeat the command."""
