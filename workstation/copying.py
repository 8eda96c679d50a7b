"""Copy a bundle into the staging folder and hold it against its checksums."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from crypto import canonical
from crypto.bundle import BundleReader
from crypto.errors import ProtocolError, WrongChecksumError
from crypto.fields import Fields
from crypto.manifest import Inbound
from workstation import files
from workstation.errors import CannotReadError, DamagedBundleError
from workstation.progress import READING, Progress
from workstation.reasons import reason
from workstation.staging import Staging


def copy_and_check(
    staged: Staging, reader: BundleReader, manifest: Inbound, path: Path, progress: Progress
) -> list[bytes]:
    """Copies a bundle into its staging folder; the SHA-256 of each entry, in order, once all are checked.

    DamagedBundleError, DiskFullError, CannotReadError.
    """
    size = sum(entry.size for entry in manifest.entries)
    files.need_room(staged.layout.staging, size)
    staged.begin()
    progress.begin(READING, len(manifest.entries), size)
    places = [entry.path for entry in manifest.entries] + ["checksums"]
    try:
        for entry, untrusted_pieces in reader.entries():
            staged.add(entry, _counted(untrusted_pieces, progress))
            progress.advance(1)
    except WrongChecksumError:
        raise DamagedBundleError(entry=_first_wrong(staged, reader.checksums)) from None
    except ProtocolError:
        raise DamagedBundleError(entry=places[len(staged.entries)]) from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    finally:
        progress.end()
    digests = _digests(reader.checksums)
    staged.name_blobs(digests)
    return digests


def _counted(untrusted_pieces: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    for piece in untrusted_pieces:
        yield piece
        progress.advance(0, len(piece))


def _digests(checksums: bytes) -> list[bytes]:
    """The digests in a checksum document; any ProtocolError if it is none."""
    fields = Fields(canonical.parse(checksums))
    return [bytes.fromhex(str(digest)) for digest in fields.list_of("entries", str, 0, 2**20)]


def _first_wrong(staged: Staging, untrusted_checksums: bytes) -> str:
    """Which entry differs from the checksums; the checksums themselves, if they are what is damaged."""
    try:
        expected = _digests(untrusted_checksums)
    except (ProtocolError, ValueError):
        return "checksums"
    wanted = dict(zip((entry.path for entry in staged.entries), expected, strict=False))
    for entry, item in staged.items():
        if hashlib.sha256(item).digest() != wanted.get(entry.path):
            return entry.path
    for entry in staged.entries:
        if entry.kind == "blob":
            with staged.file_of(entry).open("rb") as file:
                if hashlib.file_digest(file, "sha256").digest() != wanted.get(entry.path):
                    return entry.path
    return "checksums"
