"""Public statistics: what is counted for a publication, what of it is hidden, and the queue to the server.

A quarter is counted in one publication with figures and never again: a year counts only those of its quarters
that no publication with figures has counted. What is published is kept as it was signed, and never made anew.
So no difference between two publications can tell anything (decision 0038).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from crypto import statistics
from crypto.constants import FAMILIES
from crypto.fields import Day
from crypto.names import Names
from crypto.statistics import Row, Stars, Statistics, Table
from workstation.recap import names, ratings, suppression
from workstation.recap.counts import Count
from workstation.recap.errors import NothingToPublishError, NotOverError, PublishedError
from workstation.recap.names import (
    OTHER,
    PUBLIC_ARRIVALS,
    PUBLIC_KINDS,
    PUBLIC_RESULTS,
    PUBLIC_TIMELINESS,
    Titles,
    both,
)
from workstation.recap.periods import Period
from workstation.recap.register import Register
from workstation.station import Station
from workstation.vault import Vault

_RESULTS: Final[Mapping[str, str]] = {
    "incomplete": "ended",
    "archived": "ended",
    "merged": "ended",
    "erased": "ended",
    "forwarded": "forwarded",
    "handed-over": "forwarded",
    "open": "open",
    "no-action": "no-action",
    "answered": "answered",
    "unsubstantiated": "unsubstantiated",
    "partly": "substantiated",
    "substantiated": "substantiated",
}
"""Results as the public sees them: rare ones together."""


def published(vault: Vault) -> dict[str, Statistics]:
    """Every publication by its period, the oldest period first."""
    rows = vault.rows("SELECT period, document FROM publications ORDER BY period")
    return {period: statistics.read_statistics(document) for period, document in rows}


def waiting(vault: Vault) -> list[str]:
    """The periods whose publication no bundle has taken yet."""
    rows = vault.rows("SELECT period FROM publications WHERE outbound IS NULL ORDER BY period")
    return [period for (period,) in rows]


def draft(station: Station, register: Register, period: Period, on: Day) -> Statistics:
    """What publishing a period would say; NotOverError, PublishedError, NothingToPublishError."""
    if period.ends >= on:
        raise NotOverError(period=period.name)
    former = published(station.vault)
    counted = {quarter for each in former.values() if each.total is not None for quarter in each.quarters}
    named = {quarter for each in former.values() for quarter in each.quarters}
    if period.name in former or (len(period.quarters) == 1 and named & set(period.quarters)):
        raise PublishedError(period=period.name)
    quarters = [quarter for quarter in period.quarters if quarter not in counted]
    if not quarters:
        raise NothingToPublishError(period=period.name)
    counts = [count for count in register.counts if count.quarter in quarters]
    below = sum(quarter in named for quarter in quarters)
    total = suppression.total(len(counts), below, len(quarters) - below)
    mean = None if total is None else ratings.mean(stars for count in counts for stars in count.stars)
    return Statistics(
        instance=station.keys.place.instance,
        office=station.keys.place.office,
        reviewer=station.reviewer,
        period=period.name,
        quarters=tuple(quarters),
        total=total,
        tables=() if total is None else tuple(filter(_says_something, tables(counts, names.of(station)))),
        stars=None if mean is None else Stars(mean.count, mean.tenths),
    )


def publish(station: Station, register: Register, period: Period, on: Day) -> Statistics:
    """Signs it and queues it for the next bundle: these figures stand for ever. The errors of `draft`."""
    with station.vault.transaction():
        found = draft(station, register, period, on)
        document = statistics.sign_statistics(found, station.keys.sign)
        station.vault.rows("INSERT INTO publications (period, document) VALUES (?, ?)", period.name, document)
        station.log("statistics-published", period.name)
    return found


def tables(counts: Sequence[Count], named: Titles) -> Iterable[Table]:
    """Every table of these cases, also those that hide all. Pure.

    The cells of each table are those that there could be, in an order that does not depend on the counts;
    the first is the one that says least, and takes what fits no other, and every case from which its reporter
    excluded somebody: who reads all the others would find it by subtraction.
    """
    kinds = _table("kind", counts, _kind, _named(PUBLIC_KINDS))
    yield kinds
    for kind, row in zip(PUBLIC_KINDS, kinds.rows, strict=True):
        if kind and row.count is not None:
            family = kind if kind in FAMILIES else "none"
            fit = {each.id: each.titles for each in named.categories.of_family(family)}
            mine = [count for count in counts if _kind(count) == kind and not count.restricted]
            yield _table("category", mine, lambda count: count.category, {"": both(OTHER), **fit}, row.titles)
    yield _table("office", counts, lambda count: count.office, {"": both(OTHER), **named.offices})
    yield _table("result", counts, lambda count: _RESULTS[count.result], _named(PUBLIC_RESULTS))
    yield _table("arrival", counts, lambda count: count.arrival, _named(PUBLIC_ARRIVALS))
    yield _table("timeliness", counts, _timeliness, _named(PUBLIC_TIMELINESS))


def _says_something(table: Table) -> bool:
    """A table of which all is hidden says nothing."""
    return any(row.count is not None for row in table.rows)


def _table(
    kind: str,
    counts: Sequence[Count],
    value: Callable[[Count], str],
    cells: Mapping[str, Names],
    of: Names | None = None,
) -> Table:
    rest = next(iter(cells))
    values = [rest if count.restricted else value(count) for count in counts]
    found = Counter(name if name in cells else rest for name in values)
    shown = suppression.suppress({name: found[name] for name in cells})
    return Table(kind, of, tuple(Row(cells[name], count) for name, count in shown.items()))


def _named(titles: Mapping[str, str]) -> dict[str, Names]:
    return {name: both(title) for name, title in titles.items()}


def _kind(count: Count) -> str:
    """Complaints by their family, which says nothing of the other kinds."""
    if count.kind != "aduan":
        return count.kind
    return "integrity" if count.family == "integrity" else "service"


def _timeliness(count: Count) -> str:
    return "late" if count.timeliness in ("late", "overdue") else "in-time"
