"""Statistics that an office publishes: counts by quarter, none below 5 (docs/protocol.md section 10.2).

What a reader checks here holds for anybody's document: no count below 5, and in each table nothing hidden or
at least two cells, so that none follows from the total. How cells are chosen is the station's affair
(decision 0038).
"""

import re
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_STARS, MAX_U32, SUITE
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId, distinct
from crypto.names import Names, read_names

PURPOSE: Final = "statistics"
LARGEST: Final = 256 * 2**10
SMALLEST: Final = 5
TABLES: Final = ("arrival", "category", "kind", "office", "result", "timeliness")
"""`category`: one table for each kind whose count is shown, of which it counts the categories."""

_PERIOD: Final = re.compile(r"[12][0-9]{3}(-Q[1-4])?\Z")
_QUARTER: Final = re.compile(r"[12][0-9]{3}-Q[1-4]\Z")
_FIRST_MONTHS: Final = {"1": "01", "2": "04", "3": "07", "4": "10"}
_MOST_TABLES: Final = 32
_MOST_ROWS: Final = 1_024


@dataclass(frozen=True)
class Row:
    """A value and how many cases have it, None if that is hidden."""

    titles: Names
    count: int | None


@dataclass(frozen=True)
class Table:
    """`kind` is one of `TABLES`; `titles` tells of what the cases are counted, if not of all."""

    kind: str
    titles: Names | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Stars:
    """Ratings of answers: how many (at least 5), and their mean in tenths of a star."""

    count: int
    tenths: int


@dataclass(frozen=True)
class Statistics:
    """What one publication says. `period`: `2026` or `2026-Q3`; `quarters`: those whose cases are counted,
    and that no other publication with figures counts; `total`: None if it and all else is hidden."""

    instance: InstanceId
    office: OfficeId
    reviewer: ReviewerId
    period: str
    quarters: tuple[str, ...]
    total: int | None
    tables: tuple[Table, ...]
    stars: Stars | None


def sign_statistics(statistics: Statistics, key: SigningKey) -> bytes:
    """The signed document, by the reviewer whom it names."""
    tables: list[Json] = [
        {
            "kind": table.kind,
            "rows": [{"count": row.count, "titles": dict(row.titles)} for row in table.rows],
            "titles": None if table.titles is None else dict(table.titles),
        }
        for table in statistics.tables
    ]
    stars = statistics.stars
    body: Json = {
        "instance": b64(statistics.instance),
        "kind": "statistics",
        "office": statistics.office,
        "period": statistics.period,
        "quarters": list(statistics.quarters),
        "reviewer": statistics.reviewer,
        "stars": None if stars is None else {"count": stars.count, "tenths": stars.tenths},
        "suite": SUITE,
        "tables": tables,
        "total": statistics.total,
    }
    return signed.sign(body, PURPOSE, key)


def read_statistics(untrusted_document: bytes) -> Statistics:
    """What a document says whose signature `check` has yet to prove; any ProtocolError about its form."""
    fields = Fields(signed.peek(untrusted_document, LARGEST))
    fields.suite_and_kind("statistics")
    found = Statistics(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        office=OfficeId(fields.id("office")),
        reviewer=ReviewerId(fields.id("reviewer")),
        period=_matching(fields.text("period"), _PERIOD),
        quarters=fields.list_of("quarters", lambda value: _matching(value, _QUARTER), 1, 4),
        total=_count(fields.take("total")),
        tables=fields.list_of("tables", _read_table, 0, _MOST_TABLES),
        stars=_read_stars(fields.take("stars")),
    )
    fields.end()
    distinct(found.quarters)
    if not all(quarter.startswith(found.period) for quarter in found.quarters):
        raise MalformedError
    _check_counts(found)
    return found


def check_place(statistics: Statistics, instance: InstanceId, office: OfficeId, today: Day) -> None:
    """WrongContextError unless it is this office's, and all its quarters are over."""
    if (statistics.instance, statistics.office) != (instance, office):
        raise WrongContextError
    if any(_after(quarter) > today for quarter in statistics.quarters):
        raise WrongContextError


def check(untrusted_document: bytes, key: bytes) -> None:
    """BadSignatureError unless the reviewer with this key signed it."""
    signed.check_signature(untrusted_document, PURPOSE, key)


def _after(quarter: str) -> str:
    """The first day after a quarter."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year + 1}-01-01" if number == 4 else f"{year}-{_FIRST_MONTHS[str(number + 1)]}-01"


def _check_counts(found: Statistics) -> None:
    """Nothing is told of a hidden total; what a table hides is at least two cells."""
    if found.total is None:
        if found.tables or found.stars:
            raise MalformedError
        return
    for table in found.tables:
        shown = [row.count for row in table.rows if row.count is not None]
        hidden = len(table.rows) - len(shown)
        whole = sum(shown)
        if (
            hidden == 1
            or whole > found.total
            or (table.titles is None and not hidden and whole != found.total)
        ):
            raise MalformedError


def _read_table(untrusted_value: object) -> Table:
    fields = Fields(untrusted_value)
    kind, titles = fields.one_of("kind", TABLES), fields.take("titles")
    table = Table(
        kind=kind,
        titles=None if titles is None else read_names(titles),
        rows=fields.list_of("rows", _read_row, 1, _MOST_ROWS),
    )
    fields.end()
    return table


def _read_row(untrusted_value: object) -> Row:
    fields = Fields(untrusted_value)
    row = Row(read_names(fields.take("titles")), _count(fields.take("count")))
    fields.end()
    return row


def _read_stars(untrusted_value: object) -> Stars | None:
    if untrusted_value is None:
        return None
    fields = Fields(untrusted_value)
    stars = Stars(fields.integer("count", SMALLEST, MAX_U32), fields.integer("tenths", 10, 10 * MAX_STARS))
    fields.end()
    return stars


def _count(untrusted_value: object) -> int | None:
    if untrusted_value is None:
        return None
    return Fields({"count": untrusted_value}).integer("count", SMALLEST, MAX_U32)


def _matching(untrusted_value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(untrusted_value, str) or not pattern.match(untrusted_value):
        raise MalformedError
    return untrusted_value
