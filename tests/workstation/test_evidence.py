"""Exporting evidence: whole or not at all, never over anything, under a name that plays no tricks."""

import errno
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.constants import CHUNK_SIZE
from crypto.message import Evidence
from tests.workstation.office import PASSPHRASE, Desk, sealed_file
from workstation import cases, evidence, files, incomplete, parallel
from workstation.cases import Case
from workstation.errors import (
    CannotReadError,
    CannotWriteError,
    DiskFullError,
    EvidenceDamagedError,
    EvidenceMissingError,
    FileTooLargeError,
    NoSuchEvidenceError,
    NotAFolderError,
)
from workstation.filenames import safe_name
from workstation.inbox import import_bundle
from workstation.progress import Progress
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
SIZE = 2 * CHUNK_SIZE + 12_345


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def imported(
    station: Station, desk: Desk, data: bytes, name: str = "foto.jpg", with_blob: bool = True
) -> Case:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(data, name)
    path = desk.deliver(1, [reporter.report(), item], [(blob_id, blob)] if with_blob else [])
    (number,) = import_bundle(station, path).opened.cases
    return cases.find(station, number)


def blob_file(desk: Desk) -> Path:
    (found,) = (desk.folder / "evidence").iterdir()
    return found


@pytest.mark.parametrize("at", [0, CHUNK_SIZE + 16, 2 * CHUNK_SIZE + 500, -1])
def test_a_changed_chunk_leaves_nothing(desk: Desk, unlocked: Unlock, out: Path, at: int) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        sealed = bytearray(blob_file(desk).read_bytes())
        sealed[at] ^= 1
        blob_file(desk).write_bytes(sealed)
        with pytest.raises(EvidenceDamagedError):
            evidence.export(station, case, 1, out)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("length", [0, 5, CHUNK_SIZE + 16, 2 * (CHUNK_SIZE + 16)])
def test_a_shortened_or_lengthened_file_leaves_nothing(
    desk: Desk, unlocked: Unlock, out: Path, length: int
) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        sealed = blob_file(desk).read_bytes()
        for wrong in (sealed[:length], sealed + b"\0"):
            blob_file(desk).write_bytes(wrong)
            with pytest.raises(EvidenceDamagedError):
                evidence.export(station, case, 1, out)
    assert list(out.iterdir()) == []


def test_missing_evidence_is_told_apart(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, b"x", with_blob=False)
        with pytest.raises(EvidenceMissingError):
            evidence.export(station, case, 1, out)
        with pytest.raises(NoSuchEvidenceError):
            evidence.export(station, case, 2, out)
        with pytest.raises(NotAFolderError):
            evidence.export(station, case, 1, out / "absent")


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE, SIZE])
def test_export_is_exact_private_and_never_overwrites(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch, size: int, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.setattr(files, "_nameless", lambda _folder: None)
    data = secrets.token_bytes(size)
    with unlocked("r1") as station:
        case = imported(station, desk, data)
        names = [evidence.export(station, case, 1, out).path.name for _ in range(2)]
    assert names == [f"{case.number}-1-foto.jpg", f"{case.number}-1-foto (2).jpg"]
    for name in names:
        assert (out / name).read_bytes() == data
        assert (out / name).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in out.iterdir()} == {*names, *(f"{name}.custody.txt" for name in names)}


def test_one_file_that_was_sent_under_two_names(desk: Desk, unlocked: Unlock, out: Path) -> None:
    """A reporter who picks the same file twice sends one blob and two items; or sends it again later."""
    reporter = desk.reporter()
    data = secrets.token_bytes(SIZE)
    sent, blob = sealed_file(data, "satu.jpg")
    each = ["satu.jpg", "dua.jpg", "tiga.jpg"]
    items = [reporter.seal(replace(sent, untrusted_name=name)) for name in each]
    path = desk.deliver(1, [reporter.report(), *items[:2]], [(sent.blob, blob)])
    later = desk.deliver(2, items[2:], [(sent.blob, blob)])
    with unlocked("r1") as station:
        (number,) = import_bundle(station, path).opened.cases
        assert import_bundle(station, later).duplicates == 1
        case = cases.find(station, number)
        names = {evidence.export(station, case, which, out).path.name for which in (1, 2, 3)}
        assert len(list((desk.folder / "evidence").iterdir())) == 1
    assert {name.split("-", 2)[2] for name in names} == set(each)
    assert all((out / name).read_bytes() == data for name in names)


