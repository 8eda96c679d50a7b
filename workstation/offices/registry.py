"""The registry of offices: to whom reports can be forwarded, and how far each of them can be reached.

It is of the office and not of a case, so every reviewer can read it; it names roles and never people. An
office is *connected* if its reviewers' keys are known and it is on the same server, *enrolled* if they are
known and it has a server of its own, and *not connected* if letters are all there is. Nothing goes to or
comes from a *revoked* one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast, get_args

from crypto import canonical
from crypto.canonical import Json
from crypto.constants import MAX_OFFICES, MAX_TITLE_LENGTH
from crypto.directory import Directory
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, day, identifier
from crypto.names import Names, read_names
from crypto.training import is_training
from workstation import directories, files
from workstation.casework.errors import TrainingOfficeError
from workstation.errors import VaultDamagedError
from workstation.offices.office_errors import (
    BadDirectoryFileError,
    BadOfficeError,
    DirectoryTakenError,
    NoSuchOfficeError,
    NoteOfStateError,
    OfficeExistsError,
    OldDirectoryError,
    OwnDirectoryError,
)
from workstation.station import Station
from workstation.texts import _
from workstation.vault import Vault

Kind = Literal["opd", "unit", "village", "enterprise", "oversight", "law-enforcement", "external"]
State = Literal["connected", "enrolled", "not-connected", "revoked"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
LONGEST_REASON: Final = 500
_NEVER: Final = Day("2000-01-01")


@dataclass(frozen=True)
class Office:
    """An office as the registry has it. `parent`: the id of the office above it, or empty; `liaison` and
    `administrator`: the titles of the roles that answer and that operate, or empty; `since` and `reason`: of
    its state; `document`: its signed key directory as it came, or empty."""

    id: OfficeId
    names: Names
    kind: Kind
    parent: str = ""
    liaison: str = ""
    administrator: str = ""
    state: State = "not-connected"
    since: Day = _NEVER
    reason: str = ""
    document: bytes = b""

    @property
    def directory(self) -> Directory | None:
        """Its key directory, None if no keys are known; VaultDamagedError."""
        if not self.document:
            return None
        try:
            return directories.read_unpinned(self.document)
        except ProtocolError:
            raise VaultDamagedError from None

    @property
    def reachable(self) -> bool:
        """Whether something can be sealed for it today."""
        return self.state in ("connected", "enrolled")


def listed(vault: Vault) -> list[Office]:
    """Every office, by id."""
    return [_read(*row) for row in vault.rows("SELECT id, details, directory FROM offices ORDER BY id")]


def find(vault: Vault, office: str) -> Office:
    """NoSuchOfficeError, VaultDamagedError."""
    row = vault.row("SELECT id, details, directory FROM offices WHERE id = ?", office)
    if row is None:
        raise NoSuchOfficeError(office=office)
    return _read(*row)


def of_directory(vault: Vault, instance: InstanceId, office: OfficeId) -> Office | None:
    """The office whose key directory names this place."""
    for found in listed(vault):
        directory = found.directory
        if directory and (directory.office.instance, directory.office.id) == (instance, office):
            return found
    return None


def add(station: Station, offices: Iterable[Office], on: Day) -> None:
    """Enters new offices, none connected yet, all of them or none; OfficeExistsError, BadOfficeError."""
    new = [replace(office, state="not-connected", since=on, reason="", document=b"") for office in offices]
    with station.vault.transaction():
        for office in new:
            if station.vault.row("SELECT 1 FROM offices WHERE id = ?", office.id):
                raise OfficeExistsError(office=office.id)
            _keep(station, office)
            station.log("office-added", office.id)
        _check_whole(station.vault, new)


def change(station: Station, office: Office) -> Office:
    """Puts other names, kind, parent and roles in place of those of an office; what is known of its keys and
    its state stay. NoSuchOfficeError, BadOfficeError."""
    with station.vault.transaction():
        former = find(station.vault, office.id)
        found = replace(
            office, state=former.state, since=former.since, reason=former.reason, document=former.document
        )
        _keep(station, found)
        _check_whole(station.vault, [found])
        station.log("office-changed", office.id)
    return found


def enrol(station: Station, office: str, untrusted_document: bytes, on: Day) -> Office:
    """Keeps the key directory that somebody has compared, or a newer one under the same root key.

    BadDirectoryFileError, OwnDirectoryError, DirectoryTakenError, OldDirectoryError, NoSuchOfficeError,
    TrainingOfficeError.
    """
    directory = read_document(untrusted_document)
    place, there = station.keys.place, directory.office
    if there.root == place.root or there.id == place.office:
        raise OwnDirectoryError
    if is_training(there.instance) != is_training(place.instance):
        raise TrainingOfficeError
    with station.vault.transaction():
        former = find(station.vault, office)
        known = former.directory
        taken = of_directory(station.vault, there.instance, there.id)
        if taken is not None and taken.id != former.id:
            raise DirectoryTakenError(office=taken.id)
        if known is not None and known.office.root == there.root and there.serial < known.office.serial:
            raise OldDirectoryError(serial=there.serial, known=known.office.serial)
        state: State = "connected" if there.instance == place.instance else "enrolled"
        found = replace(former, state=state, since=on, reason="", document=untrusted_document)
        _keep(station, found)
        station.log("office-enrolled", f"{office} {there.serial}")
        # What it had sent before counts as not tried (opening.py).
        station.vault.rows("DELETE FROM tries WHERE problem = 'unknown-office'")
    return found


def trusted(station: Station, office: str, directory: Directory) -> bool:
    """Whether this office was enrolled under the same root key before and not revoked since: then there is
    nothing left to compare."""
    former = find(station.vault, office)
    known = former.directory
    return former.reachable and known is not None and known.office.root == directory.office.root


def revoke(station: Station, office: str, reason: str, on: Day) -> Office:
    """Nothing goes there or comes from there any more; NoSuchOfficeError, NoteOfStateError."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise NoteOfStateError
    with station.vault.transaction():
        found = replace(find(station.vault, office), state="revoked", since=on, reason=reason)
        _keep(station, found)
        station.log("office-revoked", office)
    return found


