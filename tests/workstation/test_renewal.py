"""Keys for the weeks to come: what the server, reporters and each reviewer get, and what a failure leaves."""

import errno
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto import calendar
from crypto.fields import Epoch
from crypto.keypairs import KemKeyPair
from crypto.message import Text, sign_message
from store.directories import Directories
from store.errors import OldSerialError
from store.layout import Layout as ServerLayout
from store.site import Site, SiteOffice
from tests.workstation.ceremonies import R1, R2, R3, directory, renew
from tests.workstation.office import (
    OFFICE,
    PASSPHRASE,
    TODAY,
    Desk,
    Reporter,
    outbound_entries,
    snapshot,
)
from workstation import cases, files, parcels
from workstation.cli import main
from workstation.errors import (
    ChangedNotWrittenError,
    DiskFullError,
    NotAFolderError,
    ParcelError,
    WrongPassphraseError,
)
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.station import Station, unlock

Unlock = Callable[[str], AbstractContextManager[Station]]
LATER = calendar.add_days(TODAY, 14)


def test_a_new_directory_with_all_the_weeks_to_come(desk: Desk, unlocked: Unlock) -> None:
    old = desk.directory
    renewed = renew(desk, on=LATER, weeks=26)
    new = renewed.directory
    present = calendar.epoch_of(LATER)
    assert list(new.epochs)[-1] == present + 25
    assert new.office.expires == calendar.last_day(Epoch(present + 25))
    assert new.office.serial == old.office.serial + 1
    assert new.issued == LATER
    assert new.epochs[present] == old.epochs[present], "keys that were published stay"
    assert calendar.epoch_of(TODAY) not in new.epochs
    for reviewer in (R1, R2, R3):
        with unlocked(reviewer) as station:
            assert station.directory == new
            held = station.keys.epochs
            assert set(held) == set(old.epochs) | set(new.epochs)
            for week, keys in new.epochs.items():
                assert KemKeyPair.from_seed(held[week]).public == keys[reviewer]
            assert not parcels.waiting(station.layout, reviewer)


def server(desk: Desk, tmp_path: Path) -> Directories:
    office = desk.directory.office
    layout = ServerLayout(tmp_path / "server")
    return Directories(layout, Site(office.instance, (SiteOffice(office.id, office.names, office.root),)))


def test_the_server_takes_it_and_never_an_older_one(desk: Desk, tmp_path: Path) -> None:
    (written,) = renew(desk).bundles
    published = server(desk, tmp_path)

    def publish(path: Path) -> int:
        entries = outbound_entries(path)
        slices = {Epoch(int(p.split("/")[1])): d for p, d in entries.items() if p.startswith("slices/")}
        return published.publish(OFFICE, entries["directory"], slices).office.serial

    assert publish(desk.held.bundle.path) == 1
    assert publish(written.path) == 2
    with pytest.raises(OldSerialError):
        publish(desk.held.bundle.path)


def test_what_is_sealed_with_new_keys_opens(desk: Desk, unlocked: Unlock) -> None:
    new = renew(desk, weeks=9).directory
    week = list(new.epochs)[-1]
    assert week not in desk.directory.epochs
    reporter = Reporter(new)
    message = reporter.message(Text("baru"))
    item = reporter.seal_document(sign_message(message, reporter.keys.sign), epoch=week)
    with unlocked(R2) as station:
        assert import_bundle(station, desk.deliver(1, [item])).opened.messages == 1
    with unlocked(R3) as station:
        assert len(list(cases.readable(station))) == 1


def test_twice_while_somebody_is_away(desk: Desk, unlocked: Unlock) -> None:
    renew(desk, weeks=5)
    new = renew(desk, weeks=8).directory
    assert len(parcels.waiting(Layout(desk.folder), R3)) == 2
    with unlocked(R3) as station:
        assert set(station.keys.epochs) == set(new.epochs)
        assert station.keys.epochs[list(new.epochs)[-1]]
    assert not parcels.waiting(Layout(desk.folder), R3)


def test_a_wrong_passphrase_leaves_the_parcel(desk: Desk) -> None:
    renew(desk, weeks=5)
    with pytest.raises(WrongPassphraseError), unlock(desk.folder, R3, "not the passphrase"):
        pass
    assert len(parcels.waiting(Layout(desk.folder), R3)) == 1


@pytest.mark.parametrize("at", [0, 70, -1])
def test_a_changed_parcel_is_refused(desk: Desk, unlocked: Unlock, at: int) -> None:
    renew(desk, weeks=5)
    (path,) = parcels.waiting(Layout(desk.folder), R3)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ParcelError), unlocked(R3):
        pass


def test_a_colleagues_parcel_is_refused(desk: Desk, unlocked: Unlock) -> None:
    renew(desk, weeks=5)
    layout = Layout(desk.folder)
    (mine,), (other,) = parcels.waiting(layout, R3), parcels.waiting(layout, R2)
    mine.write_bytes(other.read_bytes())
    with pytest.raises(ParcelError), unlocked(R3):
        pass


@pytest.mark.parametrize("call", [0, 1, 2, 3, 4, 5, 7])
def test_a_disk_that_fills_up_leaves_the_old_state(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    before = snapshot(desk.folder)
    real, calls = files.write_all, iter(range(100))

    def full(descriptor: int, data: bytes) -> None:
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor, data)

    monkeypatch.setattr(files, "write_all", full)
    failures = (DiskFullError, ChangedNotWrittenError)
    with pytest.raises(failures) as caught:
        renew(desk)
    after = snapshot(desk.folder)
    if caught.type is DiskFullError:
        assert after == before
    else:
        assert call == 7, "directory, roster, three parcels, what goes, a note of the number; then the stick"
        monkeypatch.undo()
        with unlock(desk.folder, R1, PASSPHRASE.format(R1)) as station:
            assert station.directory.office.serial == 2


def test_a_bundle_that_could_not_be_written_is_written_later(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.stick / f"peluit-out-{OFFICE}-2.tar"
    path.write_text("in the way")
    with pytest.raises(ChangedNotWrittenError, match="peluit station bundle"):
        renew(desk)
    path.unlink()
    assert main(["bundle", "--to", str(desk.stick), *desk.as_("r1")]) == 0
    assert "directory" in outbound_entries(path)
    capsys.readouterr()


def test_no_folder_no_change(desk: Desk, tmp_path: Path) -> None:
    before = snapshot(desk.folder)
    with pytest.raises(NotAFolderError):
        renew(desk, to=tmp_path / "absent")
    assert snapshot(desk.folder) == before


def test_on_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    office = ["--passphrase-file", f"office={desk.passphrase_file('office')}"]
    words = ["renew", "--to", str(desk.stick), "--epochs", "4", *desk.as_("r2"), *office]
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["serial"] == 2
    assert [bundle["number"] for bundle in said["bundles"]] == [2]
    assert main([*words, "--lang", "id"]) == 0
    assert "cadangan" in capsys.readouterr().out
    assert directory(desk).office.serial == 3
    desk.passphrase_file("office").write_text("not the passphrase")
    assert main(words) == 1
    assert "office" in capsys.readouterr().err
    assert directory(desk).office.serial == 3
