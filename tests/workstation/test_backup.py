"""The whole station in one sealed file: there and back, proved, and refused where a byte is wrong."""

import errno
import json
import os
import pty
import re
import shutil
import sys
import tarfile
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from itertools import combinations
from pathlib import Path

import pytest

from crypto.keypairs import KemKeyPair
from tests.workstation.ceremonies import R1, R3, newcomer, renew
from tests.workstation.office import PASSPHRASE, TODAY, Desk, snapshot
from workstation import (
    backup,
    cases,
    evidence,
    files,
    outbound,
    restoring,
    sealedfile,
    shares,
    thread,
    witness,
)
from workstation.cli import main
from workstation.commands import papers
from workstation.errors import (
    BackupDamagedError,
    BadPlanError,
    DiskFullError,
    NotABackupError,
    NotAShareError,
    NoTerminalError,
    OtherSharesError,
    StationExistsError,
    WrongPassphraseError,
)
from workstation.inbox import import_bundle
from workstation.shares import BackupKey
from workstation.staffing import Staffing
from workstation.station import Station, unlock

Unlock = Callable[[str], AbstractContextManager[Station]]
Key = tuple[BackupKey, KemKeyPair]
WORDS = PASSPHRASE.format("r1")
PHOTO = os.urandom(300_000)


@pytest.fixture
def key() -> Key:
    public, words = shares.generate(3, 2)
    return public, shares.combine(words[1:])


@pytest.fixture
def saved(desk: Desk, unlocked: Unlock, key: Key) -> Path:
    """A backup of a station with a case, evidence, a slice that waits and a parcel."""
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(PHOTO)
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [reporter.report("uang"), item], [(name, blob)]))
        _, other, sliced = desk.reporter().evidence(os.urandom(200_000))
        first, *_ = desk.deliver_parts(2, [], [(other, sliced)])
        import_bundle(station, first)
    renew(desk, R3)
    path = desk.folder.parent / "station.backup"
    with unlocked("r1") as station:
        backup.write(station, key[0], path, TODAY)
    return path


def test_there_and_back(desk: Desk, saved: Path, key: Key, tmp_path: Path) -> None:
    about, directory = restoring.restore(saved, key[1], tmp_path / "restored")
    assert (about.office, about.day) == (directory.office.id, TODAY)
    assert snapshot(tmp_path / "restored") == snapshot(desk.folder)
    assert any("slices" in name for name in snapshot(desk.folder))
    assert any("parcels" in name for name in snapshot(desk.folder))
    for path in (tmp_path / "restored").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    with unlock(tmp_path / "restored", "r1", WORDS) as station:
        (case,) = cases.readable(station)
        assert len(thread.messages(station, case)) == 2
        out = tmp_path / "out"
        out.mkdir()
        assert evidence.export(station, case, 1, out).path.read_bytes() == PHOTO


def test_nothing_is_readable_in_it(saved: Path, desk: Desk) -> None:
    data = saved.read_bytes()
    for secret in (b"inspektorat", b"reviewers", b"vault.db", b"peluitk", PHOTO[:32], b"r1"):
        assert data.count(secret) <= (len(secret) < 3) * 100
    vault = (desk.folder / "vault.db").read_bytes()
    assert vault[4096:4128] not in data


def test_any_two_of_three_shares_and_never_one() -> None:
    public, words = shares.generate(3, 2)
    assert all(len(share.split()) == 33 for share in words)
    for pair in combinations(words, 2):
        assert shares.combine(pair).public == public.public
    with pytest.raises(OtherSharesError):
        shares.combine(words[:1])
    _, other = shares.generate(3, 2)
    with pytest.raises(OtherSharesError):
        shares.combine([words[0], other[1]])
    for bad in ((1, 1), (3, 4), (3, 1), (17, 2)):
        with pytest.raises(BadPlanError):
            shares.generate(*bad)


def test_a_share_is_checked_as_it_is_typed() -> None:
    _, words = shares.generate(3, 2)
    assert shares.check(words[0].upper().replace(" ", "\n "), ()) == 2
    assert shares.check(words[1], words[:1]) == 2
    with pytest.raises(OtherSharesError):
        shares.check(words[0], words[:1])
    with pytest.raises(OtherSharesError):
        shares.check(shares.generate(3, 2)[1][0], words[:1])
    typed = words[0].split()
    typed[9] = "academic" if typed[9] != "academic" else "acid"
    for wrong in (" ".join(typed), "", words[0] + " acid", "these are other words"):
        with pytest.raises(NotAShareError) as caught:
            shares.check(wrong, ())
        assert not wrong or wrong not in str(caught.value)


