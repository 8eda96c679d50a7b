"""What can be wrong with protocol data. A message never contains data; `kind` is what the vectors name."""

from typing import Literal

LogBreak = Literal["changed", "missing", "order", "cut", "end", "longer", "noted"]
"""An entry was changed, is missing, or stands elsewhere; the last line is missing or does not fit, or is not
the last; the noted head is not in the log."""


class ProtocolError(Exception):
    """Something is wrong with this data."""

    kind = "protocol"

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class MalformedError(ProtocolError):
    """The data does not have the shape that the protocol gives it."""

    kind = "malformed"


class CutShortError(MalformedError):
    """The data ends too early."""


class WrongVersionError(ProtocolError):
    """The data is of a version that this program does not know."""

    kind = "wrong-version"


class NotCanonicalError(ProtocolError):
    """The text is not in the one spelling that the protocol allows."""

    kind = "not-canonical"


class BadSignatureError(ProtocolError):
    """The signature does not belong to this text and key."""

    kind = "bad-signature"


class CannotOpenError(ProtocolError):
    """No key at hand opens this, or it was changed on the way."""

    kind = "cannot-open"


class CommitmentError(ProtocolError):
    """The item opens to a key that it was not sealed with."""

    kind = "commitment"


class WrongContextError(ProtocolError):
    """The content was made for another place: instance, office, channel or thread differ."""

    kind = "wrong-context"


class ExpiredError(ProtocolError):
    """The document's time is over."""

    kind = "expired"


class WrongEpochError(ProtocolError):
    """The document is for another week than this one."""

    kind = "wrong-epoch"


class WrongChecksumError(ProtocolError):
    """A part of the bundle is damaged: its checksum differs."""

    kind = "wrong-checksum"


class UnknownWordError(ProtocolError):
    """A word of the codename is on neither list, or there are not eight."""

    kind = "unknown-word"


class BrokenLogError(ProtocolError):
    """The log is not as it was written."""

    kind = "broken-log"

    def __init__(self, why: LogBreak, number: int) -> None:
        super().__init__()
        self.why = why
        self.number = number
        """Of the first entry that is not as it was written; for "noted", of the last entry."""
