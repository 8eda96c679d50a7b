"""Where the report stands, as steps: what was, what is now, what may still come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from source_app.noscript.replies import Reply
from source_app.noscript.texts import N_

STATUSES: Final = {
    "received": N_("Received"),
    "incomplete": N_("Needs completion"),
    "reviewing": N_("Under review"),
    "forwarded": N_("Forwarded"),
    "examining": N_("Under examination"),
    "on-hold": N_("On hold"),
    "answered": N_("Answered"),
    "closed-substantiated": N_("Closed: substantiated"),
    "closed-partly": N_("Closed: partly substantiated"),
    "closed-unsubstantiated": N_("Closed: not substantiated"),
    "closed-no-action": N_("Closed: not followed up"),
    "closed-forwarded": N_("Closed: forwarded"),
    "closed-answered": N_("Closed: answered"),
}

# The way that every report goes. Other states stand beside the second: what happens there stays coarse.
_WAY: Final = ("received", "reviewing", "answered")
_WAY_WORDS: Final = (*(STATUSES[status] for status in _WAY), N_("Closed"))


@dataclass(frozen=True)
class Step:
    """`words` are English, to be translated; `state` is done, now or ahead; `day` is empty if unknown."""

    words: str
    day: str
    state: str


def steps(replies: Sequence[Reply]) -> list[Step]:
    """The steps that these replies tell of, in order; none while the office has not named a state."""
    named = [(reply.status, reply.day) for reply in replies if reply.status is not None]
    told = [
        (status, day)
        for number, (status, day) in enumerate(named)
        if number == 0 or status != named[number - 1][0]
    ]
    if not told:
        return []
    return [
        Step(N_("Sent"), "", "done"),
        *(Step(STATUSES[status], day, "done") for status, day in told[:-1]),
        *(Step(STATUSES[status], day, "now") for status, day in told[-1:]),
        *(Step(words, "", "ahead") for words in _WAY_WORDS[_rank(told[-1][0]) + 1 :]),
    ]


def _rank(status: str) -> int:
    if status.startswith("closed-"):
        return len(_WAY)
    return _WAY.index(status) if status in _WAY else 1
