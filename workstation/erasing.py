"""Erase a case: its key, its rows and its files, so that nothing of it can be found on the station.

The vault is copied without it, the copy made compact, and put in the place of the old one, which is
overwritten, as are the evidence files. What stays is in the log: that a case was erased, on which day, by
whom and for one of four reasons; and of what was done in it before, commitments that nothing opens any more.
Replies that were sent stay in the outbound bundles, sealed to the codename.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workstation import changing, files, thread
from workstation.cases import Case
from workstation.errors import EvidenceArrivingError
from workstation.station import Station
from workstation.texts import N_

REASONS: Final = {
    "retention": N_("kept as long as the rules say"),
    "withdrawn": N_("the reporter asked for it"),
    "rubbish": N_("no report at all"),
    "mistake": N_("came here by mistake"),
}

_ARRIVING: Final = """
SELECT DISTINCT b.number FROM slices s JOIN bundles b ON b.id = s.bundle
WHERE s.blob = ? AND b.parts > (SELECT count(*) FROM parts p WHERE p.bundle = b.id)
"""


@dataclass(frozen=True)
class Erased:
    """What went: messages, replies and evidence files."""

    messages: int
    replies: int
    files: int


def erase(station: Station, case: Case, reason: str) -> Erased:
    """Erases a case that the reviewer who is here may read; the station is locked afterwards.

    `reason` is a key of `REASONS`. EvidenceArrivingError, DiskFullError, CannotWriteError: nothing is
    changed.
    """
    messages, replies = thread.messages(station, case), thread.replies(station, case)
    named = [evidence.blob for _, _, evidence in thread.evidence(messages)]
    for blob in named:
        arriving = station.vault.row(_ARRIVING, blob)
        if arriving is not None:
            raise EvidenceArrivingError(number=arriving[0])
    digests = [digest for blob in named for digest, _ in thread.blobs(station, blob)]
    gone = [path for digest in digests if (path := _file(station, digest)).is_file()]
    with changing.change(station.layout) as change:
        change.drop(*gone)
        files.need_room(station.layout.folder, 2 * station.layout.vault.stat().st_size)
        vault = station.vault.copy(change.made.vault, station.keys.vault)
        try:
            inside = replace(station, vault=vault)
            with vault.transaction():
                _delete(inside, case, named, [token for sent in replies for token in sent.body.tokens])
                inside.log("case-erased", reason)
            vault.rows("VACUUM")
        finally:
            vault.close()
        station.vault.close()
    return Erased(len(messages), len(replies), len(gone))


def _delete(station: Station, case: Case, blobs: list[bytes], tokens: list[bytes]) -> None:
    for blob in blobs:
        station.vault.rows("DELETE FROM blobs WHERE id = ?", blob)
        station.vault.rows("DELETE FROM slices WHERE blob = ?", blob)
    for token in tokens:
        station.vault.rows("DELETE FROM outbox WHERE token = ?", token)
    station.vault.rows("DELETE FROM cases WHERE number = ?", case.number)


def _file(station: Station, digest: bytes) -> Path:
    return station.layout.evidence / digest.hex()
