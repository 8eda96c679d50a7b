"""Checks of the disk: room, unfinished uploads, evidence, backups."""

from collections.abc import Iterator
from datetime import date
from sqlite3 import Connection
from typing import Final

from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.doctor.opened import opened
from store import keyfile
from store.board_day import BoardDay
from store.files import names_in
from store.layout import Layout
from store.space import has_inodes, room

OLDEST_BACKUP: Final = 8
"""Days: made every week, and a day late."""


def space(installation: Installation) -> Iterator[Finding]:
    """Whether texts, and files too, are still taken."""
    mend = f"peluit tidy {installation.data}"
    if not has_inodes(installation.data):
        yield Finding("space", "bad", "The disk has hardly any inodes left: nothing is taken.", mend)
    elif room(installation.data, installation.reserve) < 0:
        yield Finding("space", "bad", "The disk is full up to the reserve: nothing is taken.", mend)
    elif room(installation.data, 2 * installation.reserve) < 0:
        yield Finding("space", "bad", "The disk is almost full: texts are taken, files are not.", mend)
    else:
        yield Finding("space", "good", "The disk has room for texts and files.")


def uploads(installation: Installation) -> Iterator[Finding]:
    """Whether the server tidies: what nobody finished, what a backup left that was cut off."""
    layout, today = installation.layout, installation.today
    folders = (layout.incoming, layout.relayed.incoming)
    late = sum(name < today for folder in folders for name in names_in(folder) if not name.startswith("."))
    copies = len(list(layout.run.glob(".copy-*")))
    if late:
        says = f"Uploads that nobody finished lie here since {late} days on which they should have gone."
        yield Finding("uploads", "bad", says, f"peluit tidy {installation.data}")
    elif copies:
        says = "A backup was cut off; what is left of it opens with no key."
        yield Finding("uploads", "bad", says, _backup(installation))
    else:
        yield Finding("uploads", "good", "Uploads that nobody finished are gone in time.")


def evidence(installation: Installation) -> Iterator[Finding]:
    """Whether each file of evidence has its record, and the other way round."""
    layout = installation.layout
    if not layout.inbox.exists():
        return  # data.inbox says so
    files, records = _files(layout), _records(layout)
    # Whoever is at work meanwhile is seen at the second look.
    lost = len((records - files) & _records(layout))
    extra = len((files - records) & _files(layout) - _records(layout))
    if lost:
        says = f"{lost} files of evidence are gone that reporters were told are safe."
        yield Finding("evidence", "bad", says, "peluit restore --from BACKUP --folder NEW")
    elif extra:
        says = f"{extra} files of evidence belong to no report."
        yield Finding("evidence", "bad", says, f"peluit tidy {installation.data}")
    else:
        yield Finding("evidence", "good", "Every file of evidence is where it belongs.")


def backups(installation: Installation) -> Iterator[Finding]:
    """How old the last backup is."""
    last = BoardDay(installation.layout.backup_day).read()
    if last is None:
        yield Finding("backups", "bad", "There was never a backup.", _backup(installation))
        return
    age = (date.fromisoformat(installation.today) - date.fromisoformat(last)).days
    if age > OLDEST_BACKUP:
        says = f"The last backup is of {last}, {age} days old."
        yield Finding("backups", "bad", says, _backup(installation))
    else:
        yield Finding("backups", "good", f"The last backup is of {last}.")


def _backup(installation: Installation) -> str:
    return f"peluit backup --folder {installation.data} --to FILE"


def _files(layout: Layout) -> set[tuple[str, str]]:
    return {(office, name) for office in names_in(layout.done) for name in names_in(layout.done / office)}


def _records(layout: Layout) -> set[tuple[str, str]]:
    with opened(layout.inbox, keyfile.read(layout.inbox_key)) as connection:
        return _named(connection)


def _named(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT office, id FROM item WHERE kind = 'blob'")
    return {(office, bytes(name).hex()) for office, name in rows}


CHECKS: Final[tuple[Check, ...]] = (space, uploads, evidence, backups)
