"""The head of a case: what the list of cases needs, locked under the case key."""

from dataclasses import dataclass

from crypto import canonical
from crypto.binding import b64
from crypto.constants import KEM_PUBLIC_SIZE, LANGUAGES, MAX_LIST, MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day, Fields, ReviewerId, identifier
from crypto.kem import RecipientKey
from crypto.message import Thread
from workstation.errors import VaultDamagedError


@dataclass(frozen=True)
class Head:
    """A case in short.

    `first` and `last` are days on which the server took something in; `answered` is how many messages there
    were at the time of the last reply; `excluded` is everybody whom any message excluded; `threats` counts
    the messages that tell of one.
    """

    channel: ChannelId
    language: str
    thread: Thread
    excluded: tuple[ReviewerId, ...]
    first: Day
    last: Day
    messages: int = 0
    evidence: int = 0
    replies: int = 0
    answered: int = 0
    threats: int = 0

    @property
    def unanswered(self) -> bool:
        return self.answered < self.messages


def write_head(head: Head) -> bytes:
    """Canonical JSON, to be locked."""
    return canonical.dump(
        {
            "answered": head.answered,
            "channel": head.channel,
            "evidence": head.evidence,
            "excluded": list(head.excluded),
            "first": head.first,
            "language": head.language,
            "last": head.last,
            "messages": head.messages,
            "replies": head.replies,
            "threats": head.threats,
            "thread": {
                "hint": b64(head.thread.hint),
                "reply": b64(head.thread.reply),
                "verify": b64(head.thread.verify),
            },
        }
    )


def read_head(text: bytes) -> Head:
    """What `write_head` wrote; VaultDamagedError."""
    try:
        fields = Fields(canonical.parse(text))
        thread = Fields(fields.take("thread"))
        head = Head(
            channel=ChannelId(fields.id("channel")),
            language=fields.one_of("language", LANGUAGES),
            thread=Thread(
                thread.data("verify", 32),
                RecipientKey(thread.data("reply", KEM_PUBLIC_SIZE)),
                thread.data("hint", 32),
            ),
            excluded=fields.list_of("excluded", lambda value: ReviewerId(identifier(value)), 0, MAX_LIST),
            first=fields.day("first"),
            last=fields.day("last"),
            messages=fields.integer("messages", 0, MAX_U32),
            evidence=fields.integer("evidence", 0, MAX_U32),
            replies=fields.integer("replies", 0, MAX_U32),
            answered=fields.integer("answered", 0, MAX_U32),
            threats=fields.integer("threats", 0, MAX_U32),
        )
        thread.end()
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return head