def test_a_stick_without_links_that_goes_at_the_last_step_leaves_nothing(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_paths: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    def gone(*_paths: object) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(files, "_nameless", lambda _folder: None)
    monkeypatch.setattr(os, "link", no_link)
    with unlocked("r1") as station:
        case = imported(station, desk, b"bukti")
        with monkeypatch.context() as patch, pytest.raises(CannotWriteError):
            patch.setattr(Path, "replace", gone)
            evidence.export(station, case, 1, out)
        assert list(out.iterdir()) == []
        assert evidence.export(station, case, 1, out).path.read_bytes() == b"bukti"


def test_a_link_in_the_way_is_not_followed(desk: Desk, unlocked: Unlock, out: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    with unlocked("r1") as station:
        case = imported(station, desk, b"bukti")
        (out / f"{case.number}-1-foto.jpg").symlink_to(target)
        written = evidence.export(station, case, 1, out).path
    assert not target.exists()
    assert written.name.endswith("(2).jpg")


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file can grow beyond this, as if the disk were full there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("left", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, 2 * CHUNK_SIZE, SIZE - 1])
def test_a_full_disk_leaves_nothing(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch, left: int, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.setattr(files, "_nameless", lambda _folder: None)
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        with room(left), pytest.raises(DiskFullError):
            evidence.export(station, case, 1, out)
        assert list(out.iterdir()) == []
        assert evidence.export(station, case, 1, out).size == SIZE


def test_a_stick_that_takes_no_large_files_is_told_from_a_full_one(
    desk: Desk, unlocked: Unlock, out: Path
) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        with room(SIZE - 1), pytest.raises(FileTooLargeError, match="FAT32"):
            evidence.export(station, case, 1, out)


def test_a_disk_without_room_is_told_before_anything_is_written(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        usage = shutil.disk_usage(out)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=SIZE - 1))
        with room(0), pytest.raises(DiskFullError):
            evidence.export(station, case, 1, out)
        with pytest.raises(DiskFullError):
            evidence.export(station, case, 1, out)
    assert list(out.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from workstation import cases, evidence
from workstation.progress import Progress
from workstation.station import unlock

class Kill(Progress):
    def advance(self, items, size=0):
        os.kill(os.getpid(), signal.SIGKILL)

folder, passphrase, case, out = sys.argv[1:]
with unlock(Path(folder), "r1", passphrase) as station:
    evidence.export(station, cases.find(station, int(case)), 1, Path(out), progress=Kill())
"""


def test_a_killed_export_leaves_no_name(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
    words = [str(desk.folder), PASSPHRASE.format("r1"), str(case.number), str(out)]
    ran = subprocess.run([sys.executable, "-c", KILLED, *words], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert list(out.iterdir()) == []


def test_an_interrupt_leaves_nothing_and_no_thread_at_work(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupt(Progress):
        def advance(self, items: int, size: int = 0) -> None:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(parallel, "cores", lambda: 3)
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        with pytest.raises(KeyboardInterrupt):
            evidence.export(station, case, 1, out, progress=Interrupt())
    assert list(out.iterdir()) == []
    assert threading.active_count() == 1


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_nothing_is_seen_before_the_end(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    class Watch(Progress):
        def advance(self, items: int, size: int = 0) -> None:
            seen.append((size, list(out.iterdir())))

    seen: list[tuple[int, list[Path]]] = []
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(SIZE))
        evidence.export(station, case, 1, out, progress=Watch())
    assert seen == [(CHUNK_SIZE, []), (CHUNK_SIZE, []), (12_345, [])]
    assert len(list(out.iterdir())) == 2


def test_a_file_that_has_vanished_from_the_station(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, b"x")
        blob_file(desk).unlink()
        with pytest.raises(CannotReadError, match="Import the bundle that brought it with --again"):
            evidence.export(station, case, 1, out)
        with pytest.raises(CannotReadError):
            evidence.check(station, case, 1)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("first", ["right", "wrong"])
def test_of_two_files_under_one_name_the_right_one_is_found(
    desk: Desk, unlocked: Unlock, out: Path, first: str
) -> None:
    data, reporter = secrets.token_bytes(SIZE), desk.reporter()
    item, name, right = reporter.evidence(data)
    came = [right, secrets.token_bytes(len(right))]
    with unlocked("r1") as station:
        for number, blob in enumerate(came if first == "right" else reversed(came), 1):
            items = [reporter.report(), item] if number == 1 else []
            import_bundle(station, desk.deliver(number, items, [(name, blob)]))
        (case,) = cases.readable(station)
        assert evidence.export(station, case, 1, out).path.read_bytes() == data
        assert not evidence.check(station, case, 1).found


def test_plaintext_has_no_name_before_it_is_whole(tmp_path: Path) -> None:
    def pieces() -> Iterable[bytes]:
        yield b"half"
        seen.extend(path.name for path in tmp_path.iterdir())

    seen: list[str] = []
    files.write_new(tmp_path / "whole", pieces())
    assert seen == []
    assert (tmp_path / "whole").read_bytes() == b"half"


def test_a_file_is_on_the_disk_before_it_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    for name in ("fsync", "link"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, _name=name, _real=real, **k: (steps.append(_name), _real(*a, **k))[1]
        )
    files.write_new(tmp_path / "whole", [b"all"])
    assert steps == ["fsync", "link", "fsync"]


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_args: object, **_options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files, "_nameless", lambda _folder: None)
    monkeypatch.setattr(os, "link", no_links)
    files.write_new(tmp_path / "a", [b"one"])
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "a", [b"two"])
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"one")]


@pytest.mark.parametrize(
    ("untrusted_name", "expected"),
    [
        ("foto.jpg", "foto.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "file"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("--to=x", "to=x"),
        ("gpj.\u202eexe.doc", "gpj.exe.doc"),
        ("a\nb\tc\x1b[31m.txt", "a b c[31m.txt"),
        ("CON", "CON"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("trailing. . ", "trailing"),
        ("\u200b\u2066", "file"),
        ("e\u0301.txt", "é.txt"),
        ("x" * 300 + ".tar.gz", "x" * 110 + ".gz"),
        ("laporan keuangan.pdf", "laporan keuangan.pdf"),
    ],
)
def test_names(untrusted_name: str, expected: str) -> None:
    assert safe_name(untrusted_name, 4711, 2) == f"4711-2-{expected}"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=255) | st.text(min_size=1, max_size=8).map(lambda t: (t * 4_000)[:4_000]))
def test_every_name_is_safe(untrusted_name: str) -> None:
    name = safe_name(untrusted_name, 4711, 2)
    assert len(name.encode()) <= 120
    assert name.startswith("4711-2-")
    assert not set(name) & set('/\\\0<>:"|?*')
    assert name.isprintable()
    assert not name.endswith((".", " "))
    marked = incomplete.name(untrusted_name, 4711, 2)
    assert len(marked.encode()) <= 120
    assert marked.startswith("TIDAK-LENGKAP-INCOMPLETE-4711-2-")


def test_a_claimed_size_that_the_file_cannot_have(desk: Desk, unlocked: Unlock, out: Path) -> None:
    reporter = desk.reporter()
    _, blob_id, blob = reporter.evidence(b"x")
    content = Evidence(blob_id, bytes(32), "besar.bin", "", 2**40, bytes(32))
    with unlocked("r1") as station:
        done = import_bundle(station, desk.deliver(1, [reporter.seal(content)], [(blob_id, blob)]))
        (number,) = done.opened.cases
        with pytest.raises(EvidenceDamagedError):
            evidence.export(station, cases.find(station, number), 1, out)
