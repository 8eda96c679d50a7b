"""Evidence on its way in: sealed blobs in pieces, until they are complete (docs/protocol.md 11.4).

    blobs/
        incoming/   unfinished blobs (store/incoming.py, store/pieces.py)
        done/       complete blobs (store/done.py)
        blanks/     empty files that wait to become blobs (store/blanks.py)
        spent/      what the day's quota was used for (store/quota.py)

No state is kept in memory: any number of processes and hosts may work on a blob at once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.blob import blob_size, piece_count, run_size
from crypto.constants import HASH_SIZE, MAX_PIECES, PIECE_SIZE
from crypto.fields import Day
from store.blanks import Blanks
from store.done import Done
from store.errors import (
    BadPieceError,
    CompleteError,
    IncompleteError,
    TextOnlyError,
    TooLongError,
    VanishedError,
    full_disk,
)
from store.incoming import Incoming, Upload
from store.layout import Layout
from store.pieces import WHOLE, Pieces, Read, Run, opened, read_whole
from store.quota import FOOTPRINT, Quota
from store.reporting import Writer
from store.space import Limits, has_inodes, room

# The deletion token's hash, beside the pieces from the moment when all were there.
_DELETION: Final = "deletion"
_MOST: Final = MAX_PIECES * PIECE_SIZE


@dataclass(frozen=True)
class Holdings:
    """What the server has of a blob."""

    pieces: tuple[Run, ...]
    complete: bool


class Uploads:
    """The verbs on evidence. Each can be repeated, and be cut off at any point.

    Errors: StorageFullError, VanishedError (another process came between: ask again), those a verb names.
    """

    def __init__(self, layout: Layout, writer: Writer, limits: Limits) -> None:
        self._blanks = Blanks(layout.blanks)
        self._incoming = Incoming(layout.incoming, self._blanks)
        self._done = Done(layout.done)
        self._quota = Quota(layout.spent, limits.evidence_per_day)
        # Text is still taken when files must wait.
        self._reserve = 2 * limits.reserve
        self._writer = writer

    def check_open(self, on: Day) -> None:
        """TextOnlyError unless files are taken at all."""
        self._check_room(_MOST, on)

    def check_room(self, upload: Upload, on: Day) -> None:
        """TextOnlyError unless what is missing of a blob fits on the disk, and some of it into the day."""
        here = self.have(upload).pieces
        left = blob_size(upload.padded) - sum(run_size(upload.padded, run.first, run.count) for run in here)
        if not left:
            return
        self._check_disk(left)
        self._quota.check(min(left, _MOST), on)

    def have(self, upload: Upload) -> Holdings:
        """What is here of a blob."""
        with _vanishing():
            if self._done.has(upload):
                return _whole(upload)
            path = self._incoming.find(upload)
            if path is not None:
                with suppress(FileNotFoundError), opened(path, upload.padded) as pieces:
                    return Holdings(pieces.there(), complete=False)
            # Nothing, or finished just now by another process.
            return _whole(upload) if self._done.has(upload) else Holdings((), complete=False)

    def put(self, upload: Upload, first: int, untrusted_read: Read, size: int, on: Day) -> None:
        """Stores a body of `size` bytes as the pieces from `first` on, durably, or nothing of it.

        Pieces that are there already stay as they are. BadPieceError, TooLongError, CompleteError,
        TextOnlyError; whatever `untrusted_read` raises.
        """
        if not self._done.takes(upload):
            raise CompleteError
        count = _count(upload.padded, first, size)
        with full_disk(), _vanishing():
            path = self._incoming.find(upload)
            if path is None:
                self._check_room(size + FOOTPRINT, on)
                untrusted_read = _begun(untrusted_read, run_size(upload.padded, first, 1))
                path = self._incoming.make(upload, on)
                self._quota.add(FOOTPRINT, on)
            with opened(path, upload.padded) as pieces:
                if pieces.lacks(first, count):
                    self._check_room(pieces.size(pieces.new(first, count)), on)
                    try:
                        pieces.receive(first, count, untrusted_read)
                    finally:
                        self._quota.add(pieces.begun, on)

    def finish(self, upload: Upload, deletion: bytes, on: Day) -> None:
        """Records a blob of which every piece is there; `deletion` is its token's hash. IncompleteError."""
        with full_disk(), _vanishing():
            path = self._incoming.find(upload)
            if path is not None:
                with suppress(FileNotFoundError), opened(path, upload.padded) as pieces, pieces.lock():
                    if not self._done.has(upload):
                        self._complete(upload, path, pieces, deletion)
                    self._record(upload, on, deletion)
                    self._incoming.remove(path)
                    return
            # Finished before, or just now by another process.
            if not self._done.has(upload):
                raise IncompleteError
            self._record(upload, on, deletion)

    def drop(self, upload: Upload) -> None:
        """Removes what is here of an unfinished blob. CompleteError."""
        with _vanishing():
            path = self._incoming.find(upload)
            if path is not None:
                with suppress(FileNotFoundError), opened(path, upload.padded) as pieces, pieces.lock():
                    if not self._done.has(upload):
                        self._incoming.remove(path)
            if self._done.has(upload):
                raise CompleteError

    def tidy(self, on: Day) -> None:
        """What no request waits for; any process may do it at any time, and several at once.

        Removes what was not finished before its ticket's last day was over, makes the day's blanks, forgets
        old counts and the times of files.
        """
        with full_disk():
            try:
                self._expire(on)
            finally:
                self._quota.renew(on)
                self._done.forget_times()
                self._blanks.renew(on)

    def _expire(self, on: Day) -> None:
        # What needs room for a record comes last: on a full disk the others make it.
        for upload, path in sorted(self._incoming.expired(on), key=lambda found: self._done.has(found[0])):
            with suppress(FileNotFoundError), opened(path, upload.padded) as pieces, pieces.lock():
                # Complete, but cut off before it was recorded, and nobody asked again.
                if self._done.has(upload) and pieces.folder.size(_DELETION) is not None:
                    with pieces.folder.open(_DELETION, os.O_RDONLY) as file:
                        self._record(upload, on, os.read(file, HASH_SIZE))
                self._incoming.remove(path)
        self._incoming.forget(on)

    def _complete(self, upload: Upload, path: Path, pieces: Pieces, deletion: bytes) -> None:
        if not pieces.complete:
            raise IncompleteError
        if pieces.folder.size(WHOLE) is None:
            # It was finished once, cut off at the very end, and erased since: it may begin again.
            self._incoming.remove(path)
            raise IncompleteError
        pieces.folder.write(_DELETION, deletion)
        with pieces.folder.open(WHOLE, os.O_WRONLY) as whole:
            os.fsync(whole)
        self._done.add(upload, pieces.folder, WHOLE)

    def _record(self, upload: Upload, on: Day, deletion: bytes) -> None:
        self._writer.add_blob(
            upload.office, upload.blob, upload.padded, on, deletion, lambda: self._done.settled(upload)
        )

    def _check_room(self, size: int, on: Day) -> None:
        self._check_disk(size)
        self._quota.check(size, on)

    def _check_disk(self, size: int) -> None:
        folder = self._incoming.folder
        if room(folder, self._reserve) < size or not has_inodes(folder):
            raise TextOnlyError


def _whole(upload: Upload) -> Holdings:
    return Holdings((Run(0, piece_count(upload.padded)),), complete=True)


def _count(padded: int, first: int, size: int) -> int:
    """How many pieces a body of so many bytes holds."""
    left = piece_count(padded) - first
    if first < 0 or left <= 0 or size <= 0:
        raise BadPieceError
    if size > run_size(padded, first, min(left, MAX_PIECES)):
        raise TooLongError
    count = -(-size // PIECE_SIZE)
    if size != run_size(padded, first, count):
        raise BadPieceError
    return count


def _begun(untrusted_read: Read, size: int) -> Read:
    """Reads ahead so many bytes: a request that only begins leaves nothing on the disk."""
    ahead = read_whole(untrusted_read, size)

    def read(size: int) -> bytes:
        nonlocal ahead
        part, ahead = ahead[:size], ahead[size:]
        return part or untrusted_read(size)

    return read


@contextmanager
def _vanishing() -> Iterator[None]:
    """A file or folder that is gone was removed by another process: the client may ask again."""
    try:
        yield
    except FileNotFoundError:
        raise VanishedError from None
