"""What the API works with: opened once for each process, shared by its threads."""

from dataclasses import dataclass, field

from store import keyfile, site
from store.board import Board
from store.directories import Directories
from store.keyfile import RawKey
from store.layout import Layout
from store.reporting import Eraser, Writer, open_reporting
from store.site import Site
from store.space import Limits
from store.statistics import PublishedStatistics
from store.uploads import Uploads


@dataclass(frozen=True)
class Services:
    site: Site
    directories: Directories
    statistics: PublishedStatistics
    board: Board
    inbox: Writer
    eraser: Eraser
    uploads: Uploads
    limits: Limits
    ticket_key: RawKey = field(repr=False)


def open_services(layout: Layout, limits: Limits, inbox: str = "") -> Services:
    """The services of one installation. `inbox` is PELUIT_INBOX (store/reporting.py). Any StoreError."""
    found = site.read(layout)
    layout.make_done(office.id for office in found.offices)
    reporting = open_reporting(layout, inbox, limits.reserve)
    return Services(
        site=found,
        directories=Directories(layout, found),
        statistics=PublishedStatistics(layout),
        board=Board(layout.board),
        inbox=reporting.writer,
        eraser=reporting.eraser,
        uploads=Uploads(layout, reporting.writer, limits),
        limits=limits,
        ticket_key=keyfile.read(layout.ticket_key),
    )
