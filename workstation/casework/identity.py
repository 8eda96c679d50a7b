"""Opens a sealed identity: one reader of the case asks with a reason, another opens it with custodians.

What was sealed is shown once and kept nowhere. That it was opened, by whom, with whom and why, stands in the
journal of the case, and the reporter is told in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto import calendar
from crypto.binding import b64
from crypto.canonical import Json
from crypto.custodians import CustodianId
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId, identifier
from crypto.open.identity import open_identity
from workstation import cases, identity, replies, thread
from workstation.cases import Case
from workstation.casework import deposits, journal, words
from workstation.casework.deposits import Deposit
from workstation.casework.errors import (
    CustodianKeyMissingError,
    IdentityDamagedError,
    NoIdentityError,
    NoRequestError,
    NoSecondReaderError,
    OwnRequestError,
    WrongCustodiansError,
)
from workstation.casework.journal import Step
from workstation.errors import NoWayBackError, VaultDamagedError
from workstation.station import Station
from workstation.texts import N_, _

LONGEST_REASON: Final = 1_000
_GOOD_FOR: Final = 30
"""Days after which a request must be made again: the reason may be gone."""

_REASON: Final = N_("the reason why the identity is needed")
_TOLD: Final[Mapping[str, str]] = {
    "en": "Your sealed identity was opened at our office on {day}.\n\nReason: {reason}\n\n"
    "Asked for by: {asked}. Opened by: {opened}, together with the identity custodians: {custodians}.\n\n"
    "If you do not agree, write to us here.",
    "id": "Identitas tersegel Anda dibuka di kantor kami pada {day}.\n\nAlasan: {reason}\n\n"
    "Diminta oleh: {asked}. Dibuka oleh: {opened}, bersama pemegang identitas: {custodians}.\n\n"
    "Bila Anda tidak setuju, tulislah kepada kami di sini.",
}
"""What the reporter is told, whatever else is written."""


@dataclass(frozen=True)
class Request:
    """Somebody has asked for the identity; `step` is the number of that step in the journal."""

    step: int
    by: ReviewerId
    day: Day
    reason: str


@dataclass(frozen=True)
class Opening:
    """The identity was opened."""

    by: ReviewerId
    asked: ReviewerId
    day: Day
    custodians: tuple[CustodianId, ...]
    reason: str


@dataclass(frozen=True)
class Identity:
    """What can be said of a case's identity without opening it. `request`: one that is good today."""

    deposit: Deposit | None
    request: Request | None
    openings: tuple[Opening, ...]


def of_case(station: Station, case: Case, on: Day) -> Identity:
    """What there is; VaultDamagedError."""
    steps = journal.of_case(station, case)
    openings = tuple(_opening(step) for step in journal.of_kind(steps, "identity-opened"))
    return Identity(deposits.latest(thread.messages(station, case)), _request(steps, on), openings)


def is_waiting(station: Station, case: Case, on: Day) -> bool:
    """Whether somebody has asked for an identity that is here."""
    if _request(journal.of_case(station, case), on) is None:
        return False
    return deposits.latest(thread.messages(station, case)) is not None


def ask(station: Station, case: Case, reason: str, on: Day) -> Case:
    """Asks for the identity to be opened; a newer request replaces an older.

    NoIdentityError, NoWayBackError, NoSecondReaderError; WordsMissingError and others of words.py.
    """
    reason = words.checked(reason, _(_REASON), longest=LONGEST_REASON)
    with station.vault.transaction():
        if of_case(station, case, on).deposit is None:
            raise NoIdentityError
        if not case.head.way_back:
            raise NoWayBackError
        if len(cases.readers(station, case)) < 2:
            raise NoSecondReaderError
        return journal.add(station, case, "asked-for-identity", {"reason": reason}, on)[0]


def check_may_open(station: Station, case: Case, on: Day) -> tuple[Deposit, Request]:
    """What would be opened, on whose request; NoIdentityError, NoRequestError, OwnRequestError."""
    found = of_case(station, case, on)
    if found.deposit is None:
        raise NoIdentityError
    if found.request is None:
        raise NoRequestError(days=_GOOD_FOR)
    if found.request.by == station.reviewer:
        raise OwnRequestError
    return found.deposit, found.request


