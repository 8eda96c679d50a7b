"""What the app works with: the stored things of one installation, opened once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import abort, current_app, g

from crypto.fields import Day
from crypto.manifest import LARGEST_PART
from journalist_app.schedule import DAILY, Schedule
from store import site
from store.board import Board
from store.board_day import BoardDay
from store.directories import Directories
from store.engine import Engine, open_office
from store.layout import Layout
from store.pending import PendingBundles
from store.reader import InboxReader
from store.reporting import Writer, open_reporting
from store.retention import Retention
from store.site import Site, SiteOffice
from store.slots import Slots
from store.space import DEFAULT_LIMITS, Limits
from store.staff import Staff, open_staff
from store.statistics import PublishedStatistics
from store.uploads import Uploads

NAME = "peluit"


@dataclass(frozen=True)
class Parts:
    """One installation. `clock` gives seconds since 1970; `largest_part` bounds a bundle's parts in bytes.

    `schedule` says when the board is published, `limits` how much of the disk reports may take. With `writer`
    and `uploads`, what offices send one another comes in like what reporters send.
    """

    layout: Layout
    site: Site
    staff: Staff
    database: Engine
    inbox: InboxReader
    writer: Writer
    uploads: Uploads
    retention: Retention
    slots: Slots
    board: Board
    board_day: BoardDay
    directories: Directories
    statistics: PublishedStatistics
    pending: PendingBundles
    clock: Callable[[], float]
    largest_part: int
    schedule: Schedule
    limits: Limits

    def today(self) -> Day:
        """The present day in UTC."""
        return Day(datetime.fromtimestamp(self.clock(), UTC).date().isoformat())

    def close(self) -> None:
        """Closes this process's connections."""
        self.staff.close()
        self.writer.close()
        self.database.close()


def open_parts(
    layout: Layout,
    known: Site | None = None,
    clock: Callable[[], float] = time.time,
    largest_part: int = LARGEST_PART,
    schedule: Schedule = DAILY,
    limits: Limits = DEFAULT_LIMITS,
    inbox: str = "",
) -> Parts:
    """Opens an installation; `known` stands for a site file that is not written yet. Any StoreError.

    `inbox` is PELUIT_INBOX (store/engine.py).
    """
    found = known or site.read(layout)
    database = open_office(layout, inbox)
    writer = open_reporting(layout, inbox, limits.reserve).writer
    return Parts(
        layout=layout,
        site=found,
        staff=open_staff(layout, clock),
        database=database,
        inbox=InboxReader(database, layout),
        writer=writer,
        uploads=Uploads(layout.relayed, writer, limits),
        retention=Retention(database, layout),
        slots=Slots(database),
        board=Board(layout.board),
        board_day=BoardDay(layout.board_day),
        directories=Directories(layout, found),
        statistics=PublishedStatistics(layout),
        pending=PendingBundles(layout),
        clock=clock,
        largest_part=largest_part,
        schedule=schedule,
        limits=limits,
    )


def parts() -> Parts:
    """The installation that this app serves."""
    return cast(Parts, current_app.extensions[NAME])


def my_office() -> SiteOffice:
    """The office of whoever is signed in: the bound of every look-up."""
    office = parts().site.office(g.account.office)
    if office is None:
        abort(403)
    return office
