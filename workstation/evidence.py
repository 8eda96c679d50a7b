"""Export a piece of evidence: it appears under its name only when all of it has proved right."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crypto.blob import blob_size
from crypto.errors import ProtocolError
from crypto.message import Evidence
from crypto.open.blob import open_blob
from crypto.padding import padme
from workstation import files, thread
from workstation.cases import Case
from workstation.errors import (
    CannotReadError,
    EvidenceDamagedError,
    EvidenceMissingError,
    FileExistsAlreadyError,
    NoSuchEvidenceError,
    NotAFolderError,
)
from workstation.filenames import safe_name
from workstation.progress import EXPORTING, SILENT, Progress
from workstation.reasons import reason
from workstation.station import Station

_TRIES = 1_000


@dataclass(frozen=True)
class Exported:
    """A file that was written. `sha256` is over the whole plaintext file."""

    path: Path
    size: int
    sha256: bytes


def export(station: Station, case: Case, number: int, to: Path, progress: Progress = SILENT) -> Exported:
    """Writes evidence `number` of a case into a folder and never over anything.

    NoSuchEvidenceError, EvidenceMissingError, EvidenceDamagedError, NotAFolderError, DiskFullError,
    CannotWriteError; none of them leaves a file.
    """
    if not to.is_dir():
        raise NotAFolderError(path=to)
    found = {n: content for n, _, content in thread.evidence(thread.messages(station, case))}
    if number not in found:
        raise NoSuchEvidenceError(case=case.number, number=number)
    evidence = found[number]
    arrived = thread.blobs(station, evidence.blob)
    if not arrived:
        raise EvidenceMissingError(number=number)
    right = blob_size(padme(evidence.size))
    arrived = [(digest, size) for digest, size in arrived if size == right]
    if not arrived:
        raise EvidenceDamagedError(number=number)
    files.need_room(to, evidence.size)
    name = safe_name(evidence.untrusted_name, case.number, number)
    for digest, _ in arrived:
        try:
            return _export(station.layout.evidence / digest.hex(), evidence, to / name, progress)
        except ProtocolError:
            continue  # another file came under the same id: perhaps that one is right
    raise EvidenceDamagedError(number=number)


def _export(blob: Path, evidence: Evidence, wanted: Path, progress: Progress) -> Exported:
    for path in _free_names(wanted):
        digest = hashlib.sha256()
        progress.begin(EXPORTING, 1, evidence.size)
        try:
            files.write_new(path, _opened(blob, evidence, digest, progress))
        except FileExistsError:
            continue
        finally:
            progress.end()
        return Exported(path, evidence.size, digest.digest())
    raise FileExistsAlreadyError(path=wanted)


def _free_names(wanted: Path) -> Iterator[Path]:
    for number in range(1, _TRIES):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not path.exists() and not path.is_symlink():
            yield path


def _opened(blob: Path, evidence: Evidence, digest: "hashlib._Hash", progress: Progress) -> Iterator[bytes]:
    try:
        file = blob.open("rb")
    except OSError as error:
        raise CannotReadError(path=blob, reason=reason(error)) from None
    with file:
        for piece in open_blob(evidence, file):
            digest.update(piece)
            yield piece
            progress.advance(0, len(piece))
