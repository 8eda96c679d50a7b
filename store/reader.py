"""The office's side of the inbox: it counts, lists, bundles and erases what is sealed."""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import Final

from crypto import parts
from crypto.constants import ID_SIZE
from crypto.fields import ChannelId, Day, InstanceId, OfficeId
from crypto.manifest import LARGEST_PART, Entry, Inbound
from store import doomed, overview
from store.bundles import Bundle, bundles_in, forget
from store.database import Database
from store.engine import Engine
from store.errors import NoSuchBundleError, NoSuchItemError, StorageFullError
from store.files import open_quietly, pieces_of
from store.keyfile import RawKey
from store.layout import Layout
from store.overview import EVERYTHING, Counts, Filter
from store.schema import INBOX

# A manifest line takes about 180 bytes, and one manifest may have to hold them all: at most 64 MiB
# (protocol.md section 10). A bundle's size in bytes has no such bound: it is cut into parts.
MOST_ENTRIES: Final = 100_000


Name = tuple[str, bytes]
"""What names a sealed thing of an office: its kind and id."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in the list of what waits; days in order, random ids within a day."""

    day: Day
    id: bytes
    kind: str


@dataclass(frozen=True)
class Sealed:
    """An item or blob as the office sees it before the station opens it. `size` in bytes."""

    kind: str
    id: bytes
    channel: ChannelId | None
    day: Day
    size: int

    @property
    def place(self) -> Place:
        return Place(self.day, self.id, self.kind)


def open_inbox(path: Path, key: RawKey) -> Database:
    """The inbox database without the reporter's side's bounds."""
    return Database(path, key, INBOX)


