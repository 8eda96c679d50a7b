"""A compromised server, a made-up backup, and a disk that is really full."""

import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from crypto import calendar
from crypto.keypairs import KemKeyPair
from crypto.manifest import MAX_ENTRIES
from tests.journalist_app.test_untrusted_bundles import SHAPED, TRICKS, tarred, with_attribute
from tests.workstation.office import PASSPHRASE, TODAY, Desk, inbound, manifest_of, snapshot
from workstation import backup, cases, sealedfile, thread
from workstation.errors import (
    BackupDamagedError,
    DamagedBundleError,
    NotABundleError,
    OldBundleError,
    ReusedBundleError,
)
from workstation.inbox import import_bundle
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def test_no_trick_of_tar_is_taken(desk: Desk, unlocked: Unlock) -> None:
    """Links, sparse files, extension headers, owners, doubled members and more, in every shape of tar."""
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"isi bukti")
    path = desk.deliver(1, [reporter.report(), item], [(blob_id, blob)])
    whole = path.read_bytes()
    with unlocked("r1") as station:
        before = snapshot(desk.folder.parent)
        for trick, shape in SHAPED:
            path.write_bytes(tarred(whole, TRICKS[trick], shape))
            assert path.read_bytes() != whole
            with pytest.raises((NotABundleError, DamagedBundleError)):
                import_bundle(station, path)
            path.write_bytes(whole)
            assert snapshot(desk.folder.parent) == before, trick
        path.write_bytes(tarred(whole, with_attribute(), tarfile.USTAR_FORMAT))
        assert import_bundle(station, path).opened.messages == 2


def test_no_trick_of_tar_is_taken_from_a_backup() -> None:
    """Whoever has the public half of the backup key can make one."""
    key = KemKeyPair.generate()
    members = [("about", b"{}"), ("office.key", b"sealed"), ("contents", b"{}")]
    whole = b"".join(piece for name, data in members for piece in backup._entry(name, data)) + bytes(1_024)
    taken: list[str] = []

    def read(archive: bytes) -> None:
        taken.clear()
        sealed = b"".join(sealedfile.seal(key.public, [archive]))
        with pytest.raises(BackupDamagedError):
            backup.read(BytesIO(sealed), key, lambda name, _size, pieces: (taken.append(name), list(pieces)))

    for trick, shape in SHAPED:
        changed = tarred(whole, TRICKS[trick], shape)
        assert changed != whole
        read(changed)
        assert set(taken) <= {"office.key", "directory", "evil"}, trick
    read(whole)
    assert taken == ["office.key"], "without a trick, only the list of contents is wrong"


def test_more_than_a_bundle_may_hold_is_refused(desk: Desk, unlocked: Unlock) -> None:
    """A manifest longer than any, one entry more than allowed, and a size that no disk has."""
    part, contents = manifest_of(desk.held, 1, [desk.reporter().report()])
    whole = inbound(part, contents)
    path = desk.stick / "huge.tar"
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        head = tarfile.TarInfo("manifest.json")
        head.size, head.mode = 64 * 2**20 + 1, 0o600
        path.write_bytes(head.tobuf(tarfile.USTAR_FORMAT) + whole)
        with pytest.raises(NotABundleError):
            import_bundle(station, path)
        text = whole[512:][: int(whole[124:135], 8)]
        entry = text[text.index(b'"entries":[') + 11 : text.index(b"]")]
        many = text.replace(entry, b",".join([b"0"] * (MAX_ENTRIES + 1)))
        head.size = len(many)
        path.write_bytes(head.tobuf(tarfile.USTAR_FORMAT) + many)
        with pytest.raises(NotABundleError):
            import_bundle(station, path)
        huge = replace(part.entries[0], size=2**31)
        text = text.replace(b'"size":%d' % part.entries[0].size, b'"size":%d' % huge.size)
        head.size = len(text)
        path.write_bytes(head.tobuf(tarfile.USTAR_FORMAT) + text.ljust(512 * 4, b"\0"))
        with pytest.raises(NotABundleError):
            import_bundle(station, path)
        assert snapshot(desk.folder) == before


def test_what_is_replayed_is_there_once(desk: Desk, unlocked: Unlock) -> None:
    """Old items in a new bundle, on another day; an old bundle under a new number, and as it was."""
    reporter = desk.reporter()
    items = [reporter.report(), reporter.text("Tambahan.")]
    first = desk.deliver(1, items)
    with unlocked("r1") as station:
        assert import_bundle(station, first).opened.messages == 2
        later = calendar.add_days(TODAY, 7)
        (desk.stick / "again.tar").write_bytes(
            inbound(*manifest_of(desk.held, 2, [*items, reporter.text("Baru.")], on=later))
        )
        again = import_bundle(station, desk.stick / "again.tar")
        assert (again.items, again.duplicates, again.opened.messages) == (1, 2, 1)
        (case,) = cases.readable(station)
        found = thread.messages(station, case)
        assert [entry.meta.received for entry in found] == [TODAY, TODAY, later]
        assert import_bundle(station, first).already
        with pytest.raises(OldBundleError):
            import_bundle(station, desk.deliver(1, items))
        part, contents = manifest_of(desk.held, 2, items)
        renumbered = replace(part, number=3, bundle=again.bundle)
        (desk.stick / "renumbered.tar").write_bytes(inbound(renumbered, contents))
        with pytest.raises(ReusedBundleError):
            import_bundle(station, desk.stick / "renumbered.tar")
        assert len(thread.messages(station, case)) == 3


_FULL = """
import shutil, subprocess, sys
from pathlib import Path
from tests.workstation.office import snapshot
from workstation import inbox, progress
from workstation.errors import DiskFullError
from workstation.station import unlock

origin, stick, words = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
disk = Path(sys.argv[4])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", disk], check=True)
folder = disk / "station"
shutil.copytree(origin, folder)

class Fill(progress.Progress):
    def __init__(self, step):
        self.step = step
    def begin(self, step, items, size=0):
        if step == self.step:
            with (disk / "ballast").open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass

for step in (progress.READING, progress.OPENING):
    with unlock(folder, "r1", words) as station:
        before = snapshot(folder)
        try:
            inbox.import_bundle(station, stick, progress=Fill(step))
        except DiskFullError as error:
            print(step, error)
        assert snapshot(folder) == before
    (disk / "ballast").unlink()
with unlock(folder, "r1", words) as station:
    print(inbox.import_bundle(station, stick).opened.messages)
"""


def _may_mount() -> bool:
    return subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="the system lets nobody mount a disk of their own")
def test_a_small_disk_that_is_really_full(desk: Desk, tmp_path: Path) -> None:
    """Somebody else fills it while the bundle is copied, and while its items are opened."""
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(bytes(1_000_000))
    path = desk.deliver(1, [*(desk.reporter().report() for _ in range(60)), item], [(blob_id, blob)])
    (tmp_path / "disk").mkdir()
    words = [desk.folder, path, PASSPHRASE.format("r1"), tmp_path / "disk"]
    command = ["unshare", "-rm", sys.executable, "-c", _FULL, *map(str, words)]
    done = subprocess.run(command, cwd=Path.cwd(), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said] == ["reading", "opening", "61"]
    assert all("make room" in line for line in said[:2])
