"""Erase a case: its key, its rows and its files, so that nothing of it can be found on the station.

The vault is copied without it, the copy made compact, and put in the place of the old one, which is
overwritten, as are the evidence files. What stays is in the log: that a case was erased, on which day, by
whom and for one of four reasons; of what was done in it before, commitments that nothing opens any more; and
a count of it for those who could read it (recap/tally.py). Replies that were sent stay in the outbound
bundles, sealed to the codename.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from crypto import calendar
from workstation import attachments, changing, files, thread
from workstation.cases import Case
from workstation.errors import EvidenceArrivingError
from workstation.recap import tally
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


@dataclass(frozen=True)
class _Contents:
    """What belongs to a case: counts, ids of blobs, tokens of reply slots, and evidence files."""

    messages: int
    replies: int
    blobs: list[bytes]
    tokens: list[bytes]
    files: list[Path]

    def counted(self) -> Erased:
        return Erased(self.messages, self.replies, len(self.files))


Also: TypeAlias = Callable[[Station, Sequence[Erased]], None]


def _nothing(_station: Station, _erased: Sequence[Erased]) -> None:
    """Nothing besides."""


def erase(station: Station, case: Case, reason: str) -> Erased:
    """Erases a case that the reviewer who is here may read; the station is locked afterwards.

    `reason` is a key of `REASONS`. EvidenceArrivingError, DiskFullError, CannotWriteError: nothing is
    changed.
    """
    return erase_all(station, [case], reason)[0]


def erase_all(station: Station, chosen: Sequence[Case], reason: str, also: Also = _nothing) -> list[Erased]:
    """The same for several at once, with one copy of the vault.

    `also` runs in the vault that stays, in the transaction in which they go, with what went.
    """
    held = [_contents(station, case) for case in chosen]
    with changing.change(station.layout) as change:
        change.drop(*(path for contents in held for path in contents.files))
        files.need_room(station.layout.folder, 2 * station.layout.vault.stat().st_size)
        vault = station.vault.copy(change.made.vault, station.keys.vault)
        try:
            inside = replace(station, vault=vault)
            with vault.transaction():
                for case, contents in zip(chosen, held, strict=True):
                    tally.keep(inside, case, calendar.today())
                    _delete(inside, case, contents)
                    inside.log("case-erased", reason)
                erased = [contents.counted() for contents in held]
                also(inside, erased)
            vault.rows("VACUUM")
        finally:
            vault.close()
        station.vault.close()
    return erased


def _contents(station: Station, case: Case) -> _Contents:
    """EvidenceArrivingError while some of it is on its way."""
    messages, replies = thread.messages(station, case), thread.replies(station, case)
    named = [evidence.blob for _, _, evidence in attachments.of_case(station, case)]
    for blob in named:
        arriving = station.vault.row(_ARRIVING, blob)
        if arriving is not None:
            raise EvidenceArrivingError(number=arriving[0])
    digests = [digest for blob in named for digest, _ in thread.blobs(station, blob)]
    gone = [path for digest in digests if (path := _file(station, digest)).is_file()]
    tokens = [token for sent in replies for token in sent.body.tokens]
    return _Contents(len(messages), len(replies), named, tokens, gone)


def _delete(station: Station, case: Case, contents: _Contents) -> None:
    for blob in contents.blobs:
        station.vault.rows("DELETE FROM blobs WHERE id = ?", blob)
        station.vault.rows("DELETE FROM slices WHERE blob = ?", blob)
    for token in contents.tokens:
        station.vault.rows("DELETE FROM outbox WHERE token = ?", token)
    station.vault.rows("DELETE FROM cases WHERE number = ?", case.number)


def _file(station: Station, digest: bytes) -> Path:
    return station.layout.evidence / digest.hex()
