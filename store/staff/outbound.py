"""Which bundles from the stations were taken, so that none is taken twice and no older one later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from sqlite3 import Connection
from typing import Final

from crypto.fields import Day, OfficeId
from crypto.manifest import MOST_PACKAGES
from store.database import Database
from store.errors import BundleTakenError, ManyPackagesTakenError, OlderBundleTakenError
from store.staff import audit
from store.staff.account import Account, day_of

PACKAGES_A_DAY: Final = 2 * MOST_PACKAGES
"""For other offices, of one office: no station that went wrong fills another office's inbox."""

_PACKAGES: Final = "packages-brought"


class TakenBundles:
    """Errors: any StoreError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def taking(
        self, actor: Account, bundle: bytes, number: int, packages: int = 0
    ) -> Iterator[Callable[[audit.Act, str], None]]:
        """Whatever an outbound bundle does, done inside, happens for one bundle at a time.

        The bundle counts as taken only when the block has ended well: after a crash it can be brought again.
        Then the log has an entry for it, one for its packages for other offices, and one for each act and
        subject that the block gave the function. BundleTakenError, OlderBundleTakenError,
        ManyPackagesTakenError before the block. Don't use staff.db inside it.
        """
        office, on = actor.office, day_of(self._clock())
        log = partial(audit.write, on=on, actor=actor)
        with self._database.write() as connection:
            _check(connection, office, bundle, number, packages, on)
            yield lambda act, subject: log(connection, act=act, subject=subject)
            connection.execute(
                "INSERT INTO outbound (office, bundle, number) VALUES (?, ?, ?)", (office, bundle, number)
            )
            log(connection, act="bundle-imported", subject=str(number))
            if packages:
                log(connection, act=_PACKAGES, subject=str(packages))

    def check(self, office: OfficeId, bundle: bytes, number: int, packages: int = 0) -> None:
        """Whether this bundle could be taken now; BundleTakenError, OlderBundleTakenError,
        ManyPackagesTakenError."""
        with self._database.read() as connection:
            _check(connection, office, bundle, number, packages, day_of(self._clock()))

    def last(self, office: OfficeId) -> int:
        """The number of the last bundle taken from this office's station; 0 if none was."""
        with self._database.read() as connection:
            return _last(connection, office)


def _check(
    connection: Connection, office: OfficeId, bundle: bytes, number: int, packages: int, on: Day
) -> None:
    known = "SELECT 1 FROM outbound WHERE office = ? AND bundle = ?"
    if connection.execute(known, (office, bundle)).fetchone():
        raise BundleTakenError
    if number <= _last(connection, office):
        raise OlderBundleTakenError
    if packages and packages + _packages(connection, office, on) > PACKAGES_A_DAY:
        raise ManyPackagesTakenError


def _packages(connection: Connection, office: OfficeId, on: Day) -> int:
    """How many an office has brought on a day, by its log."""
    rows = connection.execute(
        "SELECT subject FROM log WHERE office = ? AND day = ? AND act = ?", (office, on, _PACKAGES)
    )
    return sum(int(subject) for (subject,) in rows)


def _last(connection: Connection, office: OfficeId) -> int:
    row = connection.execute("SELECT max(number) FROM outbound WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0)
