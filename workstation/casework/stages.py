"""The stages of a case and the arrows between them, as the office's rules have them: pure data and rules.

```
received ─► verification ─┬─► incomplete ─► verification, closed (incomplete)
                          ├─► not-competent (2) ─► forwarded ─► closed (forwarded)
                          ├─► merged ─► closed, with the case that it was merged into
                          ├─► closed (archived) (2)
                          └─► review ─┬─► no-action (2) ─► closed (no-action)
                                      ├─► disposition ─► office-handling ─► answered ─► closed (answered)
                                      └─► clarification ─┬─► no-action (2)
                                                         └─► examination ─┬─► result ─────┐
                                                                          └─► handed-over ┤
closed ─► reopened ─► review                closed (outcome of result) ◄─ follow-up ◄─────┘
any open stage ◄─► on hold, with a reason and a day on which somebody looks again
```

(2): a second person who reads the case must agree. Every arrow into `closed` needs an answer to the reporter.
Source: requirement R11; docs/casework.md draws it with the Indonesian names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Stage = Literal[
    "received",
    "verification",
    "incomplete",
    "not-competent",
    "forwarded",
    "merged",
    "review",
    "no-action",
    "disposition",
    "office-handling",
    "answered",
    "clarification",
    "examination",
    "result",
    "handed-over",
    "follow-up",
    "closed",
    "reopened",
]
Outcome = Literal[
    "incomplete",
    "forwarded",
    "archived",
    "no-action",
    "answered",
    "substantiated",
    "partly",
    "unsubstantiated",
    "handed-over",
]
HoldReason = Literal["awaiting-office", "awaiting-reporter", "awaiting-budget", "legal-process"]
Reopening = Literal["objection", "new-facts"]
Closing = Literal["accepted", "silence"]

Arrival = Literal["drop", "letter", "sms", "social", "visit", "office"]

ARRIVALS: Final[tuple[Arrival, ...]] = get_args(Arrival)
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
HOLD_REASONS: Final[tuple[HoldReason, ...]] = get_args(HoldReason)
REOPENINGS: Final[tuple[Reopening, ...]] = get_args(Reopening)
CLOSINGS: Final[tuple[Closing, ...]] = get_args(Closing)
FINDINGS: Final[tuple[Outcome, ...]] = ("substantiated", "partly", "unsubstantiated")


@dataclass(frozen=True)
class Arrow:
    """What a move from one stage to another asks for.

    `second`: another reader of the case must agree. `answer`: the reporter is told in words, in the same act.
    `outcomes`: one of these must be named. `reasons`: one of these, or any words if empty. `reference`: the
    letter that orders it. `needs`: names of `Facts` that must hold.
    """

    second: bool = False
    answer: bool = False
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[str, ...] = ()
    reference: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What else is known of a case when somebody wants to move it.

    `sheet`: a review sheet is filled in; `supervised` and `unsupervised`: it says whether the matter is one
    of supervision; `target`: it can be merged into the named case (casework/merging.py); `forwarded`: a
    disposition was written; `package`: one without identity for law enforcement; `lessons`: cause and
    improvement are written down; `quiet`: the reporter has had the time that the rules give, and was silent;
    `apart`: the case that this one was merged into is closed or gone, and this one was left behind.
    """

    sheet: bool = False
    supervised: bool = False
    unsupervised: bool = False
    target: bool = False
    forwarded: bool = False
    package: bool = False
    lessons: bool = False
    quiet: bool = False
    apart: bool = False


_CLOSE_FINDING: Final = Arrow(answer=True, outcomes=(*FINDINGS, "handed-over"), needs=("lessons",))

ARROWS: Final[Mapping[Stage, Mapping[Stage, Arrow]]] = {
    "received": {"verification": Arrow()},
    "verification": {
        "incomplete": Arrow(answer=True),
        "not-competent": Arrow(second=True),
        "merged": Arrow(needs=("target",)),
        "closed": Arrow(second=True, answer=True, outcomes=("archived",)),
        "review": Arrow(),
    },
    "incomplete": {
        "verification": Arrow(),
        "closed": Arrow(answer=True, outcomes=("incomplete",)),
    },
    "not-competent": {"forwarded": Arrow(needs=("forwarded",))},
    "forwarded": {"closed": Arrow(answer=True, outcomes=("forwarded",))},
    "merged": {"closed": Arrow(answer=True, outcomes=OUTCOMES, needs=("apart",))},
    "review": {
        "no-action": Arrow(second=True, needs=("sheet",)),
        "disposition": Arrow(needs=("sheet", "unsupervised")),
        "clarification": Arrow(needs=("sheet", "supervised")),
    },
    "no-action": {"closed": Arrow(answer=True, outcomes=("no-action",))},
    "disposition": {"office-handling": Arrow(needs=("forwarded",))},
    "office-handling": {"answered": Arrow(answer=True)},
    "answered": {
        "closed": Arrow(answer=True, outcomes=("answered",), reasons=CLOSINGS, needs=("lessons",)),
        "office-handling": Arrow(),
    },
    "clarification": {
        "no-action": Arrow(second=True, needs=("sheet",)),
        "examination": Arrow(reference=True),
    },
    "examination": {
        "result": Arrow(outcomes=FINDINGS, reference=True),
        "handed-over": Arrow(reference=True, needs=("package",)),
    },
    "result": {"follow-up": Arrow()},
    "handed-over": {"follow-up": Arrow()},
    "follow-up": {"closed": _CLOSE_FINDING},
    "closed": {"reopened": Arrow(reasons=REOPENINGS)},
    "reopened": {"review": Arrow()},
}

_TOLD: Final[Mapping[Stage, str]] = {
    "verification": "received",
    "incomplete": "incomplete",
    "not-competent": "reviewing",
    "forwarded": "forwarded",
    "merged": "reviewing",
    "review": "reviewing",
    "disposition": "forwarded",
    "office-handling": "forwarded",
    "answered": "answered",
    "clarification": "examining",
    "examination": "examining",
    "result": "examining",
    "handed-over": "examining",
    "follow-up": "examining",
    "reopened": "reviewing",
}
_TOLD_CLOSED: Final[Mapping[Outcome, str]] = {
    "incomplete": "closed-no-action",
    "forwarded": "closed-forwarded",
    "archived": "closed-no-action",
    "no-action": "closed-no-action",
    "answered": "closed-answered",
    "substantiated": "closed-substantiated",
    "partly": "closed-partly",
    "unsubstantiated": "closed-unsubstantiated",
    "handed-over": "closed-forwarded",
}


def arrow(start: Stage, end: Stage) -> Arrow | None:
    """The arrow between two stages, None if there is none."""
    return ARROWS[start].get(end)


def is_open(stage: Stage) -> bool:
    """Whether somebody still has to do something; a merged case goes with the one it was merged into."""
    return stage not in ("closed", "merged")


def told(stage: Stage, outcome: Outcome | None) -> str:
    """The coarse status that the reporter sees (one of the protocol's), the same for several stages so that
    a stolen codename does not tell of field work; empty before anything was done, and for `no-action`, which
    looks like the stage before it until the reporter gets the answer."""
    if stage == "closed":
        return _TOLD_CLOSED[outcome] if outcome else ""
    return _TOLD.get(stage, "")
