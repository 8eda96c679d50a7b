"""Evidence in the clear: exported whole or not at all, checked, or on request what is left of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crypto.message import Evidence
from workstation import files, incomplete, thread
from workstation.cases import Case
from workstation.damage import Damage
from workstation.errors import (
    CannotReadError,
    EvidenceDamagedError,
    EvidenceLostError,
    EvidenceMissingError,
    EvidenceUnreadableError,
    FileExistsAlreadyError,
    NoSuchEvidenceError,
)
from workstation.filenames import safe_name
from workstation.files import Unnamed
from workstation.progress import EXPORTING, READING, SILENT, Progress
from workstation.reasons import reason
from workstation.station import Station
from workstation.unsealing import Unsealed, unseal

_TRIES = 1_000


@dataclass(frozen=True)
class Exported:
    """A file that was written: `size` bytes with this SHA-256. If it is incomplete, a `note` is beside it."""

    path: Path
    size: int
    sha256: bytes
    damage: Damage
    note: Path | None


def numbers(station: Station, case: Case) -> list[int]:
    """The numbers of the evidence that a case's messages name, in order."""
    return [number for number, _, _ in thread.evidence(thread.messages(station, case))]


def check(station: Station, case: Case, number: int, progress: Progress = SILENT) -> Damage:
    """Reads and proves all of a piece of evidence and writes nothing.

    NoSuchEvidenceError, EvidenceMissingError, CannotReadError.
    """
    evidence = _named(station, case, number)
    return _pass(_best(station, evidence, number, progress), evidence, None, progress).damage


def export(
    station: Station, case: Case, number: int, to: Path, recover: bool = False, progress: Progress = SILENT
) -> Exported:
    """Writes evidence `number` of a case into a folder and never over anything.

    If the file is damaged: EvidenceDamagedError, or with `recover` what opens of it, under a marked name and
    with a note beside it; EvidenceLostError if nothing opens. Besides NoSuchEvidenceError,
    EvidenceMissingError, CannotReadError, NotAFolderError, DiskFullError, CannotWriteError and
    FileExistsAlreadyError; no error leaves a file.
    """
    evidence = _named(station, case, number)
    with files.unnamed(to) as file:
        blob = _best(station, evidence, number, progress)
        with _reading(blob):
            files.need_room(to, min(evidence.size, blob.stat().st_size))
        done = _pass(blob, evidence, file, progress)
        name, text = safe_name(evidence.untrusted_name, case.number, number), None
        if done.damage.found:
            faults = "; ".join(done.damage.few())
            if not done.damage.intact:
                raise EvidenceLostError(number=number, faults=faults)
            if not recover:
                raise EvidenceDamagedError(number=number, faults=faults)
            name = incomplete.name(evidence.untrusted_name, case.number, number)
            text = incomplete.note(case.number, number, done)
        path, note = _give_name(file, to / name, text)
    return Exported(path, done.written, done.sha256, done.damage, note)


def _named(station: Station, case: Case, number: int) -> Evidence:
    """What the reporter's message says of a piece of evidence."""
    for found, _, evidence in thread.evidence(thread.messages(station, case)):
        if found == number:
            return evidence
    raise NoSuchEvidenceError(case=case.number, number=number)


def _best(station: Station, evidence: Evidence, number: int, progress: Progress) -> Path:
    """The file that came under the evidence's blob id; of several, the one that is least damaged."""
    blobs = [station.layout.evidence / digest.hex() for digest, _ in thread.blobs(station, evidence.blob)]
    if not blobs:
        raise EvidenceMissingError(number=number)
    if len(blobs) == 1:
        return blobs[0]
    seen = {}
    for blob in blobs:
        with suppress(CannotReadError):
            damage = _pass(blob, evidence, None, progress).damage
            seen[blob] = (not damage.found, damage.intact)
    return max(seen, key=lambda blob: seen[blob], default=blobs[0])


def _pass(blob: Path, evidence: Evidence, into: Unnamed | None, progress: Progress) -> Unsealed:
    progress.begin(READING if into is None else EXPORTING, 1, evidence.size)
    try:
        with _reading(blob):
            source = os.open(blob, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return unseal(evidence, source, into, progress)
            finally:
                os.close(source)
    finally:
        progress.end()


@contextmanager
def _reading(blob: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EvidenceUnreadableError(path=blob, reason=reason(error)) from None


def _give_name(file: Unnamed, wanted: Path, text: str | None) -> tuple[Path, Path | None]:
    """The first name that is free; with a text, the note is there before the file is."""
    for path in _free_names(wanted):
        with suppress(FileExistsError):
            if text is None:
                file.name(path)
                return path, None
            note = path.with_name(path.name + incomplete.NOTE_ENDING)
            with _noted(note, text):
                file.name(path)
            return path, note
    raise FileExistsAlreadyError(path=wanted)


@contextmanager
def _noted(note: Path, text: str) -> Iterator[None]:
    files.write_new(note, [text.encode()])
    try:
        yield
    except BaseException:
        note.unlink(missing_ok=True)
        raise


def _free_names(wanted: Path) -> Iterator[Path]:
    for number in range(1, _TRIES):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not path.exists() and not path.is_symlink():
            yield path
