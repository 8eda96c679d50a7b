"""Deadlines in words, in the language in use."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from crypto.fields import Day
from workstation import terminal, texts
from workstation.casework import titles
from workstation.casework.tasks import WAITS
from workstation.texts import N_, _, n_
from workstation.timing.clock import Unit, days_between
from workstation.timing.presets import Preset, Rule, Trust

TASKS: Final[Mapping[str, str]] = {
    "register": N_("Take it up"),
    "verify": N_("Verify"),
    "review": N_("Finish the review"),
    "answer": N_("Answer the reporter"),
    "office": N_("Answer of the office"),
    "completion": N_("Complete"),
    "follow-up": N_("Finish the follow-up"),
    "reporter": N_("Completion by the reporter"),
    "close": N_("Reporter's reply to the answer"),
    "notice": N_("Give notice of a breach"),
    "hold": N_("Look again at the pause"),
    "proposal": N_("Second person to agree or decline"),
}
TRUST: Final[Mapping[Trust, str]] = {
    "verified": N_("seen in a public source"),
    "second-hand": N_("from a second-hand source"),
    "memory": N_("from memory: have it confirmed"),
    "proposal": N_("a proposal"),
}
PAUSES: Final[Mapping[str, str]] = {"incomplete": N_("the reporter completes the report")}


def task(what: str) -> str:
    """What is to be done."""
    return _(TASKS[what])


def trust(trust: Trust) -> str:
    """How far a limit is to be trusted."""
    return _(TRUST[trust])


def length(count: int, unit: Unit) -> str:
    """How long a limit is."""
    match unit:
        case "working":
            return n_("{count} working day", "{count} working days", count)
        case "calendar":
            return n_("{count} calendar day", "{count} calendar days", count)
        case "months":
            return n_("{count} month", "{count} months", count)


def extent(rule: Rule) -> str:
    """The same with its extension."""
    if not rule.extension:
        return length(rule.count, rule.unit)
    return _("{length}, once {more} more").format(
        length=length(rule.count, rule.unit), more=length(rule.extension, rule.unit)
    )


def distance(what: str, day: Day, on: Day) -> str:
    """How far the day of a task is from today; the reporter is never late."""
    days = days_between(on, day)
    if days < 0 and what in WAITS:
        return n_("over since {count} day", "over since {count} days", -days)
    if days < 0:
        return n_("{count} day late", "{count} days late", -days)
    if days == 0:
        return _("today")
    return n_("in {count} day", "in {count} days", days)


def weekday(day: Day) -> str:
    """Its name."""
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return names[date.fromisoformat(day).weekday()]


def source(preset: Preset) -> str:
    """Where a preset comes from."""
    if preset.checked_on is None:
        return _("Source: {citation}; nobody has looked it up").format(
            citation=terminal.safe(preset.citation)
        )
    return _("Source: {citation}; looked up on {day}").format(
        citation=terminal.safe(preset.citation), day=preset.checked_on
    )


def limit(rule: Rule) -> str:
    """A limit on one line: what, for whom, how long, and how far to trust it."""
    only = [*map(kind, rule.kinds), *map(family, rule.families), *rule.categories]
    if rule.since == "complete":
        only.append(_("from the complete report on"))
    what = f"{task(rule.limit)} ({'; '.join(only)})" if only else task(rule.limit)
    return f"{what}: {extent(rule)}; {trust(rule.trust)}"


def kind(kind: str) -> str:
    return _(texts.KIND_NAMES[kind])


def family(family: str) -> str:
    return _(titles.FAMILIES[family])


def pause(reason: str) -> str:
    """Why the clock stands still."""
    return _(PAUSES[reason]) if reason in PAUSES else titles.hold_reason(reason)
