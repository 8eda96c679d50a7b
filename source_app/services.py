"""What the API works with: opened once for each process, shared by its threads."""

from dataclasses import dataclass, field

from store import keyfile, site
from store.board import Board
from store.directories import Directories
from store.eraser import InboxEraser
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
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
    inbox: InboxWriter
    eraser: InboxEraser
    uploads: Uploads
    limits: Limits
    ticket_key: RawKey = field(repr=False)


def open_services(layout: Layout, limits: Limits) -> Services:
    """The services of one installation. Any StoreError."""
    found = site.read(layout)
    layout.make_done(office.id for office in found.offices)
    inbox_key = keyfile.read(layout.inbox_key)
    inbox = InboxWriter(layout.inbox, inbox_key, limits.reserve)
    return Services(
        site=found,
        directories=Directories(layout, found),
        statistics=PublishedStatistics(layout),
        board=Board(layout.board),
        inbox=inbox,
        eraser=InboxEraser(layout, inbox_key),
        uploads=Uploads(layout, inbox, limits),
        limits=limits,
        ticket_key=keyfile.read(layout.ticket_key),
    )
