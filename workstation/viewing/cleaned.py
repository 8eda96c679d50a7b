"""A copy of evidence without its hidden data, made by mat2 in the sandbox. The original stays as it is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workstation import caselog, evidence, files
from workstation.cases import Case
from workstation.errors import NotAFolderError, NotCleanableError, NotShownError
from workstation.progress import DRAWING, SILENT, Progress
from workstation.station import Station
from workstation.texts import _
from workstation.viewing import sandbox
from workstation.viewing.kinds import EDGE, Family, recognise
from workstation.viewing.sandbox import MIB, Limits
from workstation.viewing.showing import LARGEST, kind_of
from workstation.viewing.source import Source

_LIMITS: Final = Limits(
    seconds=120, memory=4096 * MIB, scratch=3 * LARGEST, output=LARGEST + 64 * MIB, processes=64
)
_MARK: Final = "BERSIH-CLEANED-"
_FAMILIES: Final = frozenset({Family.PICTURE, Family.PDF, Family.OFFICE, Family.SOUND, Family.VIDEO})
_SCRIPT: Final = (
    'cp "/in/file.$1" "/tmp/file.$1" && mat2 --no-sandbox --unknown-members omit "/tmp/file.$1" >&2 '
    '&& cat "/tmp/file.cleaned.$1"'
)


@dataclass(frozen=True)
class Copy:
    """A cleaned copy that was written: `size` bytes with this SHA-256, and that of its `original`."""

    path: Path
    size: int
    sha256: bytes
    original: bytes


def write(station: Station, case: Case, number: int, to: Path, progress: Progress = SILENT) -> Copy:
    """Writes a cleaned copy of evidence `number` of a case into a folder, under a marked name.

    NotCleanableError for kinds that mat2 does not clean; NotAFolderError, DiskFullError, CannotWriteError,
    FileExistsAlreadyError; otherwise as `view`.
    """
    if not to.is_dir():
        raise NotAFolderError(path=to)
    with evidence.in_memory(station, case, number, LARGEST, progress) as clear:
        progress.begin(DRAWING, 1)
        copy = clean(Source(clear.descriptor, clear.size, progress))
        original = clear.sha256
    sha256 = hashlib.sha256(copy).digest()
    with station.vault.transaction():
        caselog.write(station, case.key, "cleaned", number, sha256.hex())
    path = files.write_beside(to / evidence.file_name(station, case, number, _MARK), copy)
    return Copy(path, len(copy), sha256, original)


def clean(source: Source) -> bytes:
    """The cleaned bytes of any file in memory. They are checked for their kind only: as untrusted as the
    original."""
    sandbox.need("mat2")
    kind = kind_of(source)
    if kind.family not in _FAMILIES:
        raise NotCleanableError
    command = ["sh", "-c", _SCRIPT, "sh", kind.ending]
    copy = sandbox.run(command, source.descriptor, kind.ending, _LIMITS, source.progress).untrusted_data
    if recognise(copy[:EDGE], copy[-EDGE:]).family is not kind.family:
        raise NotShownError(reason=_("what came out is of another kind"))
    return copy
