"""An installation for tests: one office, three reviewers, keys for the epochs around a day."""

import secrets
from dataclasses import dataclass, replace

from nacl.signing import SigningKey

from crypto import calendar
from crypto.board import Slot
from crypto.custodians import Custodian, CustodianId
from crypto.directory import Channel, Directory, Office, Reviewer, sign_directory, sign_slice
from crypto.fields import ChannelId, Day, Epoch, InstanceId, OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from store import keyfile, site
from store.board import Board
from store.directories import Directories
from store.layout import Layout
from store.site import Site, SiteOffice
from tests.vectors.forms import FORM, LIMITS, NOTES

OFFICE = OfficeId("kota-contoh")
OTHER = OfficeId("kota-lain")
CHANNEL = ChannelId("aduan")
SMALL_CHANNEL = ChannelId("aspirasi")
NAMES = {"en": "Example City Inspectorate", "id": "Inspektorat Kota Contoh"}
INSTANCE = InstanceId(bytes(range(16)))
REVIEWERS = tuple(ReviewerId(f"r{n}") for n in (1, 2, 3))
KEYS = {r: KemKeyPair.from_seed(bytes([n]) * 32) for n, r in enumerate(REVIEWERS)}
ROOT = SigningKey(bytes([9]) * 32)
SIGN = SigningKey(bytes([8]) * 32)


def directory(on: Day, serial: int = 1, office: OfficeId = OFFICE) -> Directory:
    """The office's directory with keys for the epoch before, of and after this day."""
    titles = {"en": "Complaint", "id": "Aduan"}
    body = Office(
        instance=INSTANCE,
        id=office,
        names=NAMES,
        root=ROOT.verify_key.encode(),
        serial=serial,
        expires=calendar.add_days(on, 90),
        channels=(
            Channel(CHANNEL, "aduan", "integrity", FORM.id, titles, REVIEWERS),
            Channel(SMALL_CHANNEL, "aspirasi", "none", FORM.id, titles, REVIEWERS[:2]),
        ),
        reviewers=tuple(Reviewer(r, titles, SIGN.verify_key.encode()) for r in REVIEWERS),
        forms=(FORM,),
        evidence=LIMITS,
        notes=NOTES,
    )
    present = calendar.epoch_of(on)
    keys = {r: pair.public for r, pair in KEYS.items()}
    return Directory(body, on, {Epoch(present + shift): keys for shift in (-1, 0, 1)})


def signed(made: Directory, root: SigningKey = ROOT) -> tuple[bytes, dict[Epoch, bytes]]:
    """The signed directory and its slices."""
    return sign_directory(made, root), {epoch: sign_slice(made, epoch, root) for epoch in made.epochs}


def other_serial(made: Directory, serial: int) -> Directory:
    return replace(made, office=replace(made.office, serial=serial))


def random_slots(count: int) -> list[Slot]:
    return [Slot(secrets.token_bytes(32), secrets.token_bytes(4096)) for _ in range(count)]


SITE = Site(
    INSTANCE,
    tuple(SiteOffice(office, NAMES, ROOT.verify_key.encode()) for office in (OFFICE, OTHER)),
)


@dataclass(frozen=True)
class Installation:
    layout: Layout
    directory: Directory

    def staff(self, *readers: str, serial: int = 2) -> None:
        """Publishes a directory in which these reviewers read the first channel."""
        made = other_serial(self.directory, serial)
        first, *others = made.office.channels
        first = replace(first, recipients=tuple(map(ReviewerId, readers)))
        office = replace(made.office, channels=(first, *others))
        Directories(self.layout, SITE).publish(OFFICE, *signed(replace(made, office=office)))

    def take_identities(self, serial: int = 2) -> None:
        """Publishes a directory with two identity custodians."""
        made = other_serial(self.directory, serial)
        titles = {"en": "Notary", "id": "Notaris"}
        keepers = tuple(Custodian(CustodianId(f"c{n}"), titles, KEYS[REVIEWERS[n]].public) for n in (1, 2))
        office = replace(made.office, custodians=keepers, needed=2)
        Directories(self.layout, SITE).publish(OFFICE, *signed(replace(made, office=office)))


def install(layout: Layout, on: Day | None = None) -> Installation:
    """Makes all that `peluit init` and a first bundle from the station make."""
    on = on or calendar.today()
    layout.make()
    for path in (layout.inbox_key, layout.ticket_key, layout.staff_key):
        keyfile.create(path)
    site.write(layout, SITE)
    made = directory(on)
    Directories(layout, SITE).publish(OFFICE, *signed(made))
    Board(layout.board).publish(random_slots(32))
    files = {
        "index.html": b"<!doctype html><title>Peluit</title>" * 40,
        "id/index.html": b"<!doctype html><title>id</title>",
        "en/index.html": b"<!doctype html><title>en</title>",
        "assets/main-0123456789abcdef.js": b"'use strict';" * 100,
        "assets/style-0123456789abcdef.css": b"p { margin: 0 }" * 100,
    }
    for name, data in files.items():
        path = layout.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Installation(layout, made)
