"""What the API works with: opened once for each process, shared by its threads."""

from dataclasses import dataclass, field
from typing import Final

from store import keyfile, site
from store.board import Board
from store.chunks import Chunks
from store.directories import Directories
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from store.site import Site

# A bundle carries a blob as one entry, whose size is 11 octal digits (docs/protocol.md section 10).
LARGEST_BLOB: Final = 8 * 2**30 - 1


@dataclass(frozen=True)
class Services:
    site: Site
    directories: Directories
    board: Board
    inbox: InboxWriter
    chunks: Chunks
    ticket_key: RawKey = field(repr=False)


def open_services(layout: Layout, reserve: int) -> Services:
    """The services of one installation, `reserve` bytes of its disk left free. Any StoreError.

    Evidence leaves twice the reserve: text is still taken when files must wait.
    """
    found = site.read(layout)
    inbox = InboxWriter(layout.inbox, keyfile.read(layout.inbox_key), reserve)
    return Services(
        site=found,
        directories=Directories(layout, found),
        board=Board(layout.board),
        inbox=inbox,
        chunks=Chunks(layout, inbox, 2 * reserve),
        ticket_key=keyfile.read(layout.ticket_key),
    )
