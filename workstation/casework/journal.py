"""The journal of a case: every step of casework, in order, locked under the case key and only added to.

A step has a kind and details; the module that knows the kind writes and reads them. The case's log holds the
SHA-256 of each step, so that none can be changed or left out unseen.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast, get_args

from crypto import canonical
from crypto.canonical import Json
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId
from workstation import caselog, cases
from workstation.cases import Case
from workstation.errors import VaultDamagedError
from workstation.station import Station

Kind = Literal[
    "answered-by-office",
    "answered-to-office",
    "asked-for-identity",
    "assigned",
    "came-from-office",
    "classified",
    "conflict",
    "declined",
    "destruction-proposed",
    "extended",
    "forwarded",
    "held",
    "identity-opened",
    "legal-hold",
    "legal-hold-ended",
    "lessons",
    "moved",
    "package",
    "plan",
    "proposed",
    "receipted-by-office",
    "resumed",
    "sheet",
    "taken-in",
]
"""`answered-to-office`, `came-from-office`: as the receiver of a disposition (received.py); `lessons`: cause
and improvement; `package`: without identity, for law enforcement; `taken-in`: by hand."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_PLACE: Final = b"step"


@dataclass(frozen=True)
class Step:
    """One act by a reviewer. `number` counts from 1 within the case; `details` are the kind's own."""

    number: int
    day: Day
    reviewer: ReviewerId
    kind: Kind
    details: Mapping[str, Json]


def add(station: Station, case: Case, kind: Kind, details: Mapping[str, Json], on: Day) -> tuple[Case, Step]:
    """Adds a step of the reviewer who is here; inside a transaction of the caller."""
    step = Step(case.head.steps + 1, on, station.reviewer, kind, details)
    body = _dump(step)
    station.vault.rows(
        'INSERT INTO steps ("case", number, body) VALUES (?, ?, ?)',
        case.number,
        step.number,
        case.key.seal(body, *cases.place(_PLACE, step.number)),
    )
    caselog.write(station, case.key, "stepped", step.number, _digest(body))
    return cases.update(station, case, replace(case.head, steps=step.number, counted="")), step


def of_case(station: Station, case: Case) -> list[Step]:
    """All steps of a case, by number; VaultDamagedError if one is missing."""
    rows = station.vault.rows('SELECT number, body FROM steps WHERE "case" = ? ORDER BY number', case.number)
    found = [_read(number, case.key.open(body, *cases.place(_PLACE, number))) for number, body in rows]
    if [step.number for step in found] != list(range(1, case.head.steps + 1)):
        raise VaultDamagedError
    return found


def of_kind(steps: Iterable[Step], kind: Kind) -> list[Step]:
    """Those of one kind."""
    return [step for step in steps if step.kind == kind]


def check(found: list[Step], deeds: list[caselog.Deed]) -> None:
    """VaultDamagedError unless these are the steps that the case's log tells of, word for word."""
    told = [(deed.number, deed.subject) for deed in deeds if deed.act == "stepped"]
    if told != [(step.number, _digest(_dump(step))) for step in found]:
        raise VaultDamagedError


def _dump(step: Step) -> bytes:
    return canonical.dump(
        {"day": step.day, "details": dict(step.details), "kind": step.kind, "reviewer": step.reviewer}
    )


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _read(number: int, body: bytes) -> Step:
    try:
        fields = Fields(canonical.parse(body))
        day, kind = fields.day("day"), cast(Kind, fields.one_of("kind", KINDS))
        details = fields.take("details")
        step = Step(number, day, ReviewerId(fields.id("reviewer")), kind, _mapping(details))
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return step


def _mapping(value: object) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise VaultDamagedError
    return value
