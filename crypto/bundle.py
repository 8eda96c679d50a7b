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
from crypto.errors import CutShortError, MalformedError, ProtocolError, WrongChecksumError
from crypto.hashing import Hashing
from crypto.manifest import Entry, Manifest, Outbound, read_manifest, write_manifest

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 2**20
MANIFEST = "manifest.json"
CHECKSUMS = "checksums"


def write(
    manifest: Manifest,
    read_entry: Callable[[Entry, int], Iterator[bytes]],
    seal: Callable[[Json], bytes],
    begin: int = 0,
    end: int | None = None,
) -> Iterator[bytes]:
    """The archive in pieces; or only its bytes from `begin` to before `end`.

    `read_entry` gives the bytes of an entry from an offset on, `seal` the checksum document's (canonical JSON
    or signed). What lies before `begin` is not read, but for entries whose checksum is asked for: those
    are hashed when the checksums' turn comes. MalformedError if an entry is not as long as its manifest says.
    """
    text = write_manifest(manifest)
    window = _Window(begin, size_of(manifest, isinstance(manifest, Outbound)) if end is None else end)
    with Hashing() as hashing:
        yield from window.show(_member(MANIFEST, text))
        sums: list[bytes | None] = []
        for entry in manifest.entries:
            yield from window.show(_header(entry.path, entry.size))
            skipped = window.skip(entry.size)
            hashing.begin()
            for piece in _body(entry, skipped, read_entry):
                if not skipped:
                    hashing.update(piece)
                yield from window.show(piece)
                if window.over:
                    return
            sums.append(None if skipped else hashing.digest())
            yield from window.show(_fill(entry.size))
            if window.over:
                return
        digests = [
            digest or _digest(entry, read_entry) for entry, digest in zip(manifest.entries, sums, strict=True)
        ]
        yield from window.show(_member(CHECKSUMS, seal(_checksums_json(text, digests))) + bytes(2 * _BLOCK))


def size_of(manifest: Manifest, signed: bool) -> int:
    """The size in bytes of the whole archive, before it is written."""
    text = write_manifest(manifest)
    sums = [bytes(32)] * len(manifest.entries)
    checksums = len(canonical.dump(_checksums_json(text, sums))) + (SIGNATURE_SIZE if signed else 0)
    sizes = [len(text), *(entry.size for entry in manifest.entries), checksums]
    return sum(_BLOCK + size + len(_fill(size)) for size in sizes) + 2 * _BLOCK


class BundleReader:
    """Reads an untrusted bundle, or a part of one, once, from front to back.

    `manifest` is there after construction. `entries()` must be run to its end, and nothing that it gave may
    be used before that: only then is `checksums` (the raw checksum document) compared with what was read.
    `place` names the member that is being read and, after an error, the one that is damaged; `digests` holds
    the SHA-256 of each entry, in order, once all are checked.
    CutShortError, MalformedError (no bundle), WrongChecksumError, NotCanonicalError, WrongVersionError.
    """

    def __init__(self, untrusted_file: BinaryIO) -> None:
        self._file = untrusted_file
        self.place = MANIFEST
        self._text = self._member_of_unknown_size(MANIFEST, MAX_MANIFEST_SIZE)
        self.manifest = read_manifest(self._text)
        self.checksums = b""
        self.digests: tuple[bytes, ...] = ()

    def entries(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Each entry with its bytes in pieces of at most 1 MiB, to be used up before the next."""
        digests: list[bytes] = []
        with Hashing() as hashing:
            for entry in self.manifest.entries:
                self.place = entry.path
                if self._exactly(_BLOCK) != _header(entry.path, entry.size):
                    raise MalformedError
                hashing.begin()
                yield entry, self._pieces(entry.size, hashing.update)
                self._skip_fill(entry.size)
                digests.append(hashing.digest())
        self._check(digests)
        self.digests = tuple(digests)

    def _check(self, digests: list[bytes]) -> None:
        self.place = CHECKSUMS
        document = _checksums_json(self._text, digests)
        expected = canonical.dump(document)
        signature = SIGNATURE_SIZE if isinstance(self.manifest, Outbound) else 0
        size = signature + len(expected)
        if self._exactly(_BLOCK) != _header(CHECKSUMS, size):
            raise MalformedError
        self.checksums = self._exactly(size)
        self._skip_fill(size)
        if self._exactly(2 * _BLOCK).count(0) != 2 * _BLOCK or self._file.read(1):
            raise MalformedError
        if self.checksums[signature:] != expected:
            self.place = self._differing(document, self.checksums[signature:])
            raise WrongChecksumError

    def _differing(self, document: dict[str, Json], untrusted_checksums: bytes) -> str:
        """What differs from the checksums; they themselves, if they are what cannot be right."""
        try:
            untrusted = canonical.parse(untrusted_checksums)
        except ProtocolError:
            return CHECKSUMS
        if not isinstance(untrusted, dict):
            return CHECKSUMS
        if untrusted.get("manifest") != document["manifest"]:
            return MANIFEST
        theirs, ours = untrusted.get("entries"), document["entries"]
        if not isinstance(theirs, list) or not isinstance(ours, list) or len(theirs) != len(ours):
            return CHECKSUMS
        pairs = zip(self.manifest.entries, theirs, ours, strict=True)
        return next((entry.path for entry, one, other in pairs if one != other), CHECKSUMS)

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
                raise CutShortError
            data += more
        return data

    def _skip_fill(self, size: int) -> None:
        fill = self._exactly(len(_fill(size)))
        if fill.count(0) != len(fill):
            raise MalformedError


class _Window:
    """Lets the bytes between two places of a stream through."""

    def __init__(self, begin: int, end: int) -> None:
        self._begin, self._end = begin, end
        self._at = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will be let through."""
        return self._at >= self._end

    def show(self, data: bytes) -> Iterator[bytes]:
        """What of the next bytes lies inside."""
        first, last = max(0, self._begin - self._at), min(len(data), self._end - self._at)
        self._at += len(data)
        if first < last:
            yield data[first:last]

    def skip(self, size: int) -> int:
        """How many of the next `size` bytes lie before the window; they count as passed."""
        skipped = min(size, max(0, self._begin - self._at))
        self._at += skipped
        return skipped


def _body(entry: Entry, skipped: int, read_entry: Callable[[Entry, int], Iterator[bytes]]) -> Iterator[bytes]:
    size = skipped
    if size < entry.size:
        for piece in read_entry(entry, skipped):
            size += len(piece)
            yield piece
    if size != entry.size:
        raise MalformedError


def _digest(entry: Entry, read_entry: Callable[[Entry, int], Iterator[bytes]]) -> bytes:
    digest = hashlib.sha256()
    for piece in _body(entry, 0, read_entry):
        digest.update(piece)
    return digest.digest()


def _checksums_json(manifest: bytes, digests: list[bytes]) -> dict[str, Json]:
    sums: list[Json] = [digest.hex() for digest in digests]
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


def _member(name: str, data: bytes) -> bytes:
    return _header(name, len(data)) + data + _fill(len(data))
