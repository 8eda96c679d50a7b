"""What kinds, states and ways of offices are called, in the language in use."""

from collections.abc import Mapping
from typing import Final

from workstation import terminal, texts
from workstation.offices.registry import Office
from workstation.texts import N_, _

KINDS: Final[Mapping[str, str]] = {
    "opd": N_("regional agency (OPD)"),
    "unit": N_("work unit"),
    "village": N_("village"),
    "enterprise": N_("public enterprise"),
    "oversight": N_("internal oversight (APIP)"),
    "law-enforcement": N_("law enforcement (APH)"),
    "external": N_("external body"),
}
STATES: Final[Mapping[str, str]] = {
    "connected": N_("connected"),
    "enrolled": N_("enrolled, on another server"),
    "not-connected": N_("not connected"),
    "revoked": N_("revoked"),
}
WAYS: Final[Mapping[str, str]] = {
    "server": N_("through the server"),
    "file": N_("as a sealed file"),
    "paper": N_("on paper"),
}


def kind(kind: str) -> str:
    return _(KINDS[kind])


def state(state: str) -> str:
    return _(STATES[state])


def way(way: str) -> str:
    return _(WAYS[way])


def name(office: Office) -> str:
    """Its name in the language in use, and its id."""
    return f"{terminal.safe(texts.named(office.names))} ({office.id})"
