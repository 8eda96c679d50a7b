"""Evidence on its way in: sealed chunks as files, until their blob is complete (docs/protocol.md 11.4).

    incoming/<expiry day>/<office>/<blob hex>-<padded size>/
        0 1 2 …      chunks, each whole
        .<random>    a chunk that is being written
        whole        while the blob is put together: chunks 0 to k, one after the other
        deletion     the deletion token's hash, from the moment all chunks were there
    done/<office>/<blob hex>

No state is kept in memory: any number of processes may work on a blob at once.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crypto.blob import blob_size, chunk_count, chunk_size
from crypto.constants import CHUNK_SIZE, HASH_SIZE, TAG_SIZE
from crypto.fields import Day
from store.assembly import DELETION, WHOLE, assemble
from store.errors import BadChunkError, BusyError, CompleteError, IncompleteError, TooLongError, full_disk
from store.folder import Folder
from store.inbox import InboxWriter
from store.incoming import Incoming, Upload
from store.layout import Layout
from store.space import DEFAULT_RESERVE, check_room


@dataclass(frozen=True)
class Holdings:
    """What the server has of a blob."""

    chunks: tuple[int, ...]
    complete: bool


class Chunks:
    """The verbs on evidence. Each can be repeated, and be cut off at any point.

    Errors: StorageFullError, BusyError (it expired meanwhile) and those that a verb names.
    """

    def __init__(self, layout: Layout, writer: InboxWriter, reserve: int = DEFAULT_RESERVE) -> None:
        self._layout = layout
        self._incoming = Incoming(layout.incoming)
        self._writer = writer
        self._reserve = reserve

    def check_room(self, padded: int) -> None:
        """StorageFullError unless a whole blob of that padded size fits now."""
        with full_disk():
            check_room(self._incoming.folder, blob_size(padded), self._reserve)

    def have(self, upload: Upload) -> Holdings:
        """What is here of a blob."""
        if self._is_done(upload):
            return Holdings(tuple(range(chunk_count(upload.padded))), complete=True)
        with _vanishing():
            path = self._incoming.find(upload)
            if path is None:
                return Holdings((), complete=False)
            with Folder(path) as folder, folder.lock(alone=False):
                return Holdings(tuple(sorted(_chunks(folder, upload))), complete=False)

    def put(self, upload: Upload, number: int, untrusted_pieces: Iterable[bytes]) -> None:
        """Stores one chunk durably, or nothing of it; one that is there already stays as it is.

        BadChunkError, TooLongError, CompleteError; whatever `untrusted_pieces` raises.
        """
        if self._done(upload).exists():
            raise CompleteError
        if not 0 <= number < chunk_count(upload.padded):
            raise BadChunkError
        size = chunk_size(upload.padded, number)
        check_room(self._incoming.folder, size, self._reserve)
        with full_disk(), _vanishing(), self._made(upload) as folder:
            if _holds(folder, upload, number):
                return
            with folder.new_file() as (name, file):
                _write_exactly(file, untrusted_pieces, size)
                with folder.lock(alone=False):
                    if self._done(upload).exists():
                        raise CompleteError
                    folder.rename(name, str(number))

    def finish(self, upload: Upload, deletion: bytes, on: Day) -> None:
        """Puts the blob together and records it; `deletion` is its token's hash. IncompleteError."""
        with full_disk(), _vanishing():
            path = self._incoming.find(upload)
            if path is not None:
                with Folder(path) as folder, folder.lock(alone=True):
                    if not self._is_done(upload):
                        if len(_chunks(folder, upload)) < chunk_count(upload.padded):
                            raise IncompleteError
                        assemble(folder, upload.padded, deletion, self._done(upload))
                    self._record(upload, on, deletion)
                    self._incoming.remove(path)
            elif self._is_done(upload):
                self._record(upload, on, deletion)
            else:
                raise IncompleteError

    def expire(self, on: Day) -> None:
        """Removes what was not finished before its ticket's last day was over."""
        for upload, path in self._incoming.expired(on):
            with suppress(FileNotFoundError), Folder(path) as folder, folder.lock(alone=True):
                # Complete, but cut off before it was recorded, and nobody asked again.
                if self._is_done(upload) and folder.size(DELETION) is not None:
                    with folder.open(DELETION, os.O_RDONLY) as file:
                        self._record(upload, on, os.read(file, HASH_SIZE))
                self._incoming.remove(path)

    def _record(self, upload: Upload, on: Day, deletion: bytes) -> None:
        self._writer.add_blob(upload.office, upload.blob, upload.padded, on, deletion)

    def _made(self, upload: Upload) -> Folder:
        return Folder(self._incoming.find(upload) or self._incoming.make(upload))

    def _done(self, upload: Upload) -> Path:
        return self._layout.blob(upload.office, upload.blob)

    def _is_done(self, upload: Upload) -> bool:
        try:
            return self._done(upload).stat().st_size == blob_size(upload.padded)
        except FileNotFoundError:
            return False


def _chunks(folder: Folder, upload: Upload) -> set[int]:
    """The numbers of the chunks that the folder holds, apart or put together."""
    sizes = folder.sizes()
    count = chunk_count(upload.padded)
    together = _together(sizes.get(WHOLE, 0), upload)
    apart = {n for n in range(together, count) if sizes.get(str(n)) == chunk_size(upload.padded, n)}
    return set(range(together)) | apart


def _holds(folder: Folder, upload: Upload, number: int) -> bool:
    """Whether one chunk is there, without listing thousands."""
    apart = folder.size(str(number)) == chunk_size(upload.padded, number)
    return apart or number < _together(folder.size(WHOLE) or 0, upload)


def _together(whole: int, upload: Upload) -> int:
    """How many chunks a `whole` of so many bytes holds for certain."""
    if whole == blob_size(upload.padded):
        return chunk_count(upload.padded)
    return whole // (CHUNK_SIZE + TAG_SIZE)


def _write_exactly(file: int, untrusted_pieces: Iterable[bytes], size: int) -> None:
    left = size
    for piece in untrusted_pieces:
        left -= len(piece)
        if left < 0:
            raise TooLongError
        view = memoryview(piece)
        while view:
            view = view[os.write(file, view) :]
    if left:
        raise BadChunkError
    os.fsync(file)


@contextmanager
def _vanishing() -> Iterator[None]:
    """A file or folder that is gone was removed by an expiry: the client may ask again."""
    try:
        yield
    except FileNotFoundError:
        raise BusyError from None
