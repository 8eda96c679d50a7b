"""The head of a case: what the list of cases needs, locked under the case key."""

import json
from dataclasses import dataclass
from typing import Final

from crypto import canonical
from crypto.binding import b64
from crypto.constants import KEM_PUBLIC_SIZE, LANGUAGES, MAX_LIST, MAX_U32, STATUSES
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day, Fields, ReviewerId, identifier
from crypto.kem import RecipientKey
from crypto.message import Thread
from workstation.errors import VaultDamagedError

EXCERPT: Final = 200
"""Letters of a report that its head repeats."""


@dataclass(frozen=True)
class Head:
    """A case in short.

    `first` and `last` are days on which the server took something in; `answered` is how many messages there
    were at the time of the last reply; `excluded` is everybody whom any message excluded; `threats` counts
    the messages that tell of one. `excerpt` is the beginning of the report, in the reporter's words; `status`
    the last that was told, or empty.
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
    notes: int = 0
    answered: int = 0
    threats: int = 0
    excerpt: str = ""
    status: str = ""

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
            "excerpt": head.excerpt,
            "excluded": list(head.excluded),
            "first": head.first,
            "language": head.language,
            "last": head.last,
            "messages": head.messages,
            "notes": head.notes,
            "replies": head.replies,
            "status": head.status,
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
        # what this station locked needs no proof of its spelling, and a list reads a thousand heads
        fields = Fields(json.loads(text))
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
            notes=fields.integer("notes", 0, MAX_U32),
            answered=fields.integer("answered", 0, MAX_U32),
            threats=fields.integer("threats", 0, MAX_U32),
            excerpt=fields.text("excerpt", EXCERPT),
            status=fields.one_of("status", ("", *STATUSES)),
        )
        thread.end()
        fields.end()
    except (ProtocolError, ValueError, RecursionError):
        raise VaultDamagedError from None
    return head
