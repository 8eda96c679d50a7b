"""Where everything lies under the server's data folder.

keys/      inbox.key staff.key ticket.key    32 raw bytes each, mode 0600
inbox.db   staff.db                          SQLCipher; beside each -wal, -shm and .queue (an empty lock)
blobs/     incoming/ done/ blanks/ spent/    evidence, sealed by the reporter's browser
public/    site.json pages/ board/ directory/ statistics/  what anyone may fetch
imports/   bundles from the stations that are not taken yet
run/       sockets and lock files
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crypto.fields import OfficeId


@dataclass(frozen=True)
class Layout:
    """The paths of one installation."""

    root: Path

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def inbox_key(self) -> Path:
        return self.keys / "inbox.key"

    @property
    def staff_key(self) -> Path:
        return self.keys / "staff.key"

    @property
    def ticket_key(self) -> Path:
        return self.keys / "ticket.key"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox.db"

    @property
    def staff(self) -> Path:
        return self.root / "staff.db"

    @property
    def incoming(self) -> Path:
        """Blobs that are not complete: `<expiry day>/<office>/<blob hex>-<padded size>/`."""
        return self.root / "blobs" / "incoming"

    @property
    def done(self) -> Path:
        """Complete blobs: `<office>/<blob hex>`."""
        return self.root / "blobs" / "done"

    def blob(self, office: OfficeId, blob: bytes) -> Path:
        """A complete blob's file."""
        return self.done / office / blob.hex()

    @property
    def blanks(self) -> Path:
        """Empty files that wait to become blobs: `<day>/<random>`."""
        return self.root / "blobs" / "blanks"

    @property
    def spent(self) -> Path:
        """How much evidence was stored on a day: `<day>`."""
        return self.root / "blobs" / "spent"

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def site(self) -> Path:
        return self.public / "site.json"

    @property
    def pages(self) -> Path:
        """The static site: `index.html`, `<language>/index.html`, `assets/<hashed name>`."""
        return self.public / "pages"

    @property
    def board(self) -> Path:
        return self.public / "board"

    @property
    def directories(self) -> Path:
        return self.public / "directory"

    def directory(self, office: OfficeId) -> Path:
        """An office's published keys: `<serial>/directory`, `<serial>/slices/<epoch>`, `current`."""
        return self.directories / office

    @property
    def statistics(self) -> Path:
        """The offices' published statistics: `<office>/<period>`."""
        return self.public / "statistics"

    @property
    def imports(self) -> Path:
        """Bundles from the stations that somebody looks at before they are taken: `<office>/<day>`."""
        return self.root / "imports"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def board_day(self) -> Path:
        """The day on which the board was published last; locked by the process that publishes it."""
        return self.run / "board-day"

    def make_done(self, offices: Iterable[OfficeId]) -> None:
        """Makes the folders for complete blobs: made later, their birth would tell of the first one."""
        for office in offices:
            (self.done / office).mkdir(mode=0o700, exist_ok=True)

    def make(self) -> None:
        """Makes the folders, each with mode 0700; what is there stays."""
        folders = (
            *(self.root, self.keys, self.incoming.parent, self.incoming, self.done),
            *(self.blanks, self.spent, self.imports),
            *(self.public, self.pages, self.board, self.directories, self.statistics, self.run),
        )
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
