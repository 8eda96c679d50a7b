"""An inbox that came out of a backup: brought in line with the evidence that came with it."""

from sqlite3 import Connection
from typing import Final

from crypto.fields import OfficeId
from peluit.backup_errors import OtherContentError
from store import doomed, keyfile
from store.bundles import forget
from store.database import Database
from store.files import names_in
from store.layout import Layout
from store.schema import INBOX
from store.soundness import is_sound
from store.staff.schema import STAFF

MOST_SINCE: Final = 1_000
"""So many bundles an office may have made since the backup: numbers only rise (protocol.md section 10)."""

_Name = tuple[OfficeId, bytes]


def complete(layout: Layout) -> None:
    """OtherContentError if a database is not whole; any StoreError.

    A blob may have been erased while the backup was made, and then was in a bundle that a station had
    confirmed, or erased by its reporter; or been completed too late to be in the database's copy.
    """
    staff = Database(layout.staff, keyfile.read(layout.staff_key), STAFF)
    try:
        _check(staff, "the staff's database")
    finally:
        staff.close()
    inbox = Database(layout.inbox, keyfile.read(layout.inbox_key), INBOX)
    try:
        _check(inbox, "the inbox")
        there = _files(layout)
        with inbox.erase() as connection:
            gone = [row for row in connection.execute(_BLOBS) if (row[0], row[1]) not in there]
            forget(connection, sorted({bundle for _office, _id, bundle in gone if bundle is not None}))
            connection.executemany(_DROP, [(office, name) for office, name, _bundle in gone])
            connection.execute("UPDATE last_bundle SET number = number + ?", (MOST_SINCE,))
        doomed.remove_files(inbox, layout)
        inbox.end_erasures()
        with inbox.read() as connection:
            doomed.unlink(layout, sorted(there - _named(connection)))
    finally:
        inbox.close()


def _check(database: Database, name: str) -> None:
    with database.read() as connection:
        sound = is_sound(connection)
    if not sound:
        raise OtherContentError(f"{name} is damaged")


def _files(layout: Layout) -> set[_Name]:
    offices = [OfficeId(name) for name in names_in(layout.done)]
    return {(office, bytes.fromhex(name)) for office in offices for name in names_in(layout.done / office)}


def _named(connection: Connection) -> set[_Name]:
    return {(OfficeId(office), bytes(name)) for office, name, _bundle in connection.execute(_BLOBS)}


_BLOBS: Final = "SELECT office, id, bundle FROM item WHERE kind = 'blob'"
_DROP: Final = "DELETE FROM item WHERE office = ? AND kind = 'blob' AND id = ?"