def check_custodians(station: Station, deposit: Deposit, chosen: Sequence[str]) -> tuple[CustodianId, ...]:
    """The custodians who are to open it; WrongCustodiansError, CustodianKeyMissingError."""
    members = tuple(sorted(CustodianId(custodian) for custodian in set(chosen)))
    sealed = deposit.sealed
    if len(members) != sealed.needed or not set(members) <= sealed.stanzas.keys():
        raise WrongCustodiansError(needed=sealed.needed, known=", ".join(sorted(sealed.stanzas)))
    for custodian in members:
        if custodian not in station.layout.custodian_ids():
            raise CustodianKeyMissingError(custodian=custodian)
    return members


def open_(station: Station, case: Case, passphrases: Mapping[CustodianId, str], on: Day) -> str:
    """What the reporter wrote. The journal and the reporter know of it before anybody does.

    The errors of `check_may_open` and `check_custodians`; WrongPassphraseError, KeyFileError,
    IdentityDamagedError, and those of a reply.
    """
    with station.vault.transaction():
        deposit, request = check_may_open(station, case, on)
        members = check_custodians(station, deposit, list(passphrases))
        files = {one: station.layout.custodian_key(one).read_bytes() for one in members}
        keys = {one: identity.open_custodian(files[one], one, passphrases[one]).pair for one in members}
        try:
            untrusted_text = open_identity(deposit.sealed, deposit.owner, keys)
        except ProtocolError:
            raise IdentityDamagedError from None
        details: dict[str, Json] = {
            "asked": request.by,
            "commitment": b64(deposit.sealed.commitment),
            "custodians": list(members),
            "reason": request.reason,
        }
        case, _step = journal.add(station, case, "identity-opened", details, on)
        before = case.head.answered
        case, _body = replies.write(station, case, _told(station, case, request, members, on), None, on)
        # it tells of something, and answers nothing
        cases.update(station, case, replace(case.head, answered=before))
    return untrusted_text


def custodian_titles(station: Station, custodian: CustodianId) -> Mapping[str, str]:
    """What a custodian is called, also one who has left; the id if no directory here names them."""
    for directory in station.directories():
        for one in directory.office.custodians:
            if one.id == custodian:
                return one.titles
    return {"en": custodian, "id": custodian}


def _told(station: Station, case: Case, request: Request, members: Sequence[CustodianId], on: Day) -> str:
    language = case.head.language
    titles = {reviewer.id: reviewer.titles[language] for reviewer in station.directory.office.reviewers}
    return _TOLD[language].format(
        day=on,
        reason=request.reason,
        asked=titles.get(request.by, request.by),
        opened=titles[station.reviewer],
        custodians=", ".join(custodian_titles(station, one)[language] for one in members),
    )


def _request(steps: Sequence[Step], on: Day) -> Request | None:
    acts = [step for step in steps if step.kind in ("asked-for-identity", "identity-opened")]
    if not acts or acts[-1].kind == "identity-opened":
        return None
    asked = acts[-1]
    if calendar.add_days(asked.day, _GOOD_FOR) < on:
        return None
    return Request(asked.number, asked.reviewer, asked.day, _text(asked, "reason"))


def _opening(step: Step) -> Opening:
    try:
        fields = Fields(dict(step.details))
        opening = Opening(
            by=step.reviewer,
            asked=ReviewerId(fields.id("asked")),
            day=step.day,
            custodians=fields.list_of("custodians", lambda value: CustodianId(identifier(value)), 2, 3),
            reason=fields.text("reason", LONGEST_REASON),
        )
    except ProtocolError:
        raise VaultDamagedError from None
    return opening


def _text(step: Step, name: str) -> str:
    try:
        return Fields(dict(step.details)).text(name, LONGEST_REASON)
    except ProtocolError:
        raise VaultDamagedError from None
