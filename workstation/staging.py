"""The staging folder: where a bundle lies until all of it is checked, and how a broken import ends.

`staging/<bundle id>/items` holds the items one after the other, `blobs/<hex>` the evidence. Before the
vault's transaction begins, blobs are renamed to their SHA-256. If a process dies, the next unlocking looks
whether the vault knows the bundle: if it does, the transaction was the last word and the blobs are moved on;
if not, all of it is thrown away.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crypto.item import largest
from crypto.manifest import Entry
from workstation import files
from workstation.files import sync_folder, writing
from workstation.layout import Layout
from workstation.progress import SETTLING, SILENT, Progress
from workstation.vault import Vault

_NAME = re.compile(r"[0-9a-f]{32}\Z")


@dataclass
class Staging:
    """One bundle's staging folder; `entries` in the order they came."""

    layout: Layout
    bundle: bytes
    entries: list[Entry] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.layout.staging / self.bundle.hex()

    @property
    def _items(self) -> Path:
        return self.folder / "items"

    @property
    def _blobs(self) -> Path:
        return self.folder / "blobs"

    def begin(self) -> None:
        """Makes the empty folder."""
        with writing(self.folder):
            self._blobs.mkdir(parents=True, mode=0o700)
            self.folder.chmod(0o700)
            self._items.touch(mode=0o600)

    def add(self, entry: Entry, untrusted_pieces: Iterator[bytes]) -> None:
        """Takes in one entry; DiskFullError. Its name is 32 hex digits (crypto.manifest sees to that)."""
        path = self._items if entry.kind == "item" else self._blobs / entry.name
        with writing(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            for piece in untrusted_pieces:
                with writing(path):
                    files.write_all(descriptor, piece)
            if entry.kind == "blob":
                with writing(path):
                    os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.entries.append(entry)

    def name_blobs(self, digests: list[bytes]) -> None:
        """Renames the blobs to their digests; one digest for each entry, in order."""
        with writing(self._blobs):
            for entry, digest in zip(self.entries, digests, strict=True):
                if entry.kind == "blob":
                    (self._blobs / entry.name).rename(self._blobs / digest.hex())
            sync_folder(self._blobs)
            sync_folder(self.folder)
            sync_folder(self.layout.staging)

    def items(self) -> Iterator[tuple[Entry, bytes]]:
        """The items, one at a time; what is too large to be an item is left out."""
        with self._items.open("rb") as file:
            for entry in self.entries:
                if entry.kind != "item":
                    continue
                if entry.size <= largest():
                    yield entry, file.read(entry.size)
                else:
                    file.seek(entry.size, os.SEEK_CUR)

    def file_of(self, entry: Entry) -> Path:
        """Where a blob lies before `name_blobs`."""
        return self._blobs / entry.name

    def settle(self, progress: Progress = SILENT) -> None:
        """Moves the blobs to the evidence folder and ends the staging. May be repeated."""
        blobs = sorted(self._blobs.iterdir())
        progress.begin(SETTLING, len(blobs))
        with writing(self.layout.evidence):
            for blob in blobs:
                blob.replace(self.layout.evidence / blob.name)
                progress.advance(1)
            sync_folder(self.layout.evidence)
        progress.end()
        self.discard()

    def discard(self) -> None:
        """Throws the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def recover(layout: Layout, vault: Vault) -> None:
    """Ends the imports that were cut off: forward if the vault has the bundle, back if not."""
    for folder in sorted(layout.staging.iterdir()):
        if not _NAME.match(folder.name):
            continue  # not ours
        left = Staging(layout, bytes.fromhex(folder.name))
        if vault.row("SELECT 1 FROM bundles WHERE id = ?", left.bundle) and (folder / "blobs").is_dir():
            left.settle()
        else:
            left.discard()
