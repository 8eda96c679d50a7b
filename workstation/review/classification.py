"""What a case is about, as the office books it: kind, family, category, office, and how it came.

The categories are data (categories.json, or the office's own file), never code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.canonical import Json
from crypto.constants import FAMILIES, KINDS
from crypto.errors import ProtocolError
from crypto.fields import Fields
from workstation.casework import journal
from workstation.casework.journal import Step
from workstation.errors import VaultDamagedError

INDICATIONS: Final = ("", "administrative", "criminal")


@dataclass(frozen=True)
class Classification:
    """What a case is about. `category` and `level` are ids of the office's lists (review/categories.py), or
    empty; `office` is the id of a registered office, or empty; `indication` says what kind of fault it may
    be; `urgent`: danger to life, or evidence about to vanish."""

    kind: str
    family: str
    category: str = ""
    office: str = ""
    indication: str = ""
    level: str = ""
    urgent: bool = False


def write(found: Classification) -> Mapping[str, Json]:
    """The details of a step of the kind `classified`."""
    return {
        "category": found.category,
        "family": found.family,
        "indication": found.indication,
        "kind": found.kind,
        "level": found.level,
        "office": found.office,
        "urgent": found.urgent,
    }


def read(details: Mapping[str, Json]) -> Classification:
    """What `write` wrote; VaultDamagedError."""
    try:
        fields = Fields(dict(details))
        found = Classification(
            kind=fields.one_of("kind", KINDS),
            family=fields.one_of("family", FAMILIES),
            category=_id_or_empty(fields, "category"),
            office=_id_or_empty(fields, "office"),
            indication=fields.one_of("indication", INDICATIONS),
            level=_id_or_empty(fields, "level"),
            urgent=fields.take("urgent") is True,
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return found


def latest(steps: Sequence[Step]) -> Classification | None:
    """The classification that holds, None before the first."""
    found = journal.of_kind(steps, "classified")
    return read(found[-1].details) if found else None


def _id_or_empty(fields: Fields, name: str) -> str:
    value = fields.take(name)
    return "" if value == "" else Fields({name: value}).id(name)
