"""Seals a file of this computer as evidence, as a reporter's device would have."""

import hashlib
import mimetypes
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from crypto.blob import BlobId
from crypto.constants import CHUNK_SIZE, ID_SIZE
from crypto.errors import MalformedError
from crypto.message import Evidence
from crypto.seal.blob import BlobSealer, Reading
from workstation import files
from workstation.casework.errors import NotAttachableError
from workstation.errors import CannotReadError
from workstation.progress import READING, Progress
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import _

_KEY_SIZE = 32


@dataclass(frozen=True)
class Sealed:
    """A sealed file in the evidence folder: what opens it, the SHA-256 of the sealed file, and its bytes."""

    evidence: Evidence
    digest: bytes
    size: int


def files_of(path: Path) -> tuple[Path, ...]:
    """The file, or the files in a folder by name, without hidden ones and without what lies in folders."""
    try:
        if not path.is_dir():
            return (path,)
        return tuple(sorted(each for each in path.iterdir() if each.is_file() and each.name[0] != "."))
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def check(station: Station, path: Path) -> None:
    """NotAttachableError for what the office takes from nobody; CannotReadError."""
    limits = station.directory.office.evidence
    if path.suffix.removeprefix(".").lower() in limits.refused:
        raise NotAttachableError(path=path)
    try:
        if not path.is_file():
            raise CannotReadError(path=path, reason=_("it is no file"))
        if path.stat().st_size > limits.largest:
            raise NotAttachableError(path=path)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def seal(station: Station, path: Path, name: str, progress: Progress) -> Sealed:
    """Writes a file, sealed, into the evidence folder; nothing names it there yet. CannotReadError,
    DiskFullError, CannotWriteError."""
    try:
        with path.open("rb") as source:
            return seal_from(station, source, os.fstat(source.fileno()).st_size, name, progress)
    except MalformedError:
        raise CannotReadError(path=path, reason=_("it changed while it was read")) from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def seal_from(station: Station, source: Reading, size: int, name: str, progress: Progress) -> Sealed:
    """The same from whatever gives so many bytes; MalformedError if it gives more or fewer."""
    blob, key = BlobId(secrets.token_bytes(ID_SIZE)), secrets.token_bytes(_KEY_SIZE)
    sealer, digest, sealed_size = BlobSealer(blob, key, size), hashlib.sha256(), 0
    files.need_room(station.layout.evidence, sealer.padded)
    progress.begin(READING, 1, size)
    try:
        with files.unnamed(station.layout.evidence) as target:
            for chunk in sealer.chunks(source):
                digest.update(chunk)
                sealed_size += len(chunk)
                target.write(chunk)
                progress.advance(0, CHUNK_SIZE)
            target.name(station.layout.evidence / digest.hexdigest())
    finally:
        progress.end()
    kind = mimetypes.guess_type(name)[0] or ""
    evidence = Evidence(blob, key, name, kind, size, sealer.chunk_list_hash)
    return Sealed(evidence, digest.digest(), sealed_size)


def enter(station: Station, sealed: Sealed) -> None:
    """Notes where the file is; inside the transaction that files what names it."""
    station.vault.rows(
        "INSERT INTO blobs (id, digest, size) VALUES (?, ?, ?)",
        sealed.evidence.blob,
        sealed.digest,
        sealed.size,
    )
