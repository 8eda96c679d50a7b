"""The demo's office: a key ceremony, a server, one account, with passphrases made for this demo alone.

demo/
  station/            the air-gapped station (on a real one: another machine)
  passphrases/<who>   its passphrases, so that the demo's commands need no typing (on a real one: in heads)
  stick/              what the USB stick would carry
  server/             the server's data
  sign-in.json        the demo account; written last: a demo whose making was interrupted is made anew
  unfinished          there until then: only what this program began is ever removed
"""

import json
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pyotp

from crypto import calendar
from crypto.custodians import CustodianId
from crypto.directory import read_directory, root_of
from crypto.errors import BadSignatureError, ProtocolError
from crypto.fields import OfficeId, ReviewerId
from crypto.fingerprint import digits
from crypto.words import words
from journalist_app.taking import add_account
from peluit.demo_folder import demo_folder
from peluit.errors import (
    DemoDamagedError,
    NoDemoError,
    NotUsableError,
    OldDemoError,
    OtherThingsThereError,
    RefusedError,
)
from peluit.init import set_up
from peluit.reporter_pages import place
from store import site
from store.errors import StoreError
from store.files import write_whole
from store.layout import Layout
from workstation import ceremony
from workstation.errors import StationError
from workstation.keyfile import OFFICE
from workstation.layout import Layout as StationLayout

_OFFICE = OfficeId("kota-contoh")
_NAMES = {"en": "Example City Inspectorate", "id": "Inspektorat Kota Contoh"}
_REVIEWERS = {
    ReviewerId("inspektur"): {"en": "Inspector", "id": "Inspektur"},
    ReviewerId("irban"): {"en": "Assistant Inspector", "id": "Inspektur Pembantu"},
    ReviewerId("auditor"): {"en": "Auditor", "id": "Auditor"},
}
_CUSTODIANS = {
    CustodianId("sekretaris"): {"en": "Secretary of the Inspectorate", "id": "Sekretaris Inspektorat"},
    CustodianId("provinsi"): {"en": "Provincial Inspectorate", "id": "Inspektorat Provinsi"},
    CustodianId("akademisi"): {"en": "Academic from outside", "id": "Akademisi dari luar"},
}
_ACCOUNT = "inspektur"
_PARTS = ("station", "passphrases", "stick", "server", "server.unfinished")


@dataclass(frozen=True)
class DemoOffice:
    """A demo that is there."""

    folder: Path
    web_passphrase: str
    totp: str

    @property
    def account(self) -> str:
        return _ACCOUNT

    @property
    def server(self) -> Path:
        return self.folder / "server"

    @property
    def station(self) -> Path:
        return self.folder / "station"

    @property
    def stick(self) -> Path:
        return self.folder / "stick"

    @property
    def root_digits(self) -> tuple[str, ...]:
        return digits(site.read(Layout(self.server)).offices[0].root)

    def passphrase_file(self, owner: str) -> Path:
        return self.folder / "passphrases" / owner

    def code(self) -> str:
        """The account's six digits, now."""
        return pyotp.TOTP(self.totp).now()


def open_office(folder: Path, noscript: str | None = None) -> DemoOffice:
    """The demo in a folder, made if it is not there; its pages lead to the no-script door, if there is one.

    NotUsableError, OtherThingsThereError, DemoDamagedError, OldDemoError, NotBuiltError, RefusedError.
    """
    try:
        if not _sign_in(folder).is_file():
            _make(folder)
        office = _read(folder)
        _check_version(office)
        place(Layout(office.server), noscript)  # the page may have been built anew since
    except OSError as error:
        raise NotUsableError(folder, error.strerror) from None
    except StoreError:
        raise DemoDamagedError(folder) from None
    return office


def print_code(folder: Path | None) -> None:
    """Prints the six digits; NoDemoError."""
    chosen = demo_folder(folder)
    if not _sign_in(chosen).is_file():
        raise NoDemoError(chosen)
    sys.stdout.write(_read(chosen).code() + "\n")


def _sign_in(folder: Path) -> Path:
    return folder / "sign-in.json"


def _read(folder: Path) -> DemoOffice:
    try:
        account = json.loads(_sign_in(folder).read_text("utf-8"))
        return DemoOffice(folder, account["passphrase"], account["totp"])
    except (ValueError, KeyError, TypeError):
        raise DemoDamagedError(folder) from None


def _check_version(office: DemoOffice) -> None:
    """OldDemoError if the station's directory is signed, but is not what this version signs."""
    station = StationLayout(office.station)
    try:
        document = station.latest(station.directories)
        root = root_of(document)
    except (OSError, StationError, ProtocolError):
        raise DemoDamagedError(office.folder) from None
    try:
        read_directory(document, root)
    except BadSignatureError:
        raise DemoDamagedError(office.folder) from None
    except ProtocolError:
        raise OldDemoError(office.folder) from None


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "unfinished"
    if not mark.is_file() and any(folder.iterdir()):
        raise OtherThingsThereError(folder)
    sys.stdout.write("Making the demo office: keys, station, server …\n")
    sys.stdout.flush()
    mark.touch()
    for part in _PARTS:
        shutil.rmtree(folder / part, ignore_errors=True)
    try:
        _fill(folder)
    except (StationError, StoreError) as error:
        raise RefusedError(error) from None
    mark.unlink()


def _fill(folder: Path) -> None:
    for part in ("passphrases", "stick"):
        (folder / part).mkdir(mode=0o700)
    spoken = {owner: _passphrase() for owner in (OFFICE, *_REVIEWERS, *_CUSTODIANS)}
    for owner, passphrase in spoken.items():
        write_whole(folder / "passphrases" / owner, passphrase.encode())
    held = ceremony.hold(
        folder / "station",
        ceremony.Plan(_OFFICE, _NAMES, _REVIEWERS, ceremony.new_instance(), custodians=_CUSTODIANS),
        ceremony.Passphrases(
            spoken[OFFICE],
            {reviewer: spoken[reviewer] for reviewer in _REVIEWERS},
            {custodian: spoken[custodian] for custodian in _CUSTODIANS},
        ),
        folder / "stick",
        calendar.today(),
    )
    set_up(folder / "server", held.bundle.path, lambda office: office.root == held.root)
    passphrase = _passphrase()
    totp = add_account(Layout(folder / "server"), _ACCOUNT, _OFFICE, passphrase)
    write_whole(_sign_in(folder), json.dumps({"passphrase": passphrase, "totp": totp}).encode())


def _passphrase() -> str:
    listed = words("id")
    return "-".join(secrets.choice(listed) for _ in range(5))
