"""The staging folder: where a part of a bundle lies until all of it is checked, and how a broken import ends.

```
staging/<bundle id>/<part>/items      the part's items, one after the other
staging/<bundle id>/<part>/<hex>      its whole blobs: by id while they come, by SHA-256 once they are checked
staging/<bundle id>/slices/<blob id>  a blob larger than a part: each part writes its slice to its place
```

The vault has the last word. `settle` brings the folder in line with it, forwards or backwards, after every
import, however that ended, and at every unlocking: what belongs to a part that the vault has moves on, what
belongs to none is thrown away, and a blob of which only some slices are here waits.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crypto.constants import MAX_ITEM_SIZE
from crypto.manifest import Entry
from workstation import files
from workstation.files import sync_folder, writing
from workstation.layout import Layout
from workstation.progress import SETTLING, SILENT, Progress
from workstation.vault import Vault

_BUNDLE = re.compile(r"[0-9a-f]{32}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass
class Staging:
    """One part's place in the staging folder; `entries` in the order they came.

    Of a part that comes `again` all blobs and slices stay in its own folder, under their ids: whatever cuts
    that off, `settle` throws them away and what is here already stays as it is.
    """

    layout: Layout
    bundle: bytes
    part: int
    again: bool = False
    entries: list[Entry] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return _folder(self.layout, self.bundle) / str(self.part)

    @property
    def _items(self) -> Path:
        return self.folder / "items"

    def begin(self) -> None:
        """Makes the folders; the part's own is empty."""
        with writing(self.folder):
            _slices(self.layout, self.bundle).mkdir(parents=True, mode=0o700, exist_ok=True)
            self.folder.mkdir(mode=0o700)
            self._items.touch(mode=0o600)

    def add(self, entry: Entry, untrusted_pieces: Iterator[bytes]) -> None:
        """Takes in one entry; DiskFullError. Its name is 32 hex digits (crypto.manifest sees to that)."""
        path = self.path_of(entry)
        with writing(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with writing(path):
                if entry.kind == "item":
                    os.lseek(descriptor, 0, os.SEEK_END)
                elif not self.again:
                    os.lseek(descriptor, entry.start, os.SEEK_SET)
            for piece in untrusted_pieces:
                with writing(path):
                    files.write_all(descriptor, piece)
            if entry.kind == "blob":
                with writing(path):
                    os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.entries.append(entry)

    def name_blobs(self, digests: tuple[bytes, ...]) -> None:
        """Renames whole blobs to their digests, one for each entry in order, and makes all names durable."""
        with writing(self.folder):
            for entry, digest in zip(self.entries, digests, strict=True):
                if entry.kind == "blob" and not entry.is_slice and not self.again:
                    self.path_of(entry).rename(self.folder / digest.hex())
            for folder in (
                self.folder,
                _slices(self.layout, self.bundle),
                self.folder.parent,
                self.layout.staging,
            ):
                sync_folder(folder)

    def items(self) -> Iterator[tuple[Entry, bytes]]:
        """The items, one at a time; what is too large to be an item is left out."""
        with self._items.open("rb") as file:
            for entry in self.entries:
                if entry.kind != "item":
                    continue
                if entry.size <= MAX_ITEM_SIZE:
                    yield entry, file.read(entry.size)
                else:
                    file.seek(entry.size, os.SEEK_CUR)

    def sliced(self, blob: bytes) -> Path:
        """Where the slices of a blob are joined."""
        return _slices(self.layout, self.bundle) / blob.hex()

    def path_of(self, entry: Entry) -> Path:
        """Where an entry is written to."""
        if entry.kind == "item":
            return self._items
        if entry.is_slice and not self.again:
            return self.sliced(bytes.fromhex(entry.name))
        return self.folder / entry.name


def settle(layout: Layout, vault: Vault, bundle: bytes, progress: Progress = SILENT) -> None:
    """Moves what the vault has to the evidence folder and throws away what it does not. May be repeated."""
    folder = _folder(layout, bundle)
    taken = {str(part) for (part,) in vault.rows("SELECT part FROM parts WHERE bundle = ?", bundle)}
    whole = {
        blob.hex(): digest
        for blob, digest in vault.rows("SELECT blob, digest FROM slices WHERE bundle = ?", bundle)
    }
    parts = [path for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
    moving = {
        path: path.name
        for part in parts
        if part.name in taken
        for path in part.iterdir()
        if _DIGEST.match(path.name)
    }
    for path in _in(_slices(layout, bundle)):
        if path.name not in whole:
            path.unlink()
        elif digest := whole[path.name]:
            moving[path] = digest.hex()
    progress.begin(SETTLING, len(moving))
    with writing(layout.evidence):
        for path, name in sorted(moving.items()):
            path.replace(layout.evidence / name)
            progress.advance(1)
        sync_folder(layout.evidence)
    progress.end()
    for part in parts:
        shutil.rmtree(part, ignore_errors=True)
    if not any(_in(_slices(layout, bundle))):
        shutil.rmtree(folder, ignore_errors=True)


def recover(layout: Layout, vault: Vault) -> None:
    """Ends the imports that were cut off."""
    for folder in sorted(layout.staging.iterdir()):
        if _BUNDLE.match(folder.name):  # else it is not ours
            settle(layout, vault, bytes.fromhex(folder.name))


def _folder(layout: Layout, bundle: bytes) -> Path:
    return layout.staging / bundle.hex()


def _slices(layout: Layout, bundle: bytes) -> Path:
    return _folder(layout, bundle) / "slices"


def _in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
