"""Where everything lies under the server's data folder.

inbox/     inbox.db inbox.key                SQLCipher; beside it -wal, -shm and .queue (an empty lock)
staff/     staff.db staff.key                the same; keys are 32 raw bytes
tickets/   ticket.key                        for the tickets of uploads
blobs/     incoming/ done/ blanks/ spent/    evidence, sealed by the reporter's browser
           relayed/ incoming/ blanks/ spent/ the same on its way from one office to another
public/    site.json pages/ board/ directory/ statistics/  what anyone may fetch
imports/   bundles from the stations that are not taken yet
run/       lock files

Each folder at the top has one user who writes there (hardening/deploy/host/ownership.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from crypto.fields import OfficeId


@dataclass(frozen=True)
class Layout:
    """The paths of one installation. `uploads`: where evidence lies until it is complete."""

    root: Path
    uploads: str = "blobs"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox" / "inbox.db"

    @property
    def inbox_key(self) -> Path:
        return self.root / "inbox" / "inbox.key"

    @property
    def staff(self) -> Path:
        return self.root / "staff" / "staff.db"

    @property
    def staff_key(self) -> Path:
        return self.root / "staff" / "staff.key"

    @property
    def ticket_key(self) -> Path:
        return self.root / "tickets" / "ticket.key"

    @property
    def relayed(self) -> "Layout":
        """The same installation for what offices send one another: until it is complete it lies apart,
        because the reviewers' app brings it, which may be another user than the source app."""
        return replace(self, uploads="blobs/relayed")

    @property
    def incoming(self) -> Path:
        """Blobs that are not complete: `<expiry day>/<office>/<blob hex>-<padded size>/`."""
        return self.root / self.uploads / "incoming"

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
        return self.root / self.uploads / "blanks"

    @property
    def spent(self) -> Path:
        """How much evidence was stored on a day: `<day>`."""
        return self.root / self.uploads / "spent"

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

    @property
    def backup_day(self) -> Path:
        """The day of the last backup; locked by the process that makes one."""
        return self.run / "backup-day"

    def make_done(self, offices: Iterable[OfficeId]) -> None:
        """Makes the folders for complete blobs: made later, their birth would tell of the first one."""
        for office in offices:
            (self.done / office).mkdir(mode=0o700, exist_ok=True)

    def make(self) -> None:
        """Makes the folders, each with mode 0700; what is there stays."""
        folders = (
            *(self.root, self.inbox.parent, self.staff.parent, self.ticket_key.parent),
            *(self.root / "blobs", self.incoming, self.done, self.blanks, self.spent),
            *(self.relayed.incoming.parent, self.relayed.incoming, self.relayed.blanks, self.relayed.spent),
            *(self.imports,),
            *(self.public, self.pages, self.board, self.directories, self.statistics, self.run),
        )
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
