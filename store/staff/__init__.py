"""The people who work with the server (staff.db): accounts, sign-in, and what they took from a station.

Nothing here is finer than a day, and nothing says where anybody signed in from. The one trace of a moment,
the mark of the last code, matters for a minute and a half; the account's next page after that erases it.

Whatever somebody changes is a method with an `actor` as its first argument, and one transaction, which
also writes the entry in the log (store/staff/audit.py).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from store import keyfile
from store.database import Database
from store.layout import Layout
from store.staff.account import Account
from store.staff.audit import StaffLog
from store.staff.credentials import Credentials
from store.staff.invitations import Invitations
from store.staff.outbound import TakenBundles
from store.staff.people import People
from store.staff.schema import STAFF
from store.staff.sessions import Sessions
from store.staff.settings import OfficeSettings

__all__ = ["Account", "Staff", "open_staff"]


@dataclass(frozen=True)
class Staff:
    """staff.db, by topic. Errors: any StoreError."""

    database: Database
    people: People
    invitations: Invitations
    credentials: Credentials
    sessions: Sessions
    taken: TakenBundles
    settings: OfficeSettings
    log: StaffLog

    def close(self) -> None:
        """Closes this process's connection."""
        self.database.close()


def open_staff(layout: Layout, clock: Callable[[], float] = time.time) -> Staff:
    """The staff database of an installation, made at the first use; KeyFileMissingError and its siblings.

    `clock` gives seconds since 1970.
    """
    database = Database(layout.staff, keyfile.read(layout.staff_key), STAFF)
    return Staff(
        database=database,
        people=People(database, clock),
        invitations=Invitations(database, clock),
        credentials=Credentials(database, clock),
        sessions=Sessions(database, clock),
        taken=TakenBundles(database, clock),
        settings=OfficeSettings(database, clock),
        log=StaffLog(database, clock),
    )