class InboxReader:
    """What the office may do with sealed things. Errors: any StoreError."""

    def __init__(self, database: Engine, layout: Layout) -> None:
        self._database = database
        self._layout = layout

    def counts(self, office: OfficeId) -> Counts:
        """How much of an office waits."""
        return overview.counts(self._database, office)

    def page(
        self, office: OfficeId, after: Place | None = None, limit: int = 50, wanted: Filter = EVERYTHING
    ) -> tuple[Sealed, ...]:
        """The next `limit` things that wait and fit the filter.

        As fast on the last page as on the first, and however many there are: of each sort of things (there
        are few) the next ones are found in an index, and then the first of all taken.
        """
        first = Place(wanted.first or Day(""), b"", "")
        begin = first if after is None else max(after, first)
        last = wanted.last or Day("9999-12-31")
        with self._database.read() as connection:
            rows = [
                connection.execute(
                    _PAGE, (office, *sort, begin.day, begin.id, begin.kind, last, limit)
                ).fetchall()
                for sort in overview.sorts(connection, office, wanted)
            ]
        return tuple(nsmallest(limit, (Sealed(*row) for row in chain(*rows)), key=lambda thing: thing.place))

    def freeze(
        self,
        office: OfficeId,
        on: Day,
        days: Collection[Day] | None = None,
        most: int = MOST_ENTRIES,
        things: Collection[Name] | None = None,
    ) -> Bundle | None:
        """Puts what waits, what came on these days, or these things, into a new bundle of at most `most`.

        None if nothing of the kind waits. The oldest go first; what is left waits on.

        Then rewrites the file, so that not even the holder of its key can read from it in which order, and
        with which others, these things came. If the disk has no room for it, the bundle stands all the same.
        """
        made = self._freeze(office, on, days, most, things)
        if made is not None:
            with suppress(StorageFullError):
                self._database.compact()
        return made

    def _freeze(
        self,
        office: OfficeId,
        on: Day,
        days: Collection[Day] | None,
        most: int,
        things: Collection[Name] | None,
    ) -> Bundle | None:
        bundle = secrets.token_bytes(ID_SIZE)
        chosen = {
            "office": office,
            "days": None if days is None else json.dumps(sorted(days)),
            "things": None if things is None else json.dumps([kind + name.hex() for kind, name in things]),
            "most": most,
        }
        with self._database.write() as connection:
            entries, size, oldest = connection.execute(_CHOOSE, chosen).fetchone()
            if not entries:
                return None
            (number,) = connection.execute(_NEXT_NUMBER, (office,)).fetchone()
            connection.execute(_MAKE, (bundle, office, number, on, entries, size))
            connection.execute(_FREEZE, chosen | {"bundle": bundle})
            return Bundle(bundle, office, number, on, entries, size, oldest)

    def bundles(self, office: OfficeId) -> tuple[Bundle, ...]:
        """The bundles of an office that were not acknowledged, by number."""
        with self._database.read() as connection:
            return bundles_in(connection, office)

    def parts(
        self, instance: InstanceId, office: OfficeId, bundle: bytes, largest: int = LARGEST_PART
    ) -> tuple[Inbound, ...]:
        """The manifests of a bundle's parts, the same each time; NoSuchBundleError.

        Within a kind, the entries are in the order of their random ids.
        """
        with self._database.read() as connection:
            found = bundles_in(connection, office, bundle)
            if not found:
                raise NoSuchBundleError
            rows = connection.execute(_ENTRIES, (bundle,)).fetchall()
        entries = (
            Entry(kind, f"{kind}s/{name.hex()}", size, channel, day, 0, size if kind == "blob" else 0)
            for kind, name, channel, day, size in rows
        )
        return parts.split(instance, office, bundle, found[0].number, found[0].day, entries, largest)

    def read_entry(self, office: OfficeId, entry: Entry, skip: int = 0) -> Iterator[bytes]:
        """The bytes of an entry from an offset on, in pieces of at most 1 MiB.

        NoSuchItemError if it was erased meanwhile.
        """
        name = bytes.fromhex(entry.name)
        if entry.kind == "item":
            yield self.body(office, name)[skip:]
            return
        try:
            with open_quietly(self._layout.blob(office, name)) as file:
                file.seek(entry.start + skip)
                yield from pieces_of(file, entry.size - skip)
        except FileNotFoundError:
            raise NoSuchItemError from None

    def body(self, office: OfficeId, item: bytes) -> bytes:
        """A sealed item; NoSuchItemError."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT data FROM body WHERE office = ? AND id = ?", (office, item)
            ).fetchone()
        if row is None:
            raise NoSuchItemError
        return bytes(row[0])

    def erase(self, office: OfficeId, bundles: Sequence[bytes]) -> int:
        """Erases all that the station has received in these bundles; how many of them were there.

        Repeatable, whatever cut an earlier run off; unknown bundles and another office's are passed over.
        """
        with self._database.delete() as connection:
            known = [bundle for bundle in bundles if bundles_in(connection, office, bundle)]
            forget(connection, known)
        doomed.remove_files(self._database, self._layout)
        self._database.end_erasures()
        return len(known)


_PAGE: Final = """
SELECT kind, id, nullif(channel, ''), day, size FROM item INDEXED BY item_new
WHERE office = ? AND kind = ? AND channel = ? AND class = ?
  AND bundle IS NULL AND (day, id, kind) > (?, ?, ?) AND day <= ? ORDER BY day, id LIMIT ?
"""
_NEXT_NUMBER: Final = """
INSERT INTO last_bundle VALUES (?, 1) ON CONFLICT (office) DO UPDATE SET number = last_bundle.number + 1
RETURNING number
"""
# Each kind has four letters.
_CHOSEN: Final = """
FROM item WHERE office = :office AND bundle IS NULL
  AND (CAST(:days AS text) IS NULL OR day IN (SELECT value FROM json_each(:days)))
  AND (CAST(:things AS text) IS NULL OR (kind, id) IN
    (SELECT substr(value, 1, 4), unhex(substr(value, 5)) FROM json_each(:things)))
ORDER BY day, id, kind LIMIT :most
"""
_CHOOSE: Final = (
    f"SELECT count(*), CAST(sum(size) AS bigint), min(day) FROM (SELECT size, day {_CHOSEN}) AS chosen"  # noqa: S608
)
_MAKE: Final = "INSERT INTO bundle (id, office, number, day, entries, size) VALUES (?, ?, ?, ?, ?, ?)"
_FREEZE: Final = f"""
UPDATE item SET bundle = :bundle WHERE office = :office AND (kind, id) IN (SELECT kind, id {_CHOSEN})
"""  # noqa: S608
_ENTRIES: Final = (
    "SELECT kind, id, nullif(channel, ''), day, size FROM item WHERE bundle = ? ORDER BY kind = 'blob', id"
)
