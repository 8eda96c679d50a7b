"""Who handles what: the office's routing table (of Irban, the regional assistant inspectors), and who a case
is assigned to.

The table names for an office the reviewers who handle what is about it, the first choice first; an office
that does not stand in it is routed as the one above it in the registry. It is of the office and not of a
case, so it stands in the settings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from crypto.constants import MAX_LIST, MAX_OFFICES, MAX_SLICE_SIZE
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day, Fields, ReviewerId, distinct, identifier
from workstation import cases, settings
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import BadRoutingError, NotAReaderError, OnlyForYourselfError
from workstation.casework.journal import Step
from workstation.errors import CannotReadError, UnknownReviewerError, VaultDamagedError
from workstation.offices import registry
from workstation.reasons import reason
from workstation.review import conflict
from workstation.station import Station
from workstation.vault import Vault

Table = Mapping[str, tuple[ReviewerId, ...]]

_SETTING: Final = "routing"


def table(vault: Vault) -> Table:
    """Offices' ids and who handles what is about them; VaultDamagedError."""
    kept = settings.read(vault, _SETTING)
    try:
        return {} if kept is None else _read(kept)
    except ProtocolError:
        raise VaultDamagedError from None


def load(path: Path) -> Table:
    """A table in a file: one JSON object of offices' ids to lists of reviewers; CannotReadError,
    BadRoutingError."""
    try:
        with path.open("rb") as file:
            untrusted_data = file.read(MAX_SLICE_SIZE + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    try:
        if len(untrusted_data) > MAX_SLICE_SIZE:
            raise MalformedError
        return _read(json.loads(untrusted_data.decode("utf-8-sig")))
    except (ProtocolError, ValueError, RecursionError):
        raise BadRoutingError from None


def replace_table(station: Station, new: Table) -> None:
    """Puts a table in place of the one in use; NoSuchOfficeError, UnknownReviewerError."""
    present = [each.id for each in station.directory.office.reviewers]
    for office, reviewers in new.items():
        registry.find(station.vault, office)
        for each in reviewers:
            if each not in present:
                raise UnknownReviewerError(reviewer=each, known=", ".join(present))
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, {office: list(new[office]) for office in sorted(new)})
        station.log("settings-changed", _SETTING)


def route(station: Station, office: str, untrusted_reviewers: Sequence[str]) -> None:
    """Says who handles what is about one office; nobody takes it out of the table. Errors as above, and
    BadRoutingError."""
    others = {known: whom for known, whom in table(station.vault).items() if known != office}
    try:
        added = _read({office: list(untrusted_reviewers)}) if untrusted_reviewers else {}
    except ProtocolError:
        raise BadRoutingError from None
    replace_table(station, {**others, **added})


def wanted(vault: Vault, office: str) -> tuple[ReviewerId, ...]:
    """Who handles what is about an office by the table; nobody of no office."""
    routes = table(vault)
    return next((routes[each] for each in conflict.line(vault, office) if each in routes), ())


def by_table(station: Station, case: Case, on: Day) -> Case:
    """Assigns a case to the first of those in the table who read it; unchanged if there is none.

    Inside a transaction of the caller.
    """
    reading = cases.readers(station, case)
    for reviewer in wanted(station.vault, case.head.office):
        if reviewer in reading:
            return case if reviewer == case.head.assigned else _assign(station, case, reviewer, False, on)
    return case


def assign(station: Station, case: Case, reviewer: str, on: Day, only: bool = False) -> Case:
    """Says who handles a case; with `only`, nobody else reads it any more.

    NotAReaderError, OnlyForYourselfError.
    """
    with station.vault.transaction():
        case = cases.find(station, case.number)
        reading = cases.readers(station, case)
        if reviewer not in reading:
            raise NotAReaderError(reviewer=reviewer, number=case.number)
        if only and reviewer == station.reviewer:
            raise OnlyForYourselfError
        case = _assign(station, case, ReviewerId(reviewer), only, on)
        if only:
            case = cases.take_from(station, case, [each for each in reading if each != reviewer])
    return case


def latest(steps: Sequence[Step]) -> ReviewerId | None:
    """Who was last said to handle it, None if nobody; `head.assigned` is empty if they read it no longer."""
    found = journal.of_kind(steps, "assigned")
    return ReviewerId(str(found[-1].details["reviewer"])) if found else None


def _assign(station: Station, case: Case, reviewer: ReviewerId, only: bool, on: Day) -> Case:
    case, _step = journal.add(station, case, "assigned", {"only": only, "reviewer": reviewer}, on)
    return cases.update(station, case, replace(case.head, assigned=reviewer))


def _read(untrusted_value: object) -> Table:
    fields = Fields(untrusted_value)
    names = fields.names()
    if len(names) > MAX_OFFICES:
        raise MalformedError
    found = {
        identifier(name): fields.list_of(name, lambda value: ReviewerId(identifier(value)), 1, MAX_LIST)
        for name in names
    }
    for reviewers in found.values():
        distinct(reviewers)
    return found
