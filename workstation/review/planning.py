"""The action plan (rencana aksi) of a case: what is to be done, by which role, until when, and what was done.

Items are steps of the case's journal (kind `plan`), so that a plan is only added to. Source: requirement R17,
S3-1: who receives a complaint must have an action.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import ItemDayError, NoSuchItemError
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.errors import VaultDamagedError
from workstation.station import Station
from workstation.texts import _

LONGEST: Final = 1_000
LONGEST_ROLE: Final = 200


@dataclass(frozen=True)
class Item:
    """One thing to do. `number` counts from 1 within the plan; `who`: a role, not a person; `done_on` is None
    while it is open; `result`: what came of it; `by`: who wrote that it is done."""

    number: int
    what: str
    who: str
    until: Day
    done_on: Day | None = None
    result: str = ""
    by: ReviewerId | None = None


def latest(steps: Sequence[Step]) -> list[Item]:
    """The plan as it stands, in the order in which it was written; VaultDamagedError."""
    items: dict[int, Item] = {}
    for step in journal.of_kind(steps, "plan"):
        try:
            _follow(items, step)
        except (ProtocolError, KeyError):
            raise VaultDamagedError from None
    return list(items.values())


def progress(items: Sequence[Item]) -> tuple[int, int]:
    """(done, all)."""
    return sum(item.done_on is not None for item in items), len(items)


def add(station: Station, case: Case, what: str, who: str, until: Day, on: Day) -> Item:
    """Adds an item; WordsMissingError, WordsTooLongError, ItemDayError."""
    what = checked(what, _("what is to be done"), longest=LONGEST)
    who = checked(who, _("who does it"), longest=LONGEST_ROLE)
    if until < on:
        raise ItemDayError
    with station.vault.transaction():
        case = cases.find(station, case.number)
        details = {"act": "item", "until": until, "what": what, "who": who}
        number = len(latest(journal.of_case(station, case))) + 1
        journal.add(station, case, "plan", details, on)
    return Item(number, what, who, until)


def done(station: Station, case: Case, number: int, result: str, on: Day) -> Item:
    """Says that an item is done, and what came of it; NoSuchItemError if none of this number is open."""
    result = checked(result, _("what came of it"), needed=False, longest=LONGEST)
    with station.vault.transaction():
        case = cases.find(station, case.number)
        items = {item.number: item for item in latest(journal.of_case(station, case)) if item.done_on is None}
        if number not in items:
            raise NoSuchItemError(number=number)
        journal.add(station, case, "plan", {"act": "done", "item": number, "result": result}, on)
    return replace(items[number], done_on=on, result=result, by=station.reviewer)


def _follow(items: dict[int, Item], step: Step) -> None:
    fields = Fields(dict(step.details))
    if fields.one_of("act", ("done", "item")) == "item":
        number = len(items) + 1
        items[number] = Item(number, fields.text("what"), fields.text("who"), fields.day("until"))
    else:
        number = fields.integer("item", 1, step.number)
        items[number] = replace(
            items[number], done_on=step.day, result=fields.text("result"), by=step.reviewer
        )
    fields.end()
