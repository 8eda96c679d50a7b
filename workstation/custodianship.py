"""Who keeps the identities that reporters seal: who joins, who leaves, and how many open one together.

A custodian's key lasts, unlike a reviewer's, because a name may be needed years later; so the key file of one
who has left stays: what was sealed to them still opens with their passphrase.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from crypto.custodians import Custodian, CustodianId, may_need
from crypto.directory import Office
from crypto.kem import RecipientKey
from crypto.keypairs import KemKeyPair
from crypto.names import Names
from workstation.errors import BadPlanError, UnknownCustodianError
from workstation.keyfile import OFFICE
from workstation.staffing import ids_ever
from workstation.station import Station
from workstation.strength import check_new_passphrase
from workstation.texts import _

USUAL: Final = 2
"""How many open an identity where nothing else was decided."""


@dataclass(frozen=True, repr=False)
class NewCustodian:
    """A custodian who joins; no repr."""

    id: CustodianId
    titles: Names
    passphrase: str


@dataclass(frozen=True, repr=False)
class Custodianship:
    """A change of custodians. `needed`: how many open an identity from now on, None as before."""

    leave: tuple[CustodianId, ...] = ()
    join: tuple[NewCustodian, ...] = ()
    needed: int | None = None

    @property
    def changes(self) -> bool:
        return bool(self.leave or self.join or self.needed is not None)


def check(station: Station, change: Custodianship) -> None:
    """BadPlanError, UnknownCustodianError, WeakPassphraseError."""
    office = station.directory.office
    present = [one.id for one in office.custodians]
    for custodian in change.leave:
        if custodian not in present:
            raise UnknownCustodianError(custodian=custodian, known=", ".join(present) or "–")
    known = ids_ever(station)
    for one in change.join:
        if one.id in (OFFICE, *known) or [other.id for other in change.join].count(one.id) > 1:
            raise BadPlanError(what=own_ids())
        check_new_passphrase(one.passphrase, one.id)
    if change.changes:
        check_number(len(present) - len(set(change.leave)) + len(change.join), _needed(office, change))


def own_ids() -> str:
    """What a plan breaks that gives two people one id."""
    return _("every reviewer and every custodian needs an id of their own that nobody had before")


def check_number(count: int, needed: int) -> None:
    """BadPlanError unless so many custodians may be there, and so many needed."""
    if count and not may_need(count, needed):
        raise BadPlanError(
            what=_("there are 2 to 5 custodians, of whom 2 or 3 open an identity together; or none at all")
        )


def apply(office: Office, change: Custodianship, keys: Mapping[CustodianId, RecipientKey]) -> Office:
    """The office afterwards; `keys` of those who join."""
    stay = [one for one in office.custodians if one.id not in change.leave]
    join = [Custodian(one.id, dict(one.titles), keys[one.id]) for one in change.join]
    everybody = (*stay, *join)
    return replace(office, custodians=everybody, needed=_needed(office, change) if everybody else 0)


def generate(change: Custodianship) -> dict[CustodianId, KemKeyPair]:
    """A key for each who joins."""
    return {one.id: KemKeyPair.generate() for one in change.join}


def _needed(office: Office, change: Custodianship) -> int:
    return change.needed or office.needed or USUAL