def test_a_rehearsal_proves_it_and_changes_nothing(
    desk: Desk, saved: Path, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = snapshot(desk.folder.parent)
    for reviewer in ("r1", "r2"):
        found = restoring.rehearse(saved, key[1], reviewer, PASSPHRASE.format(reviewer))
        assert (found.cases, found.evidence, found.missing, found.damaged) == (1, 1, 0, 0)
    assert found.directory.office.serial == 2
    with pytest.raises(WrongPassphraseError):
        restoring.rehearse(saved, key[1], "r1", "another passphrase")
    assert snapshot(desk.folder.parent) == before
    assert not list(scratch.iterdir())


def test_a_rehearsal_tells_of_evidence_that_was_gone(
    desk: Desk, unlocked: Unlock, saved: Path, key: Key, tmp_path: Path
) -> None:
    (path,) = (desk.folder / "evidence").iterdir()
    data = bytearray(path.read_bytes())
    data[70_000] ^= 1
    path.write_bytes(bytes(data))
    with unlocked("r1") as station:
        backup.write(station, key[0], tmp_path / "damaged", TODAY)
    found = restoring.rehearse(tmp_path / "damaged", key[1], "r1", WORDS)
    assert (found.missing, found.damaged) == (0, 1)
    path.unlink()
    with unlocked("r1") as station:
        backup.write(station, key[0], tmp_path / "missing", TODAY)
    found = restoring.rehearse(tmp_path / "missing", key[1], "r1", WORDS)
    assert (found.missing, found.damaged) == (1, 0)


def test_every_damage_is_noticed_and_leaves_nothing(saved: Path, key: Key, tmp_path: Path) -> None:
    data = saved.read_bytes()
    piece = 2**20 + 17
    head = len(data) % piece or piece
    wrong = [data[:at] for at in (0, 7, 500, 1_200, len(data) // 2, len(data) - 1)]
    wrong += [data + b"x", data[:-piece] if len(data) > 2 * piece else data[: head // 2]]
    for at in (0, 6, 7, 100, 1_180, 1_250, len(data) // 2, len(data) - 1):
        wrong.append(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    for untrusted in wrong:
        (tmp_path / "bad").write_bytes(untrusted)
        with pytest.raises((NotABackupError, OtherSharesError, BackupDamagedError)):
            restoring.restore(tmp_path / "bad", key[1], tmp_path / "restored")
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("bad", "desk")] == []


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "Outside", "a//b", "a\\b", ""])
def test_a_made_up_backup_writes_nothing_elsewhere(key: Key, tmp_path: Path, name: str) -> None:
    """Whoever has the public half can make one."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = 1, 0o600
    archive = member.tobuf(tarfile.GNU_FORMAT) + b"x".ljust(512, b"\0") + bytes(1_024)
    (tmp_path / "made-up").write_bytes(b"".join(sealedfile.seal(key[0].public, [archive])))
    with pytest.raises(BackupDamagedError):
        restoring.restore(tmp_path / "made-up", key[1], tmp_path / "in" / "restored")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "made-up"]


def test_other_shares_open_nothing(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(OtherSharesError):
        restoring.restore(saved, KemKeyPair.generate(), tmp_path / "restored")


def test_never_over_anything(desk: Desk, saved: Path, key: Key) -> None:
    before = snapshot(desk.folder)
    with pytest.raises(StationExistsError):
        restoring.restore(saved, key[1], desk.folder)
    assert snapshot(desk.folder) == before


def test_large_evidence_in_little_memory(desk: Desk, unlocked: Unlock, key: Key, tmp_path: Path) -> None:
    with (desk.folder / "evidence" / ("0" * 64)).open("wb") as file:
        file.truncate(200 * 2**20)
    with unlocked("r1") as station:
        tracemalloc.start()
        try:
            backup.write(station, key[0], tmp_path / "large", TODAY)
            restoring.rehearse(tmp_path / "large", key[1], "r1", WORDS)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (tmp_path / "large").stat().st_size > 200 * 2**20
    assert peak < 40 * 2**20


def test_a_full_disk_leaves_no_backup(
    unlocked: Unlock, key: Key, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(descriptor: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    with unlocked("r1") as station, pytest.raises(DiskFullError):
        backup.write(station, key[0], tmp_path / "backup", TODAY)
    assert not (tmp_path / "backup").exists()


def test_an_old_backup_copied_back_is_noticed(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(desk.folder, tmp_path / "old")
    renew(desk)
    assert main(["bundle", "--to", str(desk.stick), *desk.as_("r1")]) == 0
    capsys.readouterr()
    shutil.rmtree(desk.folder)
    shutil.copytree(tmp_path / "old", desk.folder)
    assert main(["cases", *desk.as_("r1")]) == 0
    said = capsys.readouterr().err
    assert "bundles up to 1, and 3 went" in said
    assert "number 1, and 2 was made" in said
    with unlock(desk.folder, "r1", WORDS) as station:
        written = outbound.write_bundle(station, desk.stick, TODAY)
    assert written.number == 4, "the server takes no number twice"
    assert renew(desk).directory.office.serial == 3
    assert main(["cases", *desk.as_("r1")]) == 0
    assert "older" not in capsys.readouterr().err


def test_a_note_that_is_damaged_is_none(tmp_path: Path) -> None:
    witness.note(tmp_path / "station", 3, 4)
    witness.note(tmp_path / "station", outbound=2)
    assert witness.read(tmp_path / "station") == witness.Seen(3, 4)
    (tmp_path / "station.seen").write_bytes(b"{}")
    assert witness.read(tmp_path / "station") == witness.Seen()


def test_shares_are_shown_to_a_terminal_only(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoTerminalError):
        papers.show(shares.generate(3, 2)[1])
    path = desk.folder.parent / "b"
    assert main(["backup", "--to", str(path), *desk.as_("r1")]) == 2
    assert not path.exists()
    with unlock(desk.folder, "r1", WORDS) as station:
        assert shares.load(station.vault) is None, "a key whose shares nobody saw is not used"
    assert "terminal" in capsys.readouterr().err


def test_on_the_command_line(
    desk: Desk, key: Key, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public, words = shares.generate(3, 2)
    with unlock(desk.folder, "r1", WORDS) as station:
        shares.save(station, public)
    renew(desk, R1, Staffing(leaves=R3, joins=newcomer()))
    path = tmp_path / "backup"
    assert main(["backup", "--to", str(path), "--json", *desk.as_("r1")]) == 0
    assert json.loads(capsys.readouterr().out)["threshold"] == 2
    assert main(["backup", "--to", str(path), *desk.as_("r1")]) == 1
    given = []
    for number, share in enumerate(words[:2]):
        (tmp_path / f"share-{number}").write_text(share)
        given += ["--share-file", str(tmp_path / f"share-{number}")]
    as_r2 = ["--as", "r2", "--passphrase-file", str(desk.passphrase_file("r2"))]
    assert main(["rehearse", "--from", str(path), *given, *as_r2]) == 0
    assert "is whole" in capsys.readouterr().out.replace("\n", " ")
    new = tmp_path / "new"
    assert main(["restore", "--from", str(path), *given, "--to", str(new), "--sent", "9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == TODAY
    assert witness.read(new).outbound == 9
    assert main(["restore", "--from", str(path), *given, "--to", str(new)]) == 1


def test_shares_go_to_paper_and_back_on_a_real_terminal(desk: Desk) -> None:
    """Three screens, each cleared; then two shares are typed, one wrongly at first, and show nothing."""
    path = desk.folder.parent / "backup"
    screen = on_terminal(["backup", "--to", str(path), *desk.as_("r1")], {b"press Enter.": [b""] * 3})
    shown = [re.findall(r"\b\d+ ([a-z]+)", part) for part in screen.split("for one person.")[1:]]
    written = [" ".join(words[:33]) for words in shown]
    assert screen.count("\x1b[2J") == 4
    assert shares.check(written[2], written[:2]) == 2
    everything = b"".join(p.read_bytes() for p in desk.folder.parent.rglob("*") if p.is_file())
    assert all(share.encode() not in everything for share in written)
    as_r2 = ["--as", "r2", "--passphrase-file", str(desk.passphrase_file("r2"))]
    answers = [written[2].encode(), b"wrong words", written[0].encode()]
    screen = on_terminal(
        ["rehearse", "--from", str(path), *as_r2], {b"Share 1: ": answers[:1], b"Share 2: ": answers[1:]}
    )
    assert "is not a share" in screen
    assert "is whole" in screen
    assert written[2] not in screen


def on_terminal(words: list[str], answers: dict[bytes, list[bytes]]) -> str:
    """Runs the station on a terminal of its own, with an answer to each question; gives what it showed."""
    code = "import sys; from workstation.cli import main; sys.exit(main(sys.argv[1:]))"
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", code, *words])
    screen, seen = b"", 0
    with suppress(OSError):  # Linux says EIO when the other side has gone
        while piece := os.read(terminal, 10_000):
            screen += piece
            for question, left in answers.items():
                if left and question in screen[seen:]:
                    seen = len(screen)
                    os.write(terminal, left.pop(0) + b"\n")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, screen
    return screen.decode()
