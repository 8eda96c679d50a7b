"""What the station adds to a message, locked beside it."""

from dataclasses import dataclass

from crypto import canonical
from crypto.constants import MAX_LIST, MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day, Fields, ReviewerId, identifier
from workstation.errors import VaultDamagedError


@dataclass(frozen=True)
class Meta:
    """What stands in a row of `messages` beside the document.

    `channel` and `recipients` are those under which the message was opened; `sequence` counts the messages of
    a case, `evidence` its evidence, both from 1 in the order of filing (0: no evidence); `directory` is the
    serial of the office's directory under which it was written, whose forms know what was asked.
    """

    received: Day
    channel: ChannelId
    recipients: tuple[ReviewerId, ...]
    sequence: int
    evidence: int
    directory: int


def write_meta(meta: Meta) -> bytes:
    """Canonical JSON, to be locked."""
    return canonical.dump(
        {
            "channel": meta.channel,
            "directory": meta.directory,
            "evidence": meta.evidence,
            "received": meta.received,
            "recipients": list(meta.recipients),
            "sequence": meta.sequence,
        }
    )


def read_meta(text: bytes) -> Meta:
    """What `write_meta` wrote; VaultDamagedError."""
    try:
        fields = Fields(canonical.parse(text))
        meta = Meta(
            received=fields.day("received"),
            channel=ChannelId(fields.id("channel")),
            recipients=fields.list_of("recipients", lambda value: ReviewerId(identifier(value)), 1, MAX_LIST),
            sequence=fields.integer("sequence", 1, MAX_U32),
            evidence=fields.integer("evidence", 0, MAX_U32),
            directory=fields.integer("directory", 1, MAX_U32),
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return meta
