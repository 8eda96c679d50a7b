"""What stages, results and reasons are called, in the language in use."""

from collections.abc import Mapping
from typing import Final

from workstation.texts import N_, _

STAGES: Final[Mapping[str, str]] = {
    "received": N_("Received"),
    "verification": N_("Verification"),
    "incomplete": N_("Needs completion"),
    "not-competent": N_("Outside our competence"),
    "forwarded": N_("Forwarded"),
    "merged": N_("Merged with another case"),
    "review": N_("Review"),
    "no-action": N_("Not followed up"),
    "disposition": N_("Disposition to an office"),
    "office-handling": N_("Handled by the office"),
    "answered": N_("Answered"),
    "clarification": N_("Clarification"),
    "examination": N_("Examination"),
    "result": N_("Result"),
    "handed-over": N_("Handed over to law enforcement"),
    "follow-up": N_("Follow-up"),
    "closed": N_("Closed"),
    "reopened": N_("Reopened"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "incomplete": N_("never completed"),
    "forwarded": N_("forwarded to a competent body"),
    "archived": N_("archived: unclear, or no report"),
    "no-action": N_("not followed up"),
    "answered": N_("answered"),
    "substantiated": N_("substantiated"),
    "partly": N_("partly substantiated"),
    "unsubstantiated": N_("not substantiated"),
    "handed-over": N_("handed over to law enforcement"),
}
HOLD_REASONS: Final[Mapping[str, str]] = {
    "awaiting-office": N_("waiting for an office"),
    "awaiting-reporter": N_("waiting for the reporter"),
    "awaiting-budget": N_("waiting for budget"),
    "legal-process": N_("legal process"),
}
REASONS: Final[Mapping[str, str]] = {
    "objection": N_("objection of the reporter, without new facts"),
    "new-facts": N_("new facts"),
    "accepted": N_("the reporter accepts the answer"),
    "silence": N_("the reporter was silent for as long as the rules give"),
}
ARRIVALS: Final[Mapping[str, str]] = {
    "drop": N_("drop box"),
    "letter": N_("letter"),
    "sms": N_("SMS or chat"),
    "social": N_("social media"),
    "visit": N_("visit"),
    "office": N_("another office"),
}

FAMILIES: Final[Mapping[str, str]] = {
    "integrity": N_("Integrity"),
    "service": N_("Service"),
    "none": N_("neither"),
}
INDICATIONS: Final[Mapping[str, str]] = {
    "": N_("not said yet"),
    "administrative": N_("administrative fault"),
    "criminal": N_("crime"),
}


def stage(stage: str) -> str:
    return _(STAGES[stage])


def outcome(outcome: str) -> str:
    return _(OUTCOMES[outcome])


def hold_reason(reason: str) -> str:
    return _(HOLD_REASONS[reason])


def reason(reason: str) -> str:
    """A reason of the rules by its name; any other as it was written."""
    return _(REASONS[reason]) if reason in REASONS else reason


def arrival(arrival: str) -> str:
    return _(ARRIVALS[arrival])
