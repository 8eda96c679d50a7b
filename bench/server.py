"""A demo office for a measurement: started as a person starts it, on a real disk, gone afterwards."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.processes import command
from crypto import calendar
from crypto.directory import Slice, read_slice
from crypto.fields import ChannelId, OfficeId
from store import keyfile, overview, site
from store.board import Board
from store.directories import Directories
from store.layout import Layout
from store.reader import open_inbox
from tests.e2e.office import Office, demo

OFFICE = OfficeId("kota-contoh")
CHANNEL = ChannelId("aduan-integritas")

# gunicorn's master and its workers, as hardening/deploy/gunicorn.py has them.
_SOURCE, _JOURNALIST = 3, 2
_PATIENCE = 30.0

# Unlike /tmp it is never held in memory, where fsync would cost nothing.
DISK = Path("/var/tmp")


@dataclass(frozen=True)
class Server:
    """What runs, and what lies in its folder."""

    office: Office

    @property
    def port(self) -> int:
        return self.office.source_port

    @property
    def layout(self) -> Layout:
        return Layout(self.office.folder / "server")

    @property
    def board(self) -> Board:
        return Board(self.layout.board)

    @cached_property
    def source(self) -> tuple[int, ...]:
        """The pids of the reporters' side: gunicorn's master and its workers."""
        return self._running("source_app.wsgi", _SOURCE)

    @cached_property
    def journalist(self) -> tuple[int, ...]:
        return self._running("journalist_app.wsgi", _JOURNALIST)

    @property
    def slice(self) -> Slice:
        """The keys that reports are sealed to this week."""
        found = site.read(self.layout)
        document = Directories(self.layout, found).slice(OFFICE, calendar.today())
        return read_slice(document, found.offices[0].root)

    def stored(self) -> int:
        """How many items and blobs are in the database, read in another process than wrote them."""
        inbox = open_inbox(self.layout.inbox, keyfile.read(self.layout.inbox_key))
        try:
            return sum(day.count for day in overview.waiting(inbox, OFFICE).values())
        finally:
            inbox.close()

    def _running(self, name: str, count: int) -> tuple[int, ...]:
        """The port is open before the last worker is there: what it does must not go uncounted."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = tuple(pid for pid in self.office.server_processes() if name in command(pid))
            if len(found) == count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{name} does not run as {count} processes")


@contextmanager
def started() -> Iterator[Server]:
    """A new office with its servers running; AssertionError if they print anything."""
    with (
        tempfile.TemporaryDirectory(dir=DISK if DISK.is_dir() else None) as folder,
        demo(Path(folder)) as office,
    ):
        yield Server(office)
