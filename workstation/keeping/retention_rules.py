"""How long closed cases are kept, by what they ended with: data with citation and date, never code."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from crypto import canonical
from crypto.canonical import Json
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day, Fields
from crypto.names import Notes, read_notes
from workstation import settings
from workstation.casework.errors import RetentionRulesError
from workstation.casework.stages import OUTCOMES
from workstation.errors import CannotReadError
from workstation.reasons import reason
from workstation.station import Station

DEFAULT: Final = Path(__file__).with_name("retention.json")
"""What an office gets that brings nothing of its own: proposals."""

_SETTING: Final = "retention"
_LONGEST: Final = 2**18
_MOST_MONTHS: Final = 1_200


@dataclass(frozen=True)
class Rule:
    """Cases with this outcome are kept so many whole months after the day on which they were closed."""

    outcome: str
    months: int
    citation: Notes
    checked_on: Day

    def ends(self, closed: Day) -> Day:
        """The day from which on such a case may be destroyed."""
        return add_months(closed, self.months)


def add_months(on: Day, months: int) -> Day:
    """The same day of a later month, or its last if that month is shorter."""
    start = date.fromisoformat(on)
    year, month = divmod(start.month - 1 + months, 12)
    for last in range(start.day, 0, -1):
        try:
            return Day(date(start.year + year, month + 1, last).isoformat())
        except ValueError:
            continue
    raise AssertionError


def rules(station: Station) -> dict[str, Rule]:
    """The rules that hold, by outcome: the office's own, else the default."""
    own = settings.read(station.vault, _SETTING)
    return _by_outcome(json.loads(DEFAULT.read_bytes()) if own is None else own)


def load(path: Path) -> dict[str, Rule]:
    """The rules in a file; CannotReadError, RetentionRulesError."""
    try:
        with path.open("rb") as file:
            untrusted_text = file.read(_LONGEST + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    try:
        return _by_outcome(json.loads(untrusted_text.decode("utf-8-sig")))
    except (ValueError, RecursionError, ProtocolError):
        raise RetentionRulesError from None


def keep(station: Station, found: dict[str, Rule]) -> None:
    """Makes them the office's own."""
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, rules_json(found))
        station.log("settings-changed", _SETTING)


def rules_json(found: dict[str, Rule]) -> dict[str, Json]:
    """As they stand in a file."""
    return {
        "rules": [
            {
                "checked_on": rule.checked_on,
                "citation": dict(rule.citation),
                "months": rule.months,
                "outcome": rule.outcome,
            }
            for rule in found.values()
        ]
    }


def _by_outcome(untrusted_value: object) -> dict[str, Rule]:
    """MalformedError unless every outcome has exactly one rule."""
    fields = Fields(untrusted_value)
    found = fields.list_of("rules", _read, len(OUTCOMES), len(OUTCOMES))
    fields.end()
    by_outcome = {rule.outcome: rule for rule in found}
    if set(by_outcome) != set(OUTCOMES):
        raise MalformedError
    canonical.dump(rules_json(by_outcome))
    return by_outcome


def _read(untrusted_value: object) -> Rule:
    fields = Fields(untrusted_value)
    rule = Rule(
        outcome=fields.one_of("outcome", OUTCOMES),
        months=fields.integer("months", 1, _MOST_MONTHS),
        citation=read_notes(fields.take("citation")),
        checked_on=fields.day("checked_on"),
    )
    fields.end()
    return rule
