"""Evidence that another office gets: a cleaned copy, or the original if somebody insists, sealed anew.

The reporter's name for the file never goes with it, nor the key of the blob that came from them.
"""

import hashlib
import mimetypes
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from crypto.blob import BlobId
from crypto.constants import ID_SIZE
from crypto.message import Evidence
from crypto.seal.blob import BlobSealer
from workstation import evidence, terminal
from workstation.cases import Case
from workstation.dispositions.kept import Passed
from workstation.errors import TooLargeToShowError
from workstation.offices.office_errors import EvidenceTooLargeError
from workstation.progress import DRAWING, Progress
from workstation.station import Station
from workstation.texts import _
from workstation.viewing import cleaned
from workstation.viewing.showing import LARGEST, kind_of
from workstation.viewing.source import Source

_KEY_SIZE: Final = 32


@dataclass(frozen=True)
class Copied:
    """What goes: the bytes of a copy under a name that says nothing, and which piece of the case it is."""

    name: str
    data: bytes
    passed: Passed


@dataclass(frozen=True)
class SealedCopy:
    """The same, sealed under a fresh key as one blob."""

    evidence: Evidence
    blob: bytes
    passed: Passed


def copies(
    station: Station, case: Case, wanted: Sequence[tuple[int, bool]], progress: Progress
) -> list[Copied]:
    """Copies of pieces of evidence, each (number, whether the original), in memory only.

    NotCleanableError, NotShownError, ProgramsMissingError, NoSandboxError; EvidenceTooLargeError;
    NoSuchEvidenceError, EvidenceMissingError, EvidenceDamagedError, CannotReadError.
    """
    return [_copy(station, case, number, original, progress) for number, original in wanted]


def seal(copy: Copied) -> SealedCopy:
    """Seals one under a fresh name and key."""
    blob, key = BlobId(secrets.token_bytes(ID_SIZE)), secrets.token_bytes(_KEY_SIZE)
    sealer = BlobSealer(blob, key, len(copy.data))
    sealed = b"".join(sealer.chunks(BytesIO(copy.data)))
    kind = mimetypes.guess_type(copy.name)[0] or ""
    named = Evidence(blob, key, copy.name, kind, len(copy.data), sealer.chunk_list_hash)
    return SealedCopy(named, sealed, copy.passed)


def _copy(station: Station, case: Case, number: int, original: bool, progress: Progress) -> Copied:
    try:
        with evidence.in_memory(station, case, number, LARGEST, progress) as clear:
            source = Source(clear.descriptor, clear.size, progress)
            ending = kind_of(source).ending
            if original:
                data = _whole(clear.descriptor, clear.size)
            else:
                progress.begin(DRAWING, 1)
                data = cleaned.clean(source)
    except TooLargeToShowError as error:
        raise EvidenceTooLargeError(
            number=number, size=error.details["size"], largest=terminal.size(LARGEST)
        ) from None
    passed = Passed(number, original, hashlib.sha256(data).digest(), len(data))
    return Copied(f"{_('evidence')}-{number}.{ending or 'bin'}", data, passed)


def _whole(descriptor: int, size: int) -> bytes:
    pieces, at = [], 0
    while at < size and (piece := os.pread(descriptor, size - at, at)):
        pieces.append(piece)
        at += len(piece)
    return b"".join(pieces)
