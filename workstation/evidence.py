"""Evidence in the clear: exported whole or not at all, checked, or on request what is left of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crypto.message import Evidence
from workstation import attachments, caselog, custody, files, incomplete, terminal, thread, watermark
from workstation.caselog import CaseAct
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
    TooLargeToShowError,
)
from workstation.filenames import safe_name
from workstation.files import Unnamed
from workstation.progress import EXPORTING, READING, SILENT, Progress
from workstation.reasons import reason
from workstation.station import Station
from workstation.unsealing import Unsealed, unseal


@dataclass(frozen=True)
class Exported:
    """A file that was written: `size` bytes with this SHA-256.

    Beside it lies a custody note; if the file is incomplete, a `note` that says what is missing instead.
    """

    path: Path
    size: int
    sha256: bytes
    damage: Damage
    note: Path | None
    custody: Path | None


def numbers(station: Station, case: Case) -> list[int]:
    """The numbers of the evidence that a case's messages name, in order."""
    return [number for number, _, _ in attachments.of_case(station, case)]


def file_name(station: Station, case: Case, number: int, mark: str = "") -> str:
    """A name for a file that is made of evidence `number`; NoSuchEvidenceError."""
    untrusted_name = _named(station, case, number).untrusted_name
    return safe_name(untrusted_name, case.number, number, _mark(station) + mark)


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
        if done.damage.found:
            faults = "; ".join(done.damage.few())
            if not done.damage.intact:
                raise EvidenceLostError(number=number, faults=faults)
            if not recover:
                raise EvidenceDamagedError(number=number, faults=faults)
            name = incomplete.name(evidence.untrusted_name, case.number, number, _mark(station))
            ending, text = incomplete.NOTE_ENDING, incomplete.note(case.number, number, done)
        else:
            name = safe_name(evidence.untrusted_name, case.number, number, _mark(station))
            ending = custody.NOTE_ENDING
            text = custody.note(station, case.number, number, evidence.untrusted_name, done)
        with station.vault.transaction():
            act: CaseAct = "exported-incomplete" if done.damage.found else "exported"
            caselog.write(station, case.key, act, number, done.sha256.hex())
        path, note = _give_name(file, to / name, ending, text)
    notes = (note, None) if done.damage.found else (None, note)
    return Exported(path, done.written, done.sha256, done.damage, *notes)


@dataclass(frozen=True)
class Clear:
    """Evidence in memory: the descriptor of a memfd, closed when the context ends."""

    descriptor: int
    size: int
    sha256: bytes


@contextmanager
def in_memory(
    station: Station, case: Case, number: int, largest: int, progress: Progress = SILENT
) -> Iterator[Clear]:
    """Evidence `number` of a case in a file that is in no folder and on no disk, whole or not at all.

    TooLargeToShowError if it has more than `largest` bytes; EvidenceDamagedError; NoSuchEvidenceError,
    EvidenceMissingError, CannotReadError.
    """
    evidence = _named(station, case, number)
    if evidence.size > largest:
        size, most = terminal.size(evidence.size), terminal.size(largest)
        raise TooLargeToShowError(number=number, size=size, largest=most)
    descriptor = os.memfd_create("evidence", os.MFD_CLOEXEC)
    try:
        into = Unnamed(station.layout.folder, descriptor, None)
        done = _pass(_best(station, evidence, number, progress), evidence, into, progress)
        if done.damage.found:
            raise EvidenceDamagedError(number=number, faults="; ".join(done.damage.few()))
        yield Clear(descriptor, done.written, done.sha256)
    finally:
        os.close(descriptor)


def _mark(station: Station) -> str:
    return watermark.file_mark(station.keys.place.instance)


def _named(station: Station, case: Case, number: int) -> Evidence:
    """What the reporter's message says of a piece of evidence."""
    for found, _, evidence in attachments.of_case(station, case):
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


def _give_name(file: Unnamed, wanted: Path, ending: str, text: str) -> tuple[Path, Path]:
    """The first name that is free, and that of its note, which is there before the file is."""
    for path in files.free_names(wanted):
        with suppress(FileExistsError):
            note = path.with_name(path.name + ending)
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
