"""The head of a case: what the list of cases needs, locked under the case key."""

import json
from dataclasses import dataclass
from typing import Final, cast

from crypto import canonical
from crypto.binding import b64
from crypto.constants import KEM_PUBLIC_SIZE, LANGUAGES, MAX_LIST, MAX_U32, STATUSES
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day, Fields, ReviewerId, identifier
from crypto.kem import RecipientKey
from crypto.message import Thread
from workstation.casework.stages import ARRIVALS, HOLD_REASONS, OUTCOMES, STAGES, Stage
from workstation.casework.tasks import TASKS
from workstation.errors import VaultDamagedError

EXCERPT: Final = 200
"""Letters of a report that its head repeats."""

_LONGEST_ID: Final = 32


@dataclass(frozen=True)
class Head:
    """A case in short.

    `first` and `last` are days on which the server took something in; `answered` is how many messages there
    were at the time of the last reply; `excluded` is everybody whom any message excluded; `threats` counts
    the messages that tell of one. `excerpt` is the beginning of the report, in the reporter's words; `status`
    the last that was told, or empty. `steps` counts those of casework; `stage`, `outcome` (once closed) and
    `held` (the reason of a pause, or empty) are what they come to, `due` the next day on which the rules want
    something, or empty, `task` what they want, and `counted` the rules by which this was counted, or empty
    if it must be counted again (timing/due.py). `proposed`: who proposed the move that waits for a second
    person, or empty; `into`: the case that it was merged into, or 0. `arrival`: how it came; `way_back`:
    whether a reply gets there.

    `office` and `category` are what it is about, by ids, or empty (review/classification.py); `assigned`:
    who handles it, or empty; `conflicted`: who declared a conflict of interest in this very case.
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
    steps: int = 0
    stage: Stage = "received"
    outcome: str = ""
    held: str = ""
    due: str = ""
    task: str = ""
    counted: str = ""
    proposed: str = ""
    into: int = 0
    arrival: str = "drop"
    way_back: bool = True
    office: str = ""
    category: str = ""
    urgent: bool = False
    assigned: str = ""
    conflicted: tuple[ReviewerId, ...] = ()

    @property
    def unanswered(self) -> bool:
        return self.way_back and self.answered < self.messages


def write_head(head: Head) -> bytes:
    """Canonical JSON, to be locked."""
    return canonical.dump(
        {
            "answered": head.answered,
            "arrival": head.arrival,
            "assigned": head.assigned,
            "category": head.category,
            "channel": head.channel,
            "conflicted": list(head.conflicted),
            "counted": head.counted,
            "due": head.due,
            "evidence": head.evidence,
            "excerpt": head.excerpt,
            "excluded": list(head.excluded),
            "first": head.first,
            "held": head.held,
            "into": head.into,
            "language": head.language,
            "last": head.last,
            "messages": head.messages,
            "notes": head.notes,
            "office": head.office,
            "outcome": head.outcome,
            "proposed": head.proposed,
            "replies": head.replies,
            "stage": head.stage,
            "status": head.status,
            "steps": head.steps,
            "task": head.task,
            "threats": head.threats,
            "thread": {
                "hint": b64(head.thread.hint),
                "reply": b64(head.thread.reply),
                "verify": b64(head.thread.verify),
            },
            "urgent": head.urgent,
            "way_back": head.way_back,
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
            steps=fields.integer("steps", 0, MAX_U32),
            stage=cast(Stage, fields.one_of("stage", STAGES)),
            outcome=fields.one_of("outcome", ("", *OUTCOMES)),
            held=fields.one_of("held", ("", *HOLD_REASONS)),
            due=fields.text("due", len("2000-01-01")),
            task=fields.one_of("task", ("", *TASKS)),
            counted=fields.text("counted", _LONGEST_ID),
            proposed=fields.text("proposed", _LONGEST_ID),
            into=fields.integer("into", 0, MAX_U32),
            arrival=fields.one_of("arrival", ARRIVALS),
            way_back=fields.take("way_back") is True,
            office=fields.text("office", _LONGEST_ID),
            category=fields.text("category", _LONGEST_ID),
            urgent=fields.take("urgent") is True,
            assigned=fields.text("assigned", _LONGEST_ID),
            conflicted=fields.list_of("conflicted", lambda value: ReviewerId(identifier(value)), 0, MAX_LIST),
        )
        thread.end()
        fields.end()
    except (ProtocolError, ValueError, RecursionError):
        raise VaultDamagedError from None
    return head
