"""The key ceremony: an office's keys, its directory, its station, and the first bundle for the server."""

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto import calendar
from crypto.constants import KEM_SEED_SIZE
from crypto.custodians import Custodian, CustodianId
from crypto.directory import Directory, Office, Reviewer
from crypto.fields import Day, Epoch, ReviewerId
from crypto.keypairs import KemKeyPair
from workstation import documents, files, identity, office_data, outbound
from workstation.errors import NotAFolderError, StationExistsError
from workstation.identity import CustodianKey, OfficeKey, Place, ReviewerKeys
from workstation.keyfile import DEFAULT_COST, OFFICE, Cost
from workstation.layout import Layout
from workstation.outbound import Document, Written
from workstation.plan import Plan, check_plan, new_instance
from workstation.roster import Roster, sign_roster
from workstation.strength import check_new_passphrase
from workstation.vault import Vault

__all__ = ["Held", "Passphrases", "Plan", "hold", "new_instance"]

_FIRST = 1
"""The serial of the directory that a ceremony makes."""


@dataclass(frozen=True, repr=False)
class Passphrases:
    """The office key's passphrase, each reviewer's and each custodian's; no repr."""

    office: str
    reviewers: Mapping[ReviewerId, str]
    custodians: Mapping[CustodianId, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A ceremony that was held. `root` is the office's Ed25519 public key, for the server's site file."""

    root: bytes
    directory: Directory
    bundle: Written


def hold(
    folder: Path, plan: Plan, passphrases: Passphrases, to: Path, on: Day, cost: Cost = DEFAULT_COST
) -> Held:
    """Makes a station in `folder` and writes the first outbound bundle into the folder `to`.

    The station appears whole or not at all. If only the bundle cannot be written, `peluit station bundle`
    writes it later. StationExistsError, WeakPassphraseError, BadPlanError, DiskFullError, CannotWriteError.
    """
    check_plan(plan)
    spoken = (*passphrases.reviewers.items(), *passphrases.custodians.items())
    for owner, passphrase in ((OFFICE, passphrases.office), *spoken):
        check_new_passphrase(passphrase, owner)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StationExistsError(folder=folder)
    if not to.is_dir():
        raise NotAFolderError(path=to)
    root = SigningKey.generate()
    place = Place(plan.instance, plan.office, root.verify_key.encode())
    keys = _reviewer_keys(plan, place, on)
    keepers = {custodian: KemKeyPair.generate() for custodian in plan.custodians}
    directory = _directory(plan, place, keys, keepers, on)
    made = documents.make(directory, root)
    making = Layout(folder.with_name(f".{folder.name}.{secrets.token_hex(8)}"))
    try:
        with files.writing(making.folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            for path in (making.folder, *making.folders()):
                path.mkdir(mode=0o700)
        _write_keys(making, OfficeKey(place, root), keys, keepers, passphrases, cost)
        _write_public(making, place, root, keys, made[0].data)
        _make_vault(making, keys[next(iter(plan.reviewers))], made, on)
        with files.writing(folder):
            making.folder.rename(folder)
            files.sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(making.folder, ignore_errors=True)
        raise
    return Held(place.root, directory, _write_first(folder, keys[next(iter(plan.reviewers))], to))


def _reviewer_keys(plan: Plan, place: Place, on: Day) -> dict[ReviewerId, ReviewerKeys]:
    vault = secrets.token_bytes(32)
    first = calendar.epoch_of(on)
    weeks = [Epoch(first + week) for week in range(plan.epochs)]
    return {
        reviewer: ReviewerKeys(
            reviewer=reviewer,
            place=place,
            vault=vault,
            box=PrivateKey.generate(),
            sign=SigningKey.generate(),
            epochs={epoch: secrets.token_bytes(KEM_SEED_SIZE) for epoch in weeks},
        )
        for reviewer in plan.reviewers
    }


def _directory(
    plan: Plan,
    place: Place,
    keys: Mapping[ReviewerId, ReviewerKeys],
    keepers: Mapping[CustodianId, KemKeyPair],
    on: Day,
) -> Directory:
    weeks = list(next(iter(keys.values())).epochs)
    data = plan.data or office_data.load(office_data.DEFAULT, plan.reviewers)
    office = Office(
        instance=place.instance,
        id=plan.office,
        names=dict(plan.names),
        root=place.root,
        serial=_FIRST,
        expires=calendar.last_day(weeks[-1]),
        channels=data.channels,
        reviewers=tuple(
            Reviewer(reviewer, dict(titles), keys[reviewer].sign.verify_key.encode())
            for reviewer, titles in plan.reviewers.items()
        ),
        forms=data.forms,
        evidence=data.evidence,
        notes=data.notes,
        custodians=tuple(
            Custodian(custodian, dict(titles), keepers[custodian].public)
            for custodian, titles in plan.custodians.items()
        ),
        needed=plan.needed if plan.custodians else 0,
    )
    epochs = {
        week: {reviewer: KemKeyPair.from_seed(k.epochs[week]).public for reviewer, k in keys.items()}
        for week in weeks
    }
    return Directory(office, on, epochs)


def _write_keys(
    layout: Layout,
    office: OfficeKey,
    keys: Mapping[ReviewerId, ReviewerKeys],
    keepers: Mapping[CustodianId, KemKeyPair],
    passphrases: Passphrases,
    cost: Cost,
) -> None:
    files.write_new(layout.office_key, [identity.seal_office(office, passphrases.office, cost)])
    for reviewer, own in keys.items():
        sealed = identity.seal_reviewer(own, passphrases.reviewers[reviewer], cost)
        files.write_new(layout.reviewer_key(reviewer), [sealed])
    for custodian, pair in keepers.items():
        key = CustodianKey(custodian, office.place, pair)
        sealed = identity.seal_custodian(key, passphrases.custodians[custodian], cost)
        files.write_new(layout.custodian_key(custodian), [sealed])


def _write_public(
    layout: Layout, place: Place, root: SigningKey, keys: Mapping[ReviewerId, ReviewerKeys], directory: bytes
) -> None:
    roster = Roster(_FIRST, {reviewer: own.box.public_key for reviewer, own in keys.items()})
    files.write_new(layout.directories / str(_FIRST), [directory])
    files.write_new(layout.rosters / str(_FIRST), [sign_roster(roster, place, root)])


def _make_vault(layout: Layout, first: ReviewerKeys, made: list[Document], on: Day) -> None:
    vault = Vault.create(layout.vault, first.vault)
    try:
        with vault.transaction():
            outbound.fix(vault, first.place, first.reviewer, first.sign, on, made)
    finally:
        vault.close()


def _write_first(folder: Path, first: ReviewerKeys, to: Path) -> Written:
    vault = Vault(Layout(folder).vault, first.vault)
    try:
        return outbound.write_again(vault, first.place, 1, to)
    finally:
        vault.close()
