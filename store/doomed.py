"""The files of erased blobs: on a list from the moment their record goes, and removed right after.

Because of the list, a crash in between leaves no file behind for good, and no record without its file.
"""

from collections.abc import Sequence
from typing import Final

from crypto.fields import OfficeId
from store.engine import Engine
from store.files import forget_times, sync_folder
from store.layout import Layout


def remove_files(inbox: Engine, layout: Layout) -> None:
    """Removes all doomed files, durably; any StoreError, OSError. Then `inbox.end_erasures` is due.

    Inside a transaction: a reporter may send the very same file again, and be told that it is safe.
    """
    with inbox.read() as connection:
        if not connection.execute("SELECT EXISTS (SELECT 1 FROM doomed)").fetchone()[0]:
            return
    with inbox.delete() as connection:
        unlink(layout, connection.execute(_DOOMED).fetchall())
        connection.execute("DELETE FROM doomed")


def unlink(layout: Layout, doomed: Sequence[tuple[OfficeId, bytes]]) -> None:
    """Removes these blobs' files, durably; OSError."""
    for office, blob in doomed:
        layout.blob(office, blob).unlink(missing_ok=True)
    for folder in {layout.blob(office, blob).parent for office, blob in doomed}:
        if folder.exists():
            sync_folder(folder)
            forget_times(folder)


# Without those that came again since they were erased.
_DOOMED: Final = """
SELECT office, id FROM doomed
WHERE NOT EXISTS (SELECT 1 FROM item WHERE office = doomed.office AND kind = 'blob' AND id = doomed.id)
"""
