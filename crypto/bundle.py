"""Bundles, what a USB stick carries (docs/protocol.md section 10).

The archive's headers are never interpreted: each must be the very bytes that this module writes for the name
and size that the manifest gives, so there is no path, link or name for an attacker to play with.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from crypto import canonical
from crypto.canonical import Json
from crypto.constants import MAX_MANIFEST_SIZE, SIGNATURE_SIZE, SUITE
from crypto.errors import MalformedError, WrongChecksumError
from crypto.manifest import Entry, Manifest, Outbound, read_manifest, write_manifest

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 2**20
MANIFEST = "manifest.json"
CHECKSUMS = "checksums"


def write(
    manifest: Manifest, read_entry: Callable[[Entry], Iterator[bytes]], seal: Callable[[Json], bytes]
) -> Iterator[bytes]:
    """The bundle in pieces.

    `read_entry` gives the bytes of an entry, `seal` the checksum document's (canonical JSON or signed).
    MalformedError if an entry is not as long as its manifest says.
    """
    text = write_manifest(manifest)
    yield from _member(MANIFEST, text)
    sums: list[Json] = []
    for entry in manifest.entries:
        yield _header(entry.path, entry.size)
        digest, size = hashlib.sha256(), 0
        for piece in read_entry(entry):
            digest.update(piece)
            size += len(piece)
            yield piece
        if size != entry.size:
            raise MalformedError
        yield _fill(size)
        sums.append(digest.hexdigest())
    yield from _member(CHECKSUMS, seal(_checksums_json(text, sums)))
    yield bytes(2 * _BLOCK)


def size_of(manifest: Manifest, signed: bool) -> int:
    """The size in bytes of the whole bundle, before it is written."""
    text = write_manifest(manifest)
    sums: list[Json] = ["0" * 64] * len(manifest.entries)
    checksums = len(canonical.dump(_checksums_json(text, sums))) + (SIGNATURE_SIZE if signed else 0)
    sizes = [len(text), *(entry.size for entry in manifest.entries), checksums]
    return sum(_BLOCK + size + len(_fill(size)) for size in sizes) + 2 * _BLOCK


class BundleReader:
    """Reads an untrusted bundle once, from front to back.

    `manifest` is there after construction. `entries()` must be run to its end, and nothing that it gave may
    be used before that: only then is `checksums` (the raw checksum document) compared with what was read.
    MalformedError (cut short, or no bundle), WrongChecksumError, NotCanonicalError, WrongVersionError.
    """

    def __init__(self, untrusted_file: BinaryIO) -> None:
        self._file = untrusted_file
        self._text = self._member_of_unknown_size(MANIFEST, MAX_MANIFEST_SIZE)
        self.manifest = read_manifest(self._text)
        self.checksums = b""

    def entries(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Each entry with its bytes in pieces of at most 1 MiB, to be used up before the next."""
        sums: list[Json] = []
        for entry in self.manifest.entries:
            if self._exactly(_BLOCK) != _header(entry.path, entry.size):
                raise MalformedError
            digest = hashlib.sha256()
            yield entry, self._pieces(entry.size, digest.update)
            self._skip_fill(entry.size)
            sums.append(digest.hexdigest())
        self._check(sums)

    def _check(self, sums: list[Json]) -> None:
        expected = canonical.dump(_checksums_json(self._text, sums))
        signature = SIGNATURE_SIZE if isinstance(self.manifest, Outbound) else 0
        size = signature + len(expected)
        if self._exactly(_BLOCK) != _header(CHECKSUMS, size):
            raise MalformedError
        self.checksums = self._exactly(size)
        self._skip_fill(size)
        if self._exactly(2 * _BLOCK).count(0) != 2 * _BLOCK or self._file.read(1):
            raise MalformedError
        if self.checksums[signature:] != expected:
            raise WrongChecksumError

    def _member_of_unknown_size(self, name: str, largest: int) -> bytes:
        header = self._exactly(_BLOCK)
        digits = header[124:135]
        if not digits.isdigit() or b"8" in digits or b"9" in digits:
            raise MalformedError
        size = int(digits, 8)
        if size > largest or header != _header(name, size):
            raise MalformedError
        text = self._exactly(size)
        self._skip_fill(size)
        return text

    def _pieces(self, size: int, update: Callable[[bytes], None]) -> Iterator[bytes]:
        while size:
            piece = self._exactly(min(size, _PIECE))
            update(piece)
            size -= len(piece)
            yield piece

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                raise MalformedError
            data += more
        return data

    def _skip_fill(self, size: int) -> None:
        fill = self._exactly(len(_fill(size)))
        if fill.count(0) != len(fill):
            raise MalformedError


def _checksums_json(manifest: bytes, sums: list[Json]) -> Json:
    return {
        "entries": sums,
        "kind": "checksums",
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "suite": SUITE,
    }


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info.tobuf(tarfile.USTAR_FORMAT)


def _fill(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _member(name: str, data: bytes) -> Iterator[bytes]:
    yield _header(name, len(data))
    yield data
    yield _fill(len(data))
