"""Cases about the same matter: one is merged into another, and is closed and answered together with it.

Everybody who reads the merged case must read the other one: its journal names it, and nobody may learn of a
case that is not for them. The other way round is allowed: who closes the other case may not be able to read
the merged one, or not know that it exists. Then it is left behind, and stands in the lists of its readers as
something to be answered and closed by itself.
"""

from collections.abc import Iterable, Mapping

from workstation import cases
from workstation.cases import Case
from workstation.casework import stages
from workstation.errors import NoSuchCaseError
from workstation.station import Station


def fits(station: Station, case: Case, number: int) -> bool:
    """Whether a case can be merged into the one with this number."""
    try:
        target = cases.find(station, number)
    except NoSuchCaseError:
        return False
    read_both = {*cases.readers(station, case)} <= {*cases.readers(station, target)}
    return target.number != case.number and stages.is_open(target.head.stage) and read_both


def targets(station: Station, case: Case) -> list[Case]:
    """The cases into which a case can be merged."""
    return [other for other in cases.readable(station) if fits(station, case, other.number)]


def along(station: Station, case: Case) -> list[Case]:
    """The readable cases that are closed with this one: merged into it, or into one of these."""
    merged = [other for other in cases.readable(station) if other.head.stage == "merged"]
    found, ends = [], {case.number}
    while new := [other for other in merged if other.head.into in ends and other not in found]:
        found += new
        ends = {other.number for other in new}
    return found


def is_left_behind(station: Station, case: Case) -> bool:
    """Whether a case was merged, and the one that it goes with in the end is closed, gone, or no longer for
    this reader: its reporter waits for an answer."""
    if case.head.stage != "merged":
        return False
    return _is_left({other.number: other for other in cases.readable(station)}, case)


def left_behind(readable: Iterable[Case]) -> list[Case]:
    """Those of all readable cases."""
    known = {case.number: case for case in readable}
    return [case for case in known.values() if case.head.stage == "merged" and _is_left(known, case)]


def _is_left(known: Mapping[int, Case], case: Case) -> bool:
    end: Case | None = case
    while end is not None and end.head.stage == "merged":
        end = known.get(end.head.into)
    return end is None or not stages.is_open(end.head.stage)
