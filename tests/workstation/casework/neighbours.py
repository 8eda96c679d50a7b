"""A second office beside that of the tests: on the same server, or on one of its own."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from crypto.fields import InstanceId, OfficeId
from tests.workstation.office import CHEAP, PASSPHRASE, TODAY, Desk, passphrases_for, plan
from workstation import ceremony
from workstation.cases import Case
from workstation.casework import journal
from workstation.keyfile import OFFICE as OFFICE_KEY
from workstation.offices import registry
from workstation.offices.registry import Office
from workstation.plan import new_instance
from workstation.review import classification
from workstation.review.classification import Classification
from workstation.station import Station, unlock

Unlock = Callable[[str], AbstractContextManager[Station]]
OPD, POLICE, FAR = OfficeId("dinas-pu"), OfficeId("polres"), OfficeId("inspektorat-provinsi")
NAMES = {"en": "Public works", "id": "Dinas PU"}


def make(where: Path, office: OfficeId, instance: InstanceId | None = None) -> Desk:
    """A station of its own with one reviewer; without an instance, also on a server of its own."""
    where.mkdir()
    stick = where / "stick"
    stick.mkdir()
    what = replace(plan(1), office=office, names=NAMES, instance=instance or new_instance())
    held = ceremony.hold(where / "station", what, passphrases_for(what), stick, TODAY, CHEAP)
    desk = Desk(where / "station", stick, held)
    for owner in (OFFICE_KEY, "r1"):
        desk.passphrase_file(owner).write_text(PASSPHRASE.format(owner) + "\n", "utf-8")
    return desk


def copied(desk: Desk, to: Path) -> Desk:
    """The same office in another folder."""
    shutil.copytree(desk.folder.parent, to)
    return replace(desk, folder=to / "station", stick=to / "stick")


def document_of(desk: Desk) -> bytes:
    """Its signed key directory, as the station keeps it."""
    return (desk.folder / "directories" / "1").read_bytes()


def opener(desk: Desk) -> Unlock:
    return lambda reviewer: unlock(desk.folder, reviewer, PASSPHRASE.format(reviewer))


def enter(station: Station, office: OfficeId, kind: registry.Kind = "opd", parent: str = "") -> None:
    registry.add(station, [Office(office, NAMES, kind, parent)], TODAY)


def classify(station: Station, case: Case, family: str = "integrity", office: str = "") -> Case:
    details = classification.write(Classification("aduan", family, office=office))
    with station.vault.transaction():
        return journal.add(station, case, "classified", details, TODAY)[0]
