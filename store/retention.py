"""Bundles that were downloaded and that no station confirms: when the server erases them (decision 0029).

Nothing that was not downloaded whole is ever erased here. What is to go is announced first: the day is set
when people can first read of it, NOTICE days ahead, and set anew if the server was off for more than MOST_OFF
days since. So neither months without power nor a clock that jumps ahead erase anything at once. Each download
that begins puts it off.
"""

from typing import Final

from crypto import calendar
from crypto.fields import Day, OfficeId
from crypto.manifest import Inbound
from store import doomed
from store.bundles import Bundle, bundles_in, forget
from store.engine import Engine
from store.layout import Layout

NOTICE: Final = 14
"""How many days ahead people read that a bundle will be erased."""
MOST_OFF: Final = 7
"""For how many days nobody may have looked (`plan`) without the notice beginning anew."""


class Retention:
    """Errors: any StoreError."""

    def __init__(self, database: Engine, layout: Layout) -> None:
        self._database = database
        self._layout = layout

    def begin(self, part: Inbound, today: Day) -> None:
        """Somebody downloads a part of a bundle: whoever carries it gets all the time anew."""
        with self._database.write() as connection:
            connection.execute("UPDATE fetched SET day = ? WHERE bundle = ?", (today, part.bundle))
            connection.execute("UPDATE bundle SET leaves = NULL WHERE id = ?", (part.bundle,))

    def end(self, part: Inbound, today: Day) -> None:
        """The part's last byte was handed over; ConflictError if the bundle is gone."""
        with self._database.write() as connection:
            connection.execute(_FETCHED, (part.bundle, part.part, part.parts, today))

    def plan(self, office: OfficeId, days: int | None, today: Day) -> None:
        """Announces what is to go `days` after its last download (None: nothing), and takes back the rest."""
        with self._database.write() as connection:
            for bundle in bundles_in(connection, office):
                (checked,) = connection.execute(_CHECKED, (bundle.id,)).fetchone()
                leaves = _leaves(bundle, checked, days, today)
                connection.execute(_PLAN, (leaves, today if leaves else None, bundle.id))

    def due(self, office: OfficeId, today: Day) -> tuple[Bundle, ...]:
        """The bundles whose announced day has come."""
        with self._database.read() as connection:
            return tuple(bundle for bundle in bundles_in(connection, office) if _is_due(bundle, today))

    def erase(self, office: OfficeId, today: Day) -> None:
        """Erases them, unless a download has begun since."""
        with self._database.delete() as connection:
            due = [bundle.id for bundle in bundles_in(connection, office) if _is_due(bundle, today)]
            forget(connection, due)
        doomed.remove_files(self._database, self._layout)
        self._database.end_erasures()


def _leaves(bundle: Bundle, checked: Day | None, days: int | None, today: Day) -> Day | None:
    if days is None or bundle.fetched is None or today < calendar.add_days(bundle.fetched, days - NOTICE):
        return None
    anew = calendar.add_days(today, NOTICE)
    if bundle.leaves is None or checked is None or checked < calendar.add_days(today, -MOST_OFF):
        return anew
    return min(bundle.leaves, anew)


def _is_due(bundle: Bundle, today: Day) -> bool:
    return bundle.leaves is not None and bundle.leaves <= today


_CHECKED: Final = "SELECT checked FROM bundle WHERE id = ?"
_PLAN: Final = "UPDATE bundle SET leaves = ?, checked = ? WHERE id = ?"
_FETCHED: Final = """
INSERT INTO fetched (bundle, part, parts, day) VALUES (?, ?, ?, ?)
ON CONFLICT (bundle, part) DO UPDATE SET parts = excluded.parts, day = excluded.day
"""
