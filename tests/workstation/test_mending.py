"""Evidence that was damaged or lost on the station is put back by its own bundle, and by nothing else."""

import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest

from tests.workstation.office import PASSPHRASE, Desk, inbound, snapshot
from tests.workstation.test_parts import Delivery, deliver, entries_in, full_disk_at, manifest_in
from workstation.cli import main
from workstation.errors import DiskFullError, ReusedBundleError
from workstation.inbox import import_bundle
from workstation.progress import MENDING, READING
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


@pytest.fixture
def delivery(desk: Desk, unlocked: Unlock) -> Delivery:
    """Imported, all of it."""
    delivery = deliver(desk)
    with unlocked("r1") as station:
        for path in delivery.paths:
            import_bundle(station, path)
    return delivery


def spoilt(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-70_000])


@pytest.mark.parametrize(
    "how", [spoilt, lengthened, shortened, Path.unlink, lambda path: path.write_bytes(b"")]
)
def test_every_file_is_put_back_whether_it_came_in_slices_or_not(
    delivery: Delivery, unlocked: Unlock, how: Callable[[Path], object]
) -> None:
    with unlocked("r1") as station:
        before = snapshot(delivery.desk.folder)
        for path in station.layout.evidence.iterdir():
            how(path)
        done = [import_bundle(station, path, again=True) for path in reversed(delivery.paths)]
        assert sum(one.mended or 0 for one in done) >= 3
        assert snapshot(delivery.desk.folder) == before
        assert delivery.opened(station) == delivery.sent
        assert [import_bundle(station, path, again=True).mended for path in delivery.paths] == [0] * 6
        assert snapshot(delivery.desk.folder) == before


def test_slices_that_wait_for_the_rest_are_put_back_too(desk: Desk, unlocked: Unlock) -> None:
    delivery = deliver(desk)
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[0])
        before = snapshot(desk.folder)
        for path in station.layout.staging.rglob("slices/*"):
            spoilt(path)
        assert snapshot(desk.folder) != before
        assert import_bundle(station, delivery.paths[0], again=True).mended == 1
        assert snapshot(desk.folder) == before
        for path in delivery.paths[1:]:
            import_bundle(station, path)
        assert delivery.opened(station) == delivery.sent


def test_other_contents_under_the_same_manifest_put_nothing_back(
    delivery: Delivery, unlocked: Unlock
) -> None:
    """A manifest names no contents: a crafted part can have the very same one."""
    with unlocked("r1") as station:
        for path in delivery.paths:
            manifest, entries = manifest_in(path), entries_in(path)
            data = {
                entry.path: bytes(entry.start) + secrets.token_bytes(len(entries[entry.path]))
                for entry in manifest.entries
            }
            path.write_bytes(inbound(manifest, data))
        for path in station.layout.evidence.iterdir():
            path.unlink()
        before = snapshot(delivery.desk.folder)
        for path in delivery.paths:
            if any(entry.kind == "blob" for entry in manifest_in(path).entries):
                with pytest.raises(ReusedBundleError):
                    import_bundle(station, path, again=True)
        assert snapshot(delivery.desk.folder) == before


@pytest.mark.parametrize("part", range(6))
def test_a_disk_that_fills_up_does_no_harm(delivery: Delivery, unlocked: Unlock, part: int) -> None:
    path = delivery.paths[part]
    with unlocked("r1") as station:
        before = snapshot(delivery.desk.folder)
        with full_disk_at(0), pytest.raises(DiskFullError):
            import_bundle(station, path, again=True)
        assert snapshot(delivery.desk.folder) == before
        for lost in station.layout.evidence.iterdir():
            spoilt(lost)
        for call in range(4):
            with full_disk_at(call), suppress(DiskFullError):
                import_bundle(station, path, again=True)
            assert list(station.layout.staging.iterdir()) == []
        for again in delivery.paths:
            import_bundle(station, again, again=True)
        assert delivery.opened(station) == delivery.sent


KILLED = """
import os, signal, sys
from pathlib import Path
from workstation import inbox, progress
from workstation.station import unlock
class Kill(progress.Progress):
    def begin(self, step, items, size=0):
        if step == sys.argv[4]:
            os.kill(os.getpid(), signal.SIGKILL)
with unlock(Path(sys.argv[1]), "r1", sys.argv[2]) as station:
    inbox.import_bundle(station, Path(sys.argv[3]), again=True, progress=Kill())
"""


@pytest.mark.parametrize("step", [READING, MENDING])
@pytest.mark.parametrize("part", range(6))
def test_a_kill_leaves_what_is_intact(delivery: Delivery, unlocked: Unlock, part: int, step: str) -> None:
    """Above all a slice alone must not take the place of the whole file."""
    before = snapshot(delivery.desk.folder)
    words = [delivery.desk.folder, PASSPHRASE.format("r1"), delivery.paths[part], step]
    ended = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], cwd=Path.cwd(), check=False)
    assert ended.returncode == -signal.SIGKILL
    with unlocked("r1"):
        assert snapshot(delivery.desk.folder) == before


def test_what_the_person_is_told(
    delivery: Delivery, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    with unlocked("r1") as station:
        for path in station.layout.evidence.iterdir():
            path.unlink()
    who = delivery.desk.as_("r1")
    numbers = [int(line.split()[0]) for line in _said(capsys, "cases", *who).splitlines()[1:]]
    for number in numbers:
        said = _said(capsys, "evidence", "check", str(number), *who, code=3)
        assert "To put files back from their bundle: peluit station import --again PATH" in said
    said = _said(capsys, "import", "--again", *map(str, delivery.paths), *who)
    assert "evidence file was put back as it came." in said or "evidence files were put back" in said
    said = _said(capsys, "import", "--again", str(delivery.paths[0]), *who)
    assert said.startswith("Bundle 1, part 1 of 6: all its evidence files are as they came.")
    for number in numbers:
        assert "put files back" not in _said(capsys, "evidence", "check", str(number), *who)


def _said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    return capsys.readouterr().out
