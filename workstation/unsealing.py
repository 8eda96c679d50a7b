"""Open a blob on all cores in one pass: each chunk is read, opened, hashed and written at its place.

A thread holds one sealed and one opened chunk, 2 MiB, whatever the size of the file. Reads are `preadv` and
not a mapping of the file: a stick that is pulled out is then an error and not the end of the process.
"""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crypto.blob import blob_size
from crypto.constants import CHUNK_SIZE, TAG_SIZE
from crypto.errors import CannotOpenError, MalformedError, WrongChecksumError
from crypto.message import Evidence
from crypto.open.blob import SEALED_CHUNK_SIZE, BlobOpener
from workstation import files, parallel
from workstation.damage import Damage
from workstation.progress import SILENT, Progress

_ZEROS: Final = memoryview(bytes(CHUNK_SIZE))
# Without it a slow stick shows 100 % and then minutes of nothing; on a fast disk it costs no time.
_SYNC_CHUNKS: Final = 64


@dataclass(frozen=True)
class Unsealed:
    """What a pass found, and how many bytes it wrote with which SHA-256."""

    damage: Damage
    written: int
    sha256: bytes


@dataclass(frozen=True)
class _Opened:
    """A chunk's content, the SHA-256 of the chunk, and whether its padding is zero.

    If it did not open, the content is zeros and the digest empty.
    """

    content: memoryview
    digest: bytes = b""
    padded: bool = True


def unseal(
    evidence: Evidence, source: int, into: files.Unnamed | None = None, progress: Progress = SILENT
) -> Unsealed:
    """Reads a blob to its end, and writes what opens if there is somewhere to write it.

    Zeros stand for what does not open; what is missing at the end is left away. DiskFullError,
    CannotWriteError, and the OSError of reading (a place that the disk cannot read counts as damaged).
    """
    one = _Pass(evidence, source, into, progress)
    parallel.in_order(one.damage.present, one.worker, one.end)
    return one.result()


class _Pass:
    """What the threads of one pass share; only `end` changes it, and they call that in turn."""

    def __init__(
        self, evidence: Evidence, source: int, into: files.Unnamed | None, progress: Progress
    ) -> None:
        self._opener = opener = BlobOpener(evidence)
        self._source, self._into, self._progress = source, into, progress
        self._list, self._whole, self._written = hashlib.sha256(), hashlib.sha256(), 0
        there, due = os.fstat(source).st_size, blob_size(opener.padded)
        present = opener.count if there >= due else there // SEALED_CHUNK_SIZE
        self.damage = Damage(evidence.size, opener.count, present, max(0, there - due))

    def worker(self) -> Callable[[int], _Opened]:
        """Reads, opens, hashes and writes one chunk after the other with its own two buffers."""
        largest = self._opener.sealed_size(0)
        sealed, plain = memoryview(bytearray(largest)), memoryview(bytearray(largest - TAG_SIZE))

        def work(number: int) -> _Opened:
            size = self._opener.sealed_size(number)
            opened = self._open(number, sealed[:size], plain[: size - TAG_SIZE])
            if self._into is not None:
                self._into.write_at(number * CHUNK_SIZE, opened.content)
            return opened

        return work

    def end(self, number: int, opened: _Opened) -> None:
        """In the order of the chunks: the hashes, the faults, the progress."""
        if opened.digest:
            self._list.update(opened.digest)
        else:
            self.damage.add(number)
        self.damage.padding |= not opened.padded
        if self._into is not None:
            self._whole.update(opened.content)
            self._written += len(opened.content)
            if number % _SYNC_CHUNKS == _SYNC_CHUNKS - 1:
                self._into.sync()
        self._progress.advance(0, len(opened.content))

    def result(self) -> Unsealed:
        """After the last chunk: whether they are together what the message names."""
        if self.damage.intact == self.damage.count:
            try:
                self._opener.check_list(self._list.digest())
            except WrongChecksumError:
                self.damage.other = True
        return Unsealed(self.damage, self._written, self._whole.digest())

    def _open(self, number: int, sealed: memoryview, plain: memoryview) -> _Opened:
        size = self._opener.content_size(number)
        try:
            self._opener.open(number, sealed[: self._read(number, sealed)], plain)
        except CannotOpenError:
            return _Opened(_ZEROS[:size])
        digest = hashlib.sha256(plain).digest()
        try:
            self._opener.check_padding(number, plain)
        except MalformedError:
            return _Opened(plain[:size], digest, padded=False)
        return _Opened(plain[:size], digest)

    def _read(self, number: int, buffer: memoryview) -> int:
        at, filled = number * SEALED_CHUNK_SIZE, 0
        while filled < len(buffer):
            try:
                count = os.preadv(self._source, [buffer[filled:]], at + filled)
            except OSError as error:
                if error.errno == errno.EIO:
                    break
                raise
            if not count:
                break
            filled += count
        return filled
