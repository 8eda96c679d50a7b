"""Setting a new server up from the station's first bundle."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto import board, calendar, canonical
from crypto import bundle as archive
from crypto.errors import MalformedError
from journalist_app import create_app
from journalist_app.errors import (
    BrokenDirectoryError,
    BundleRefusedError,
    DamagedBundleError,
    FingerprintError,
    ForeignBundleError,
    ForeignDirectoryError,
    InboundBundleError,
    NoDirectoryInBundleError,
    NotABundleError,
    StrangerError,
)
from journalist_app.parts import open_parts
from journalist_app.taking import add_account, adopt_first_bundle
from store import keyfile, site
from store.errors import NoSiteError, NoSuchOfficeError, SiteExistsError
from store.layout import Layout
from store.site import SiteOffice
from tests.journalist_app.conftest import PASSPHRASE, Server
from tests.journalist_app.station import TODAY, Station, slots_document


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A data folder as `peluit init` leaves it: keys, and nothing else."""
    layout = Layout(tmp_path / "new")
    layout.make()
    for key in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(key)
    return layout


def adopt(layout: Layout, bundle: bytes, agrees: bool = True) -> list[SiteOffice]:
    """Which offices' fingerprints the person was asked about."""
    path = layout.root.with_name("first.tar")
    path.write_bytes(bundle)
    asked: list[SiteOffice] = []

    def answer(office: SiteOffice) -> bool:
        asked.append(office)
        return agrees

    adopt_first_bundle(layout, path, answer)
    return asked


def test_everything_is_there_afterwards(layout: Layout, station: Station) -> None:
    (asked,) = adopt(layout, station.first())
    assert asked.root == bytes(station.root.verify_key)
    found = site.read(layout)
    assert found.instance == station.instance
    assert found.offices == (asked,)
    assert asked.names == station.directory().office.names
    parts = open_parts(layout)
    assert parts.directories.directory(station.office) == station.directory()
    assert parts.directories.slice(station.office, TODAY)
    assert len(board.read_index(parts.board.index().read_bytes())[1]) == 16
    assert parts.staff.taken.last(station.office) == 1
    parts.close()
    assert create_app(layout)


def test_slots_live_from_today(layout: Layout, station: Station) -> None:
    adopt(layout, station.first())
    parts = open_parts(layout)
    assert len(parts.slots.living(calendar.add_days(calendar.today(), 59))) == 16
    assert parts.slots.living(calendar.add_days(calendar.today(), 62)) == ()
    parts.close()


def test_a_wrong_fingerprint_leaves_nothing(layout: Layout, station: Station) -> None:
    with pytest.raises(FingerprintError):
        adopt(layout, station.first(), agrees=False)
    with pytest.raises(NoSiteError):
        site.read(layout)
    assert list(layout.directories.iterdir()) == []
    assert list(layout.board.iterdir()) == []
    assert adopt(layout, station.first())


def test_a_second_time_is_refused(layout: Layout, station: Station) -> None:
    adopt(layout, station.first())
    for bundle in (station.first(), Station().first()):
        with pytest.raises(SiteExistsError):
            adopt(layout, bundle)


def test_what_is_no_first_bundle(layout: Layout, station: Station) -> None:
    stranger = SigningKey.generate()
    server = replace(station, root=stranger)
    documents = station.documents()
    cases: list[tuple[bytes, type[BundleRefusedError]]] = [
        (b"", NotABundleError),
        (station.first()[:-600], DamagedBundleError),
        (station.outbound(), NoDirectoryInBundleError),
        (station.outbound(1, documents[:1]), BrokenDirectoryError),
        (station.outbound(1, documents, signer=stranger), StrangerError),
        (station.outbound(1, documents, reviewer="nobody"), StrangerError),
        (station.outbound(1, [*station.documents(root=stranger), slots_document()]), ForeignDirectoryError),
        (station.outbound(1, [documents[0], *server.documents()[1:]]), ForeignDirectoryError),
        (station.outbound(1, station.elsewhere().documents()), ForeignBundleError),
        (station.outbound(1, [("directory", "directory", bytes(500))]), BrokenDirectoryError),
    ]
    for bundle, error in cases:
        with pytest.raises(error):
            adopt(layout, bundle)
        assert not layout.site.exists()


def test_the_bundle_that_goes_to_the_station(layout: Layout, server: Server) -> None:
    server.add_item()
    parts = server.parts()
    frozen = parts.inbox.freeze(server.station.office, TODAY)
    assert frozen
    (part,) = parts.inbox.parts(server.station.instance, server.station.office, frozen.id)
    pieces = archive.write(
        part, lambda entry, skip: parts.inbox.read_entry(part.office, entry, skip), canonical.dump
    )
    with pytest.raises(InboundBundleError):
        adopt(layout, b"".join(pieces))
    parts.close()


def test_a_crash_before_the_site_file_can_be_repeated(
    layout: Layout, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = station.first()
    with monkeypatch.context() as patch:
        patch.setattr("store.site.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            adopt(layout, bundle)
    adopt(layout, bundle)
    parts = open_parts(layout)
    assert len(board.read_index(parts.board.index().read_bytes())[1]) == 16
    parts.close()


def test_everything_is_for_its_owner_only(layout: Layout, station: Station) -> None:
    adopt(layout, station.first())
    for path in layout.root.rglob("*"):
        if not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) in (0o600, 0o700), path


def test_accounts(layout: Layout, station: Station) -> None:
    with pytest.raises(NoSiteError):
        add_account(layout, "rina", station.office, PASSPHRASE)
    adopt(layout, station.first())
    assert len(add_account(layout, "rina", station.office, PASSPHRASE)) == 32
    with pytest.raises(NoSuchOfficeError):
        add_account(layout, "budi", "nowhere", PASSPHRASE)
    with pytest.raises(MalformedError):
        add_account(layout, "Budi!", station.office, PASSPHRASE)
