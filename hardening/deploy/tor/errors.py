"""What can be wrong with what a torrc is made of; each docstring is the sentence that the person reads."""


class TorError(Exception):
    """tor cannot be set up so."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").format(*self.args)


class PathRefusedError(TorError):
    """tor's configuration cannot hold the path {0}: choose one from / on, of letters, digits, - _ . and /."""


class SocketTooLongError(TorError):
    """The path {0} is too long for a Unix socket (107 bytes at most). Choose a shorter one."""


class NoTorError(TorError):
    """tor is not installed here. Run: apt-get install tor"""


class ClientRefusedError(TorError):
    """It is no name for a client: use 1 to 32 small letters, digits and hyphens, a hyphen not first."""


class MalformedClientError(TorError):
    """It is not the one line that tor reads as a client's key."""


class ForeignFileError(TorError):
    """tor reads only files there whose names end in .auth."""


class WrongOwnerError(TorError):
    """It must belong to tor's user, with mode 0600, or tor cannot read it."""


class SameKeyError(TorError):
    """Somebody else has the same key: both would be one person."""


class AddressRefusedError(TorError):
    """That is no onion address: it has 56 letters and digits and ends in .onion. Copy it once more."""
