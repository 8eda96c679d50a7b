"""Hand cases to another reviewer: to a newcomer who got only what the one who added them may read.

The key of a case is sealed to one more reviewer. Who can hand it on is who can open it; who can get it is who
could have been sent it: a recipient of its channel today, whom no message of it excludes and no conflict of
interest keeps out.
"""

from collections.abc import Collection
from dataclasses import dataclass

from crypto import calendar
from crypto.fields import ReviewerId
from workstation import caselog, cases
from workstation.cases import Case
from workstation.casework.errors import ConflictOfInterestError
from workstation.errors import (
    ExcludedFromCaseError,
    NotOfChannelError,
    UnknownReviewerError,
)
from workstation.opening import open_sealed
from workstation.review import conflict
from workstation.station import Station


@dataclass(frozen=True)
class Shared:
    """Numbers of cases: handed over now, read by that reviewer before, and not to be given to them."""

    given: tuple[int, ...]
    already: tuple[int, ...]
    kept: tuple[int, ...] = ()


def share(station: Station, numbers: Collection[int], reviewer: str) -> Shared:
    """Makes a reviewer a reader of these cases: of all, or, if anything is raised, of none.

    UnknownReviewerError, NoSuchCaseError, ExcludedFromCaseError, ConflictOfInterestError, NotOfChannelError.
    """
    reader = _present(station, reviewer)
    with station.vault.transaction():
        open_sealed(station)  # a message that a colleague imported may exclude somebody
        found = [cases.find(station, number) for number in sorted(set(numbers))]
        for case in found:
            if reader in case.head.excluded:
                raise ExcludedFromCaseError(number=case.number, reviewer=reader)
            if reader in conflict.kept_out(station.vault, case.head):
                raise ConflictOfInterestError(number=case.number, reviewer=reader)
            if not _receives(station, case, reader):
                raise NotOfChannelError(number=case.number, reviewer=reader)
        return _give(station, found, reader)


def share_all(station: Station, reviewer: str) -> Shared:
    """The same with every case that the reviewer who is here may read and the other may get."""
    reader = _present(station, reviewer)
    with station.vault.transaction():
        open_sealed(station)
        found = list(cases.readable(station))
        fit = [case for case in found if _may_get(station, case, reader)]
        kept = sorted({case.number for case in found} - {case.number for case in fit})
        shared = _give(station, fit, reader)
    return Shared(shared.given, shared.already, tuple(kept))


def others(station: Station, case: Case) -> list[ReviewerId]:
    """Who could be given a case."""
    reading, present = cases.readers(station, case), [each.id for each in station.directory.office.reviewers]
    return [each for each in present if each not in reading and _may_get(station, case, each)]


def _present(station: Station, reviewer: str) -> ReviewerId:
    """A reviewer of the directory of today; who was taken away is none."""
    present = [each.id for each in station.directory.office.reviewers]
    if reviewer not in present:
        raise UnknownReviewerError(reviewer=reviewer, known=", ".join(present))
    return ReviewerId(reviewer)


def _may_get(station: Station, case: Case, reader: ReviewerId) -> bool:
    out = {*case.head.excluded, *conflict.kept_out(station.vault, case.head)}
    return reader not in out and _receives(station, case, reader)


def _receives(station: Station, case: Case, reader: ReviewerId) -> bool:
    return reader in (station.recipients(case.head.channel) or ())


def _give(station: Station, found: list[Case], reader: ReviewerId) -> Shared:
    rows = station.vault.rows('SELECT "case" FROM readers WHERE reviewer = ?', reader)
    reads = {number for (number,) in rows}
    given = [case for case in found if case.number not in reads]
    for case in given:
        cases.give_to(station, case, reader)
        caselog.write(station, case.key, "given", subject=reader)
        conflict.keep_to(station, case, "", calendar.today())  # who had to keep it, being alone, now does not
    already = sorted(case.number for case in found if case.number in reads)
    return Shared(tuple(sorted(case.number for case in given)), tuple(already))
