"""What the reviewers' pages count, from the tally that the inbox keeps (store/schema.py)."""

from dataclasses import asdict, dataclass
from typing import Final

from crypto.fields import ChannelId, Day, OfficeId
from store.engine import Connection, Engine

CLASSES: Final = ("small", "medium", "large")
"""Of sealed things: below 1 MiB, below 100 MiB, and from there on."""


@dataclass(frozen=True)
class Filter:
    """Which of the things that wait are meant; None narrows nothing. `first` and `last` are days, inclusive.

    `kind` is "item" or "blob", `size` one of CLASSES. A channel leaves only items: blobs have none.
    """

    channel: ChannelId | None = None
    first: Day | None = None
    last: Day | None = None
    kind: str | None = None
    size: str | None = None


EVERYTHING: Final = Filter()

Sort = tuple[str, str, str]
"""Kind, channel (empty for blobs) and class of size of a thing."""


@dataclass(frozen=True)
class Counts:
    """What waits to be bundled. `size` in bytes."""

    items: int
    blobs: int
    size: int


@dataclass(frozen=True)
class Waiting:
    """Sealed things that came on one day and are in no bundle yet. `size` in bytes."""

    count: int
    size: int


@dataclass(frozen=True)
class Share:
    """What waits of one kind and class of size. `size` in bytes."""

    kind: str
    class_: str
    count: int
    size: int


def counts(inbox: Engine, office: OfficeId, wanted: Filter = EVERYTHING) -> Counts:
    """How much of what waits for an office fits the filter."""
    with inbox.read() as connection:
        return Counts(*connection.execute(_COUNTS, _named(office, wanted)).fetchone())


def waiting(inbox: Engine, office: OfficeId, wanted: Filter = EVERYTHING) -> dict[Day, Waiting]:
    """The same by the day it came."""
    with inbox.read() as connection:
        rows = connection.execute(_WAITING, _named(office, wanted)).fetchall()
    return {Day(day): Waiting(count, size) for day, count, size in rows}


def shares(inbox: Engine, office: OfficeId) -> tuple[Share, ...]:
    """What waits for an office, texts before files and small before large."""
    with inbox.read() as connection:
        found = [Share(*row) for row in connection.execute(_SHARES, (office,))]
    return tuple(sorted(found, key=lambda share: (share.kind == "blob", CLASSES.index(share.class_))))


def sorts(connection: Connection, office: OfficeId, wanted: Filter) -> list[Sort]:
    """The sorts of things that fit the filter and of which at least one waits."""
    return connection.execute(_SORTS, _named(office, wanted)).fetchall()


def expiring(inbox: Engine) -> dict[Day, int]:
    """How many slots the board shows to the end of which day."""
    with inbox.read() as connection:
        rows = connection.execute(
            "SELECT expires, count(*) FROM slot GROUP BY expires ORDER BY expires"
        ).fetchall()
    return {Day(day): count for day, count in rows}


def _named(office: OfficeId, wanted: Filter) -> dict[str, str | None]:
    return {**asdict(wanted), "office": office}


_FITTING: Final = """
FROM tally WHERE office = :office
  AND (CAST(:channel AS text) IS NULL OR channel = :channel)
  AND (CAST(:first AS text) IS NULL OR day >= :first) AND (CAST(:last AS text) IS NULL OR day <= :last)
  AND (CAST(:kind AS text) IS NULL OR kind = :kind) AND (CAST(:size AS text) IS NULL OR class = :size)
"""
# PostgreSQL adds whole numbers up to decimal ones, and wants to know of each parameter what it is.
_SUM: Final = "CAST(coalesce(sum({}) {}, 0) AS bigint)"
_COUNTS: Final = f"""
SELECT {_SUM.format("count", "FILTER (WHERE kind = 'item')")},
  {_SUM.format("count", "FILTER (WHERE kind = 'blob')")}, {_SUM.format("size", "")} {_FITTING}
"""
_BOTH: Final = f"{_SUM.format('count', '')}, {_SUM.format('size', '')}"
_WAITING: Final = f"SELECT day, {_BOTH} {_FITTING} GROUP BY day ORDER BY day"
_SHARES: Final = f"SELECT kind, class, {_BOTH} FROM tally WHERE office = ? GROUP BY kind, class"  # noqa: S608
_SORTS: Final = f"SELECT DISTINCT kind, channel, class {_FITTING}"
