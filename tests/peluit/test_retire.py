"""`peluit retire`: what is left of a server afterwards, on its disk too."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import keyfile
from store.reader import open_inbox
from tests.peluit.running import PELUIT, refusal, run
from tests.peluit.served import Served, serve

NAME = "Inspektorat Kota\n"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Served:
    made = serve(tmp_path_factory.mktemp("pristine"))
    made.reports(made.desk.reporter(), "a report")
    made.sends_file(made.desk.reporter(), b"a photograph" * 1000)
    return made


@pytest.fixture
def served(pristine: Served, tmp_path: Path) -> Served:
    return copied(pristine, tmp_path)


def copied(pristine: Served, to: Path) -> Served:
    for name in ("server", "tor"):
        shutil.copytree(pristine.where / name, to / name)
    return Served(to, pristine.desk, pristine.totp)


def line(served: Served) -> tuple[object, ...]:
    return ("retire", "--folder", served.layout.root, "--tor", served.tor)


def test_it_says_what_is_lost_and_erases_everything(served: Served) -> None:
    (served.layout.run / "left-over").write_text("x")
    (served.layout.pages / "link").symlink_to("/etc/hostname")
    done = run(PELUIT, *line(served), typed=NAME)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 sealed things that no station has had, 0 in bundles" in done.stdout
    assert "will ever reach again: 3." in done.stdout and "destroy them" in done.stdout
    assert not served.layout.root.exists() and list(served.tor.iterdir()) == []
    assert Path("/etc/hostname").exists()


def test_onion_keys_may_stay(served: Served) -> None:
    done = run(PELUIT, "retire", "--folder", served.layout.root, "--without-tor", typed=NAME)
    assert done.returncode == 0 and not served.layout.root.exists()
    assert len(list(served.tor.glob("*/hs_ed25519_secret_key"))) == 3


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "inspektorat kota\n"])
def test_the_name_must_be_typed(served: Served, typed: str) -> None:
    before = {path: path.read_bytes() for path in served.where.rglob("*") if path.is_file()}
    assert "Nothing was changed" in refusal(*line(served), typed=typed)
    after = {path: path.read_bytes() for path in served.where.rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if path in before} == before


def test_a_server_that_runs_is_not_erased(served: Served) -> None:
    database = open_inbox(served.layout.inbox, keyfile.read(served.layout.inbox_key))
    with database.read():
        pass
    assert "still running" in refusal(*line(served), typed=NAME)
    database.close()
    assert run(PELUIT, *line(served), typed=NAME).returncode == 0


def test_it_can_be_repeated_after_it_was_cut_off(served: Served) -> None:
    for key in served.layout.root.glob("*/*.key"):
        key.unlink()
    done = run(PELUIT, *line(served), typed=NAME)
    assert done.returncode == 0 and "cannot be opened any more" in done.stdout
    assert not served.layout.root.exists()
    assert "holds no server's data" in refusal(*line(served), typed=NAME)


def test_what_cannot_be_erased_is_said_and_the_keys_go_first(served: Served) -> None:
    folder = next(served.layout.done.iterdir())
    blob = next(folder.iterdir())
    folder.chmod(0o500)  # its files can be overwritten, but not removed
    assert "1 files are left" in refusal(*line(served), typed=NAME)
    assert list(served.where.rglob("*.key")) == [] and served.layout.site.exists()
    assert not any(blob.read_bytes())
    folder.chmod(0o700)
    assert run(PELUIT, *line(served), typed=NAME).returncode == 0
    assert not served.layout.root.exists()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """An ext4 file system of its own: its image, and where it is mounted."""
    image, place = tmp_path / "image", tmp_path / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 2**20)
    subprocess.run(["/sbin/mkfs.ext4", "-q", image], check=True)
    mounted = subprocess.run(["/bin/mount", "-o", "loop", image, place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount an image: freed blocks were not searched")
    yield image, place
    if place.is_mount():
        subprocess.run(["/bin/umount", place], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount an image")
def test_freed_blocks_hold_nothing(pristine: Served, disk: tuple[Path, Path]) -> None:
    image, place = disk
    served = copied(pristine, place)
    canaries = {
        path.name: path.read_bytes()[:64]
        for path in served.where.rglob("*")
        if path.is_file() and path.stat().st_size >= 32 and not {"pages", "current"} & set(path.parts)
    }
    for name in ("left-behind", "planted"):
        canaries[name] = secrets.token_bytes(64)
    (served.layout.run / "left-behind").write_bytes(canaries["left-behind"])
    (place / "planted").write_bytes(canaries["planted"])
    os.sync()
    before = image.read_bytes()
    assert {name for name, canary in canaries.items() if canary not in before} == set()
    assert run(PELUIT, *line(served), typed=NAME).returncode == 0
    (place / "planted").unlink()  # as any program removes a file
    subprocess.run(["/bin/umount", place], check=True)
    after = image.read_bytes()
    assert {name for name, canary in canaries.items() if canary in after} == {"planted"}
