"""Presets of deadlines, as data: what a rule allows for each part of the work, with its source.

A preset is an object as in presets.json beside this module, or in a file of the office's own. Its limits are
tried from the first to the last, and the last that fits a case holds, so that an exception stands behind its
rule. An office may choose several presets; a later one has the last word.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

from crypto.constants import FAMILIES, KINDS, MAX_LIST
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day, Fields, distinct, identifier
from crypto.names import Names, Notes, read_names, read_notes
from workstation.casework.tasks import LIMITS, WAITS, Limit
from workstation.review.classification import Classification
from workstation.texts import N_, _
from workstation.timing.clock import Unit
from workstation.timing.deadline_errors import BadPresetError

Trust = Literal["verified", "second-hand", "memory", "proposal"]
Since = Literal["receipt", "complete"]

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
TRUSTS: Final[tuple[Trust, ...]] = get_args(Trust)

DEFAULT: Final = Path(__file__).with_suffix(".json")
DEFAULT_ID: Final = "id-apip-default"
MOST: Final = 1_000
"""Days or months of a limit."""
_LONGEST: Final = 1_000
_RULES: Final = {
    "file": N_("the file is one JSON object"),
    "id": N_("deadlines of this name come with the program: take another id"),
    "preset": N_("it has an id, titles in en and id, a citation, checked_on (a day or null), 1 to 32 limits, "
                 "notes in en and id if wanted, and nothing else"),
    "limit": N_("it has a limit ({limits}), a count from 1 to 1,000, a unit (working, calendar or months) "
                "and trust (verified, second-hand, memory or proposal); extension, kinds, families, "
                "categories and since (receipt or complete) may be left out"),
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One limit: `count` days or months; `extension`: so many more, once, with a reason; 0: none. It is for
    these kinds, families and categories; where none are named, for all. `since` the receipt, or the day on
    which the report was found complete."""

    limit: Limit
    count: int
    unit: Unit
    trust: Trust
    extension: int = 0
    kinds: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    since: Since = "receipt"

    def fits(self, case: Classification) -> bool:
        """Whether it is for such a case."""
        pairs = ((self.kinds, case.kind), (self.families, case.family), (self.categories, case.category))
        return all(not named or found in named for named, found in pairs)


@dataclass(frozen=True)
class Preset:
    """Limits with their source: `citation` where it stands, `checked_on` the day on which somebody looked,
    None if nobody did."""

    id: str
    titles: Names
    citation: str
    checked_on: Day | None
    notes: Notes
    limits: tuple[Rule, ...]


@dataclass(frozen=True)
class Found:
    """A limit and the preset that it stands in."""

    rule: Rule
    source: str


@dataclass(frozen=True)
class Rules:
    """The presets that an office goes by. What none of them says of the reporter's time, the default does."""

    presets: tuple[Preset, ...]

    def find(self, limit: Limit, case: Classification) -> Found | None:
        """The limit that holds for a case, None if there is none."""
        waits = (shipped()[DEFAULT_ID],) if limit in WAITS else ()
        for preset in reversed((*waits, *self.presets)):
            for rule in reversed(preset.limits):
                if rule.limit == limit and rule.fits(case):
                    return Found(rule, preset.id)
        return None


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Preset]:
    """Those that come with the program, by id."""
    return {preset.id: preset for preset in map(read, json.loads(DEFAULT.read_text("utf-8")))}


def read_own(untrusted_data: bytes) -> tuple[Preset, dict[str, object]]:
    """The preset in an office's own file, and what stands there; BadPresetError."""
    with _rule("file", "1"):
        try:
            untrusted_value = json.loads(untrusted_data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise MalformedError from None
        if not isinstance(untrusted_value, dict):
            raise MalformedError
    preset = read(untrusted_value)
    with _rule("id", preset.id):
        if preset.id in shipped():
            raise MalformedError
    return preset, untrusted_value


def read(untrusted_value: object) -> Preset:
    """A preset; BadPresetError."""
    with _rule("preset", "1"):
        if not isinstance(untrusted_value, dict):
            raise MalformedError
        fields = Fields({"notes": {"en": "", "id": ""}} | untrusted_value)
        name, titles = fields.id("id"), read_names(fields.take("titles"))
        citation, notes = fields.text("citation", _LONGEST, 1), read_notes(fields.take("notes"))
        untrusted_day = fields.take("checked_on")
        checked_on = None if untrusted_day is None else Fields({"day": untrusted_day}).day("day")
        untrusted_limits = fields.list_of("limits", _same, 1, MAX_LIST)
        fields.end()
    limits = tuple(_limit(number, limit) for number, limit in enumerate(untrusted_limits, 1))
    return Preset(name, titles, citation, checked_on, notes, limits)


def _limit(number: int, untrusted_value: object) -> Rule:
    with _rule("limit", _("limit {number}").format(number=number)):
        if not isinstance(untrusted_value, dict):
            raise MalformedError
        missing = {"categories": [], "extension": 0, "families": [], "kinds": [], "since": "receipt"}
        fields = Fields(missing | untrusted_value)
        rule = Rule(
            limit=cast(Limit, fields.one_of("limit", LIMITS)),
            count=fields.integer("count", 1, MOST),
            unit=cast(Unit, fields.one_of("unit", UNITS)),
            trust=cast(Trust, fields.one_of("trust", TRUSTS)),
            extension=fields.integer("extension", 0, MOST),
            kinds=_ids(fields, "kinds", KINDS),
            families=_ids(fields, "families", FAMILIES),
            categories=_ids(fields, "categories"),
            since=cast(Since, fields.one_of("since", get_args(Since))),
        )
        fields.end()
    return rule


def _ids(fields: Fields, name: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = fields.list_of(name, identifier, 0, MAX_LIST)
    distinct(found)
    if known and not set(found) <= set(known):
        raise MalformedError
    return found


@contextmanager
def _rule(rule: str, where: str) -> Iterator[None]:
    """Says in words which rule is broken where."""
    try:
        yield
    except ProtocolError:
        said = _(_RULES[rule]).format(limits=", ".join(LIMITS))
        raise BadPresetError(where=where, rule=said) from None


def _same(untrusted_value: object) -> object:
    return untrusted_value