def write_own(station: Station, to: Path) -> Path:
    """Writes this office's own key directory into a folder, for others to enrol: all of it is public.

    NotAFolderError, DiskFullError, CannotWriteError, FileExistsAlreadyError.
    """
    own = station.directory.office
    document = (station.layout.directories / str(own.serial)).read_bytes()
    return files.write_beside(to / f"peluit-direktori-{own.id}-{own.serial}.peluit", document)


def read_document(untrusted_document: bytes) -> Directory:
    """A key directory, checked against the root key that it names itself: for a person to compare.
    BadDirectoryFileError."""
    try:
        return directories.read_unpinned(untrusted_document)
    except ProtocolError:
        raise BadDirectoryFileError(path="") from None


def read_office(untrusted_value: object, where: str) -> Office:
    """One office of a form or file, `where` being its place in it; BadOfficeError."""
    given = dict(untrusted_value) if isinstance(untrusted_value, dict) else {}
    values = {name: str(given.get(name) or "").strip() for name in COLUMNS}
    if not values["name_en"]:
        values["name_en"] = values["name_id"]
    if not values["name_id"]:
        values["name_id"] = values["name_en"]
    try:
        fields = Fields(cast(object, values))
        names = read_names({"en": fields.take("name_en"), "id": fields.take("name_id")})
        found = Office(
            id=OfficeId(fields.id("id")),
            names=names,
            kind=cast(Kind, fields.one_of("kind", KINDS)),
            parent=_parent(fields.take("parent")),
            liaison=fields.text("liaison", MAX_TITLE_LENGTH),
            administrator=fields.text("administrator", MAX_TITLE_LENGTH),
        )
    except ProtocolError:
        kinds = ", ".join(KINDS)
        what = _("it needs an id of small letters, digits and dashes, a name, and a kind, one of: {kinds}")
        raise BadOfficeError(where=where, what=what.format(kinds=kinds)) from None
    return found


COLUMNS: Final = ("id", "name_id", "name_en", "kind", "parent", "liaison", "administrator")
"""What a list of offices says of each, in a file or a form."""


def _parent(untrusted_value: object) -> str:
    return "" if untrusted_value == "" else identifier(untrusted_value)


def _check_whole(vault: Vault, new: Iterable[Office]) -> None:
    """BadOfficeError if a parent is unknown or stands above itself, or if there are too many."""
    parents = {office.id: office.parent for office in listed(vault)}
    if len(parents) > MAX_OFFICES:
        raise BadOfficeError(where=str(len(parents)), what=_("there are too many offices"))
    for office in new:
        above, seen = office.parent, {str(office.id)}
        while above:
            if above in seen or above not in parents:
                raise BadOfficeError(where=office.id, what=_("the office above it is not in the registry"))
            seen.add(above)
            above = parents[OfficeId(above)]


def _keep(station: Station, office: Office) -> None:
    details: Json = {
        "administrator": office.administrator,
        "kind": office.kind,
        "liaison": office.liaison,
        "names": dict(office.names),
        "parent": office.parent,
        "reason": office.reason,
        "since": office.since,
        "state": office.state,
    }
    station.vault.rows(
        "INSERT INTO offices (id, details, directory) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (id) DO UPDATE SET details = ?2, directory = ?3",
        office.id,
        canonical.dump(details),
        office.document,
    )


def _read(office: str, details: bytes, document: bytes) -> Office:
    try:
        fields = Fields(canonical.parse(details))
        found = Office(
            id=OfficeId(office),
            names=read_names(fields.take("names")),
            kind=cast(Kind, fields.one_of("kind", KINDS)),
            parent=fields.text("parent"),
            liaison=fields.text("liaison"),
            administrator=fields.text("administrator"),
            state=cast(State, fields.one_of("state", STATES)),
            since=day(fields.take("since")),
            reason=fields.text("reason"),
            document=document,
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return found
