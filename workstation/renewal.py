"""A later ceremony: keys for the weeks to come, a new directory, and who leaves or joins.

It takes the office's key and one reviewer who has unlocked the station. What is new for the others waits for
them in parcels (parcels.py). All files change at once or none does (changing.py); the outbound bundle that
tells the server is fixed in the same step.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from crypto import calendar
from crypto.constants import KEM_SEED_SIZE, MAX_EPOCHS
from crypto.custodians import CustodianId
from crypto.directory import Directory, EpochKeys
from crypto.fields import Day, Epoch, ReviewerId
from crypto.keypairs import KemKeyPair
from workstation import (
    changing,
    custodianship,
    documents,
    files,
    identity,
    outbound,
    parcels,
    staffing,
    witness,
)
from workstation.changing import Change
from workstation.custodianship import Custodianship
from workstation.errors import (
    ChangedNotWrittenError,
    FileExistsAlreadyError,
    LossesError,
    NotAFolderError,
    NotWrittenError,
    StickFullError,
)
from workstation.identity import CustodianKey, OfficeKey, ReviewerKeys
from workstation.keyfile import Cost
from workstation.opening import open_sealed
from workstation.outbound import Written
from workstation.parcels import Parcel
from workstation.plan import EPOCHS
from workstation.resealing import Resealed, losses, reseal
from workstation.roster import Roster, sign_roster
from workstation.staffing import PersonalKeys, Staffing
from workstation.station import Station
from workstation.vault import Vault

_Seeds = Mapping[ReviewerId, Mapping[Epoch, bytes]]


@dataclass(frozen=True)
class Renewed:
    """A ceremony that was held: the new directory, the bundles on the stick, and what became of the cases."""

    directory: Directory
    bundles: tuple[Written, ...]
    resealed: Resealed


def hold(
    station: Station,
    office: OfficeKey,
    to: Path,
    on: Day,
    cost: Cost,
    change: Staffing = Staffing(),  # noqa: B008
    weeks: int = EPOCHS,
    even_if_lost: bool = False,
    keepers: Custodianship = Custodianship(),  # noqa: B008
) -> Renewed:
    """Renews everybody's keys for `weeks` weeks from `on`, changes the reviewers, and writes the bundle.

    `cost` is that of newcomers' key files. The station is locked afterwards: its vault is closed.

    NotAFolderError, BadPlanError, UnknownReviewerError, LeavingError, WeakPassphraseError, LossesError,
    DiskFullError, CannotWriteError: nothing has changed. ChangedNotWrittenError: all but the bundle's file.
    """
    if not to.is_dir():
        raise NotAFolderError(path=to)
    staffing.check(station, change)
    custodianship.check(station, keepers)
    personal = PersonalKeys.generate()
    pairs = custodianship.generate(keepers)
    directory, seeds = _next(station, change, personal, on, weeks)
    publics = {custodian: pair.public for custodian, pair in pairs.items()}
    directory = replace(directory, office=custodianship.apply(directory.office, keepers, publics))
    made = documents.make(directory, office.root)
    vault_key = secrets.token_bytes(32) if change.leaves else station.keys.vault
    newcomer = None
    if change.joins is not None:
        reviewer = change.joins.reviewer
        newcomer = ReviewerKeys(
            reviewer, station.keys.place, vault_key, personal.box, personal.sign, seeds[reviewer]
        )
    with changing.change(station.layout) as preparing:
        serial = str(directory.office.serial)
        roster = _roster(station, change, newcomer, directory)
        files.write_new(preparing.made.directories / serial, [made[0].data])
        signed = sign_roster(roster, office.place, office.root)
        files.write_new(preparing.made.rosters / serial, [signed])
        if change.joins is not None and newcomer is not None:
            sealed = identity.seal_reviewer(newcomer, change.joins.passphrase, cost)
            files.write_new(preparing.made.reviewer_key(newcomer.reviewer), [sealed])
        _write_custodians(preparing, office, keepers, pairs, cost)
        _write_parcels(preparing, office, roster, seeds, vault_key, newcomer)
        _drop(preparing, station, change.leaves)
        files.need_room(station.layout.folder, 2 * station.layout.vault.stat().st_size)
        vault = station.vault.copy(preparing.made.vault, vault_key)
        try:
            with vault.transaction():
                inside = replace(station, vault=vault)
                resealed = _refill(inside, directory, roster, change, even_if_lost)
                _note(inside, change, keepers, directory)
                signer = newcomer if newcomer and change.leaves == station.reviewer else station.keys
                sent = witness.read(station.layout.folder).outbound
                number = outbound.fix(vault, office.place, signer.reviewer, signer.sign, on, made, sent)
        finally:
            vault.close()
        station.vault.close()
    witness.note(station.layout.folder, directory.office.serial, number)
    return Renewed(directory, _write(station, vault_key, to), resealed)


def _next(
    station: Station, change: Staffing, personal: PersonalKeys, on: Day, weeks: int
) -> tuple[Directory, _Seeds]:
    """The next directory, and the seeds that are new in it."""
    old = station.directory
    present = calendar.epoch_of(on)
    # a server whose clock is a day behind still needs the week before
    first = min((week for week in calendar.epochs_near(on, 1) if week in old.epochs), default=present)
    last = max(present + weeks - 1, *old.epochs)
    listed = [Epoch(week) for week in range(min(first, present), last + 1)][-MAX_EPOCHS:]
    office = staffing.apply(old.office, change, personal.sign.verify_key.encode())
    known: dict[Epoch, EpochKeys] = {week: old.epochs.get(week, {}) for week in listed}
    seeds = {
        reviewer.id: {
            week: secrets.token_bytes(KEM_SEED_SIZE) for week in listed if reviewer.id not in known[week]
        }
        for reviewer in office.reviewers
    }
    epochs = {
        week: {
            reviewer: known[week].get(reviewer) or KemKeyPair.from_seed(own[week]).public
            for reviewer, own in seeds.items()
        }
        for week in listed
    }
    serial = max(old.office.serial, witness.read(station.layout.folder).directory) + 1
    office = replace(office, serial=serial, expires=calendar.last_day(listed[-1]))
    return Directory(office, on, epochs), seeds


def _roster(
    station: Station, change: Staffing, newcomer: ReviewerKeys | None, directory: Directory
) -> Roster:
    boxes = {reviewer: box for reviewer, box in station.roster.boxes.items() if reviewer != change.leaves}
    if newcomer is not None:
        boxes[newcomer.reviewer] = newcomer.box.public_key
    return Roster(directory.office.serial, boxes)


def _write_custodians(
    preparing: Change,
    office: OfficeKey,
    keepers: Custodianship,
    pairs: Mapping[CustodianId, KemKeyPair],
    cost: Cost,
) -> None:
    for one in keepers.join:
        key = CustodianKey(one.id, office.place, pairs[one.id])
        sealed = identity.seal_custodian(key, one.passphrase, cost)
        files.write_new(preparing.made.custodian_key(one.id), [sealed])


def _write_parcels(
    preparing: Change,
    office: OfficeKey,
    roster: Roster,
    seeds: _Seeds,
    vault_key: bytes,
    newcomer: ReviewerKeys | None,
) -> None:
    for reviewer, own in seeds.items():
        if newcomer is None or reviewer != newcomer.reviewer:
            parcel = Parcel(roster.serial, reviewer, vault_key, own)
            folder = preparing.made.parcels_of(reviewer)
            folder.mkdir(mode=0o700)
            sealed = parcels.seal(parcel, office.place, roster.boxes[reviewer], office.root)
            files.write_new(folder / str(roster.serial), [sealed])


def _drop(preparing: Change, station: Station, leaves: ReviewerId | None) -> None:
    if leaves is not None:
        preparing.drop(station.layout.reviewer_key(leaves), *parcels.waiting(station.layout, leaves))


def _refill(
    inside: Station, directory: Directory, roster: Roster, change: Staffing, even_if_lost: bool
) -> Resealed:
    """Brings the new vault's cases in line with the new reviewers; LossesError."""
    open_sealed(inside)
    if change.leaves is not None:
        lost = losses(inside, change.leaves)
        if (lost.cases or lost.items) and not even_if_lost:
            raise LossesError(reviewer=change.leaves, cases=lost.cases, items=lost.items)
    joins = None if change.joins is None else change.joins.reviewer
    return reseal(replace(inside, directory=directory, roster=roster), change.leaves, joins)


def _note(inside: Station, change: Staffing, keepers: Custodianship, directory: Directory) -> None:
    inside.log("keys-renewed", str(directory.office.serial))
    joins = None if change.joins is None else change.joins.reviewer
    if joins and change.leaves:
        inside.log("reviewer-replaced", f"{change.leaves} {joins}")
    elif joins:
        inside.log("reviewer-added", joins)
    elif change.leaves:
        inside.log("reviewer-removed", change.leaves)
    for joined in keepers.join:
        inside.log("custodian-added", joined.id)
    for left in keepers.leave:
        inside.log("custodian-removed", left)
    if keepers.changes:
        inside.log("settings-changed", f"custodians-needed {directory.office.needed}")


def _write(station: Station, vault_key: bytes, to: Path) -> tuple[Written, ...]:
    vault = Vault(station.layout.vault, vault_key)
    try:
        return tuple(outbound.write_all(vault, station.keys.place, to))
    except (NotWrittenError, StickFullError, FileExistsAlreadyError) as error:
        raise ChangedNotWrittenError(why=str(error)) from None
    finally:
        vault.close()
