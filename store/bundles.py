"""What was put together for the station and is not confirmed: rows of inbox.db, within its transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.fields import Day, OfficeId
from store.engine import Connection


@dataclass(frozen=True)
class Bundle:
    """A bundle that no station has confirmed yet. `size` in bytes, of its entries.

    `oldest`: the day on which the first of them came. `fetched`: the last day on which a part was downloaded,
    once all of them were. `leaves`: the day on which it is erased unconfirmed, if that is near
    (store/retention.py).
    """

    id: bytes
    office: OfficeId
    number: int
    day: Day
    entries: int
    size: int
    oldest: Day
    fetched: Day | None = None
    leaves: Day | None = None


def forget(connection: Connection, bundles: Sequence[bytes]) -> None:
    """Deletes bundles with all that is in them; then `doomed.remove_files` and `end_erasures` are due."""
    for bundle in bundles:
        connection.execute("DELETE FROM item WHERE bundle = ?", (bundle,))
        connection.execute("DELETE FROM bundle WHERE id = ?", (bundle,))


def bundles_in(connection: Connection, office: OfficeId, bundle: bytes | None = None) -> tuple[Bundle, ...]:
    """The bundles of an office by number, or the one of them with this id."""
    one, wanted = ("", ()) if bundle is None else (" AND id = ?", (bundle,))
    rows = connection.execute(_BUNDLES.format(one), (office, *wanted)).fetchall()
    return tuple(Bundle(*row) for row in rows)


_BUNDLES: Final = """
SELECT id, office, number, day, entries, size,
  (SELECT min(item.day) FROM item WHERE item.bundle = bundle.id),
  (SELECT max(fetched.day) FROM fetched WHERE fetched.bundle = bundle.id
    GROUP BY fetched.bundle HAVING count(*) = max(parts)),
  leaves
FROM bundle WHERE office = ?{} ORDER BY number
"""
