"""What is counted of a case: nothing of what it says, and no day. Figures are made of these alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crypto.canonical import Json
from crypto.constants import FAMILIES, KINDS, MAX_STARS
from crypto.errors import MalformedError
from crypto.fields import Fields
from workstation.casework.stages import ARRIVALS, OUTCOMES
from workstation.recap import periods
from workstation.recap.periods import Quarter

RESULTS: Final = (*OUTCOMES, "open", "merged", "erased")
"""What became of it: the outcome if it is closed; `erased`: before it was closed."""

TIMELINESS: Final = ("in-time", "late", "not-due", "overdue", "no-limit")
"""Against the limit for completing it: answered or closed by then, or later; neither, before it or after;
there is no limit."""

_MOST_RATINGS: Final = 1_000


@dataclass(frozen=True)
class Count:
    """One case. `quarter`: of its arrival; `category` and `office`: an id, or empty if none is recorded;
    `result`: one of `RESULTS`; `stars`: the reporter's rating of each answer that they rated;
    `restricted`: the reporter excluded somebody, who must not find it in public figures."""

    quarter: Quarter
    kind: str
    family: str
    category: str
    office: str
    arrival: str
    result: str
    timeliness: str
    stars: tuple[int, ...] = ()
    restricted: bool = False

    @property
    def open(self) -> bool:
        return self.result == "open"


def write(count: Count) -> Mapping[str, Json]:
    """As it is kept of an erased case."""
    return {
        "arrival": count.arrival,
        "category": count.category,
        "family": count.family,
        "kind": count.kind,
        "office": count.office,
        "quarter": count.quarter,
        "restricted": count.restricted,
        "result": count.result,
        "stars": list(count.stars),
        "timeliness": count.timeliness,
    }


def read(value: object) -> Count:
    """What `write` wrote; ProtocolError."""
    fields = Fields(value)
    count = Count(
        quarter=_quarter(fields.text("quarter")),
        kind=fields.one_of("kind", KINDS),
        family=fields.one_of("family", FAMILIES),
        category=_id_or_empty(fields, "category"),
        office=_id_or_empty(fields, "office"),
        arrival=fields.one_of("arrival", ARRIVALS),
        result=fields.one_of("result", RESULTS),
        timeliness=fields.one_of("timeliness", TIMELINESS),
        stars=fields.list_of("stars", _stars, 0, _MOST_RATINGS),
        restricted=fields.take("restricted") is True,
    )
    fields.end()
    return count


def _stars(value: object) -> int:
    return Fields({"stars": value}).integer("stars", 1, MAX_STARS)


def _quarter(text: str) -> Quarter:
    if not periods.is_quarter(text):
        raise MalformedError
    return Quarter(text)


def _id_or_empty(fields: Fields, name: str) -> str:
    value = fields.take(name)
    return "" if value == "" else Fields({name: value}).id(name)
