"""`peluit init`: a server from the station's first bundle; a refusal leaves nothing behind."""

import stat
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from tests.peluit.running import PELUIT, refusal, run


@pytest.fixture
def bundle(demo_office: DemoOffice) -> Path:
    return next(demo_office.stick.glob("peluit-out-*-1.tar"))


def test_keys_are_private_and_the_fingerprint_is_shown(
    tmp_path: Path, bundle: Path, demo_office: DemoOffice
) -> None:
    folder = tmp_path / "server"
    done = run(PELUIT, "init", "--folder", folder, "--bundle", bundle, typed="yes\n")
    assert done.returncode == 0, done.stderr
    assert " ".join(demo_office.root_digits) in done.stdout
    assert "kota-contoh: Invitation for administrator" in done.stdout
    keys = [path for path in folder.rglob("*.key") if path.is_file()]
    assert len(keys) == 3
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    before = {path: path.read_bytes() for path in keys}
    assert "Nothing was changed" in refusal("init", "--folder", folder, "--bundle", bundle, typed="yes\n")
    assert {path: path.read_bytes() for path in keys} == before


@pytest.mark.parametrize("address", ["http://x.onion", "https://door.example.org/", "http://127.0.0.1:8702"])
def test_its_pages_lead_to_the_no_script_door(tmp_path: Path, bundle: Path, address: str) -> None:
    folder = tmp_path / "server"
    line = ("--folder", folder, "--bundle", bundle, "--noscript-address", address)
    assert run(PELUIT, "init", *line, typed="yes\n").returncode == 0
    page = (folder / "public" / "pages" / "id" / "index.html").read_text("utf-8")
    assert page.count(f'<a href="{address.rstrip("/")}/id/">') == 1


@pytest.mark.parametrize("address", ["x.onion", "javascript:alert(1)", 'http://x"', "http://x/y", ""])
def test_addresses_of_no_door(tmp_path: Path, bundle: Path, address: str) -> None:
    line = ("--folder", tmp_path / "server", "--bundle", bundle, f"--noscript-address={address}")
    done = run(PELUIT, "init", *line)
    assert done.returncode == 2 and "is no address" in done.stderr


@pytest.mark.parametrize("answer", ["no\n", "\n", ""])
def test_a_fingerprint_that_is_not_confirmed(tmp_path: Path, bundle: Path, answer: str) -> None:
    done = run(PELUIT, "init", "--folder", tmp_path / "server", "--bundle", bundle, typed=answer)
    assert done.returncode == 1
    assert "fingerprint" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_bundles_that_are_none(tmp_path: Path, bundle: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"no bundle " * 1000)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(bundle.read_bytes()[:-2000])
    for path in (tmp_path / "nowhere", tmp_path, other, damaged):
        assert refusal("init", "--folder", tmp_path / "server", "--bundle", path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged", "other"]


def test_folders_that_cannot_be_used(tmp_path: Path, bundle: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "closed").mkdir(mode=0o500)
    for folder in ("file", "file/server", "closed/server"):
        said = refusal("init", "--folder", tmp_path / folder, "--bundle", bundle, typed="yes\n")
        assert str(tmp_path / folder) in said
