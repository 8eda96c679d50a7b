"""What can go wrong with tor on the server; each docstring is the sentence that the person reads."""

from peluit.errors import CommandError


class NotRootError(CommandError):
    """Only root may set up tor on this host. Run it with sudo; --to FOLDER writes elsewhere."""


class TorWarnsError(CommandError):
    """tor does not take the configuration without a warning; nothing was changed. It says: {0}"""


class InstanceRefusedError(CommandError):
    """tor-instance-create could not make the instance. It says: {0}"""


class NoOnionError(CommandError):
    """{0} holds no onion service of Peluit. Set it up first: peluit tor setup"""


class NoAddressError(CommandError):
    """tor has not made the address of {0} yet. Start it first: systemctl restart tor@peluit"""


class ClientThereError(CommandError):
    """{0} has a key already. Revoke it first, or choose another name, also for a second browser."""


class NoClientError(CommandError):
    """There is no client {0}. See them all: peluit tor client list"""


class ClientsDamagedError(CommandError):
    """The clients' folder would not keep strangers out. Run: peluit tor client repair. What is wrong: {0}"""


class NoSystemdError(CommandError):
    """Here tor is not run by systemd. Run: {0}"""


class SystemdRefusedError(CommandError):
    """systemd could not do that. See why: systemctl status tor@peluit; then run: {0}"""
