"""Copy a part of a bundle into the staging folder and hold it against its checksums, in one pass."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from crypto import bundle
from crypto.bundle import BundleReader
from crypto.errors import CutShortError, ProtocolError
from crypto.hashing import Hashing
from crypto.manifest import Inbound
from workstation import files
from workstation.errors import CannotReadError, CutShortBundleError, DamagedBundleError, StickGoneError
from workstation.progress import JOINING, READING, Progress
from workstation.reasons import reason
from workstation.staging import Staging

_PIECE = 2**20


def copy_and_check(
    staged: Staging, reader: BundleReader, part: Inbound, file: BinaryIO, path: Path, progress: Progress
) -> tuple[bytes, ...]:
    """Copies a part into its staging folder; the SHA-256 of each entry, in order, once all are checked.

    CutShortBundleError, DamagedBundleError, StickGoneError, DiskFullError.
    """
    _check_length(part, file, path)
    size = sum(entry.size for entry in part.entries)
    files.need_room(staged.layout.staging, room_for(part))
    staged.begin()
    progress.begin(READING, len(part.entries), size)
    try:
        for entry, untrusted_pieces in reader.entries():
            staged.add(entry, _counted(untrusted_pieces, progress))
            progress.advance(1)
    except CutShortError:  # the file was long enough when it was opened
        raise StickGoneError(path=path, reason=reason(OSError(errno.EIO, ""))) from None
    except ProtocolError:
        raise DamagedBundleError(path=path, entry=reader.place, part=part.part, number=part.number) from None
    except OSError as error:
        raise StickGoneError(path=path, reason=reason(error)) from None
    finally:
        progress.end()
    staged.name_blobs(reader.digests)
    return reader.digests


def _check_length(part: Inbound, file: BinaryIO, path: Path) -> None:
    """CutShortBundleError if the file cannot hold all of the part: then there is no need to read it."""
    found = os.fstat(file.fileno())
    if stat.S_ISREG(found.st_mode) and found.st_size < bundle.size_of(part, signed=False):
        raise CutShortBundleError(path=path, part=part.part, number=part.number)


def room_for(part: Inbound) -> int:
    """The disk space that a part takes while it comes in: items lie in staging and, twice, in the vault."""
    return sum(entry.size * (3 if entry.kind == "item" else 1) for entry in part.entries)


def join(path: Path, progress: Progress) -> bytes:
    """SHA-256 of a blob whose slices are all in place; CannotReadError."""
    try:
        with path.open("rb", buffering=0) as file, Hashing() as hashing:
            progress.begin(JOINING, 1, os.fstat(file.fileno()).st_size)
            while piece := file.read(_PIECE):
                hashing.update(piece)
                progress.advance(0, len(piece))
            return hashing.digest()
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    finally:
        progress.end()


def _counted(untrusted_pieces: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    for piece in untrusted_pieces:
        yield piece
        progress.advance(0, len(piece))
