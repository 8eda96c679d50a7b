"""Unlocking: who may, on what, and what is refused."""

import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto.directory import sign_directory
from tests.workstation.office import PASSPHRASE, Desk, make_desk
from workstation import identity
from workstation.caselock import CaseKey, unwrap
from workstation.errors import (
    BusyError,
    DirectoryError,
    KeyFileError,
    NewerVaultError,
    NoStationError,
    NotPrivateError,
    UnknownReviewerError,
    VaultDamagedError,
    WrongPassphraseError,
)
from workstation.layout import Layout
from workstation.station import Station, unlock
from workstation.vault import PRAGMAS, Vault

Unlock = Callable[[str], AbstractContextManager[Station]]


def test_only_the_owner_can_look_inside(desk: Desk) -> None:
    for path in (desk.folder, *desk.folder.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_station_that_others_could_open_is_refused(desk: Desk) -> None:
    for path in (desk.folder, desk.folder / "vault.db", desk.folder / "reviewers" / "r1.key"):
        mode = path.stat().st_mode & 0o777
        path.chmod(mode | 0o040)
        with pytest.raises(NotPrivateError), unlock(desk.folder, "r1", PASSPHRASE.format("r1")):
            pass
        path.chmod(mode)


def test_wrong_passphrase_unknown_reviewer_no_station(desk: Desk, tmp_path: Path) -> None:
    for folder, reviewer, passphrase, error in (
        (desk.folder, "r1", PASSPHRASE.format("r2"), WrongPassphraseError),
        (desk.folder, "r9", PASSPHRASE.format("r1"), UnknownReviewerError),
        (desk.folder, "../office", PASSPHRASE.format("office"), UnknownReviewerError),
        (tmp_path / "absent", "r1", PASSPHRASE.format("r1"), NoStationError),
    ):
        with pytest.raises(error), unlock(folder, reviewer, passphrase):
            pass


def test_one_command_at_a_time(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1"), pytest.raises(BusyError), unlocked("r2"):
        pass
    with unlocked("r2"):
        pass


def test_key_files_cannot_be_exchanged(desk: Desk, unlocked: Unlock) -> None:
    layout = Layout(desk.folder)
    r1, r2 = layout.reviewers / "r1.key", layout.reviewers / "r2.key"
    r1.write_bytes(r2.read_bytes())
    with pytest.raises(KeyFileError), unlock(desk.folder, "r1", PASSPHRASE.format("r2")):
        pass


def test_a_directory_or_roster_of_another_signer_is_refused(desk: Desk, unlocked: Unlock) -> None:
    for name in ("directories", "rosters"):
        path = desk.folder / name / "1"
        good = path.read_bytes()
        path.write_bytes(good[:70] + bytes([good[70] ^ 1]) + good[71:])
        with pytest.raises(DirectoryError), unlocked("r1"):
            pass
        path.write_bytes(good)
    (desk.folder / "directories" / "1").write_bytes(sign_directory(desk.directory, SigningKey.generate()))
    with pytest.raises(DirectoryError), unlocked("r1"):
        pass


def test_a_vault_of_another_station_is_refused(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    foreign = make_desk(other, reviewers=1, epochs=1).folder / "vault.db"
    (desk.folder / "vault.db").write_bytes(foreign.read_bytes())
    with pytest.raises(VaultDamagedError), unlocked("r1"):
        pass


def test_pragmas_on_every_connection(desk: Desk, unlocked: Unlock) -> None:
    for _ in range(2):
        with unlocked("r1") as station:
            for name, wanted in PRAGMAS.items():
                assert str(station.vault.value(f"PRAGMA {name}")) == str(wanted)
            tables = station.vault.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
            assert all(strict for name, strict in tables if not name.startswith("sqlite_"))
            assert station.vault.value("PRAGMA user_version") == 1
    assert b"SQLite format" not in (desk.folder / "vault.db").read_bytes()


def test_a_newer_vault_is_left_alone(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        station.vault.rows("PRAGMA user_version = 99")
    with pytest.raises(NewerVaultError), unlocked("r1"):
        pass


def test_a_damaged_vault_is_told(desk: Desk, unlocked: Unlock) -> None:
    path = desk.folder / "vault.db"
    data = bytearray(path.read_bytes())
    data[5_000] ^= 1
    path.write_bytes(data)
    with pytest.raises(VaultDamagedError), unlocked("r1") as station:
        for (table,) in station.vault.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            station.vault.rows(f"SELECT * FROM {table}")


def test_a_transaction_is_all_or_nothing(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        with pytest.raises(ZeroDivisionError), station.vault.transaction():
            station.vault.rows("DELETE FROM outbound")
            raise ZeroDivisionError
        assert station.vault.value("SELECT count(*) FROM outbound") == 1


def test_secrets_have_no_repr(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        keys = station.keys
        secret = [keys.vault, bytes(keys.box), bytes(keys.sign), *keys.epochs.values()]
        shown = " ".join(
            map(repr, (station, keys, keys.place, keys.sign, keys.box, station.vault, CaseKey.generate(1)))
        )
        for data in secret:
            assert repr(data)[2:-1] not in shown
            assert data.hex() not in shown


def test_no_secret_in_a_traceback(desk: Desk) -> None:
    passphrase = "this is not the passphrase"
    with pytest.raises(WrongPassphraseError) as caught, unlock(desk.folder, "r1", passphrase):
        pass
    assert passphrase not in "".join(traceback.format_exception(caught.value))


def test_case_keys_belong_to_one_case_and_place(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        key = CaseKey.generate(7)
        wrapped = key.wrap(station.box(station.reviewer))
        assert unwrap(7, wrapped, station.keys.box).secret == key.secret
        with pytest.raises(VaultDamagedError):
            unwrap(8, wrapped, station.keys.box)
        sealed = key.seal(b"data", b"head")
        assert key.open(sealed, b"head") == b"data"
        for place in ((b"meta",), (b"head", b""), ()):
            with pytest.raises(VaultDamagedError):
                key.open(sealed, *place)
        assert len(sealed) == len(key.seal(b"d" * 500, b"head"))


def test_the_office_key_opens_with_its_own_passphrase(desk: Desk) -> None:
    file = Layout(desk.folder).office_key.read_bytes()
    assert identity.open_office(file, PASSPHRASE.format("office")).place.root == desk.held.root
    with pytest.raises(WrongPassphraseError):
        identity.open_office(file, PASSPHRASE.format("r1"))


def test_every_reviewer_has_the_same_vault_and_own_keys(desk: Desk, unlocked: Unlock) -> None:
    vaults, boxes, seeds = set(), set(), set()
    for reviewer in ("r1", "r2", "r3"):
        with unlocked(reviewer) as station:
            vaults.add(station.keys.vault)
            boxes.add(bytes(station.keys.box))
            seeds.update(station.keys.epochs.values())
    assert (len(vaults), len(boxes), len(seeds)) == (1, 3, 9)


def test_the_station_imports_nothing_that_faces_a_network() -> None:
    code = "import sys, workstation.cli; print(sorted({m.split('.')[0] for m in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in ("flask", "gunicorn", "store", "source_app", "journalist_app", "http", "urllib3", "ssl"):
        assert f"'{name}'" not in ran.stdout


def test_vault_create_refuses_what_is_there(tmp_path: Path) -> None:
    Vault.create(tmp_path / "vault.db", bytes(32)).close()
    with pytest.raises(FileExistsError):
        Vault.create(tmp_path / "vault.db", bytes(32))
