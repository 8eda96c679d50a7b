"""Bundles that are damaged, foreign, old, doubled or hostile; imports that are cut off; a full disk."""

import errno
import io
import json
import os
import secrets
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import calendar
from crypto.fields import Epoch
from crypto.message import Report, sign_message
from tests.workstation.office import (
    OFFICE,
    PASSPHRASE,
    TODAY,
    Desk,
    inbound,
    make_desk,
    manifest_of,
    snapshot,
)
from workstation import cases, files, inbox, opening, thread
from workstation.cli import main
from workstation.errors import (
    DamagedBundleError,
    DiskFullError,
    ForeignBundleError,
    NotABundleError,
    OldBundleError,
    OutboundBundleError,
    ReusedBundleError,
    StationError,
)
from workstation.inbox import import_bundle
from workstation.opening import problems
from workstation.progress import OPENING, READING, SETTLING, Progress
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def bundle_with_evidence(desk: Desk, number: int = 1) -> tuple[Path, bytes]:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(secrets.token_bytes(100_000))
    path = desk.deliver(number, [reporter.report(), item], [(blob_id, blob)])
    return path, path.read_bytes()


def regions(data: bytes) -> dict[str, tuple[int, int]]:
    """Offset and length of each header and body, and of the end."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            found[f"header of {member.name.split('/')[0]}"] = (member.offset, 512)
            found[f"body of {member.name.split('/')[0]}"] = (member.offset_data, member.size)
            fill = -member.size % 512
            if fill:
                found[f"fill of {member.name.split('/')[0]}"] = (member.offset_data + member.size, fill)
    found["end"] = (len(data) - 1_024, 1_024)
    return found


def test_damage_in_each_region_is_refused(desk: Desk, unlocked: Unlock) -> None:
    path, data = bundle_with_evidence(desk)
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        for name, (offset, length) in regions(data).items():
            for at in {offset, offset + length // 2, offset + length - 1}:
                path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
                with pytest.raises((DamagedBundleError, NotABundleError, ForeignBundleError)) as caught:
                    import_bundle(station, path)
                if name in ("body of items", "body of blobs"):
                    assert str(caught.value.details["entry"]).startswith(name.removeprefix("body of ")), name
                if name == "body of checksums":
                    assert isinstance(caught.value, DamagedBundleError)
        assert snapshot(desk.folder) == before
        path.write_bytes(data)
        assert import_bundle(station, path).opened.messages == 2


def test_truncated_and_lengthened_bundles_are_refused(desk: Desk, unlocked: Unlock) -> None:
    path, data = bundle_with_evidence(desk)
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        for length in {0, 1, 511, 512, 513, len(data) // 2, len(data) - 1_024, len(data) - 1}:
            path.write_bytes(data[:length])
            with pytest.raises((DamagedBundleError, NotABundleError)):
                import_bundle(station, path)
        path.write_bytes(data + b"\0")
        with pytest.raises(DamagedBundleError):
            import_bundle(station, path)
        assert snapshot(desk.folder) == before


def test_the_same_bundle_again_changes_nothing(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = bundle_with_evidence(desk)
    assert main(["import", str(path), *desk.as_("r1")]) == 0
    before = snapshot(desk.folder)
    capsys.readouterr()
    assert main(["import", str(path), *desk.as_("r1")]) == 0
    assert "already imported, nothing changed" in capsys.readouterr().out
    assert snapshot(desk.folder) == before


def test_the_name_of_an_imported_bundle_cannot_hide_another(desk: Desk, unlocked: Unlock) -> None:
    name = secrets.token_bytes(16)
    with unlocked("r1") as station:
        for number, refused in ((1, False), (2, True)):
            path = desk.stick / f"{number}.tar"
            contents = manifest_of(desk.held, number, [desk.reporter().report()], bundle_id=name)
            path.write_bytes(inbound(*contents))
            if refused:
                with pytest.raises(ReusedBundleError):
                    import_bundle(station, path)
            else:
                import_bundle(station, path)


def test_foreign_and_outbound_bundles_are_refused(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    other_place = tmp_path / "other"
    other_place.mkdir()
    other = make_desk(other_place, reviewers=1, epochs=1)
    foreign = other.deliver(1, [])
    manifest, contents = manifest_of(desk.held, 1, [])
    another_office = desk.stick / "office.tar"
    another_office.write_bytes(
        inbound(
            replace(manifest, office=other.directory.office.id),
            contents,
        )
    )
    with unlocked("r1") as station:
        with pytest.raises(ForeignBundleError):
            import_bundle(station, foreign)
        with pytest.raises(OutboundBundleError):
            import_bundle(station, desk.stick / f"peluit-out-{OFFICE}-1.tar")
        with pytest.raises(NotABundleError):
            import_bundle(station, desk.passphrase_file("r1"))


def test_older_bundles_and_gaps(desk: Desk, capsys: pytest.CaptureFixture[str], unlocked: Unlock) -> None:
    assert main(["import", str(desk.deliver(5, [])), *desk.as_("r1")]) == 0
    assert "Not here yet: bundle 1–4." in capsys.readouterr().err
    late = desk.deliver(2, [desk.reporter().report()])
    with unlocked("r1") as station, pytest.raises(OldBundleError):
        import_bundle(station, late)
    assert main(["import", str(late), *desk.as_("r1")]) == 1
    assert "--out-of-order" in capsys.readouterr().err
    assert main(["import", str(late), "--out-of-order", "--json", *desk.as_("r1")]) == 0
    assert json.loads(capsys.readouterr().out)["bundles"][0]["messages"] == 1


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "items/../../x", "blobs/" + "A" * 32, "items/..", ""]
)
def test_path_tricks_go_nowhere(desk: Desk, unlocked: Unlock, name: str) -> None:
    _, data = bundle_with_evidence(desk)
    untrusted = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(data)) as archive,
        tarfile.open(fileobj=untrusted, mode="w") as forged,
    ):
        for member in archive:
            contents = archive.extractfile(member)
            assert contents is not None
            raw = contents.read()
            if member.name == "manifest.json":
                first = json.loads(raw)["entries"][0]["path"]
                raw = raw.replace(first.encode(), name.encode())
            renamed = tarfile.TarInfo(name if member.name.startswith("items/") else member.name)
            renamed.size, renamed.mode = len(raw), 0o600
            forged.addfile(renamed, io.BytesIO(raw))
    path = desk.stick / "evil.tar"
    path.write_bytes(untrusted.getvalue())
    with unlocked("r1") as station:
        before = snapshot(desk.folder.parent)
        with pytest.raises((NotABundleError, DamagedBundleError)):
            import_bundle(station, path)
        assert snapshot(desk.folder.parent) == before


def test_what_does_not_open_is_kept_and_listed(desk: Desk, unlocked: Unlock) -> None:
    reporter, stranger = desk.reporter(), desk.reporter()
    message = reporter.message(Report({"what": "x"}))
    forged = sign_message(message, stranger.keys.sign)
    week = calendar.epoch_of(TODAY)
    good = desk.reporter().report()
    items = [
        good,
        secrets.token_bytes(5_000),
        desk.reporter().report()[:-1_000],
        reporter.seal_document(forged),
        reporter.seal(Report({"what": "lama"}), epoch=Epoch(week - 10)),
        reporter.seal(Report({"what": "versi"}))[:7] + b"\x02" + secrets.token_bytes(3_000),
        reporter.seal_document(b"\0" * 64 + b"{}"),
    ]
    with unlocked("r1") as station:
        done = import_bundle(station, desk.deliver(1, items))
        assert done.items == len(items)
        assert done.opened.messages == 1
        kinds = sorted(problem.kind for problem in problems(station))
        assert kinds == [*["bad-content"] * 2, *["malformed"] * 2, "no-epoch-key", "wrong-version"]
        again = import_bundle(station, desk.deliver(2, items))
        assert (again.items, again.duplicates) == (0, len(items))
        assert len(list(cases.readable(station))) == 1


def test_a_reader_whom_the_message_excludes_but_the_stanzas_do_not(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    message = reporter.message(Report({"what": "x"}), excluded=["r2"])
    item = reporter.seal_document(sign_message(message, reporter.keys.sign))  # a stanza for everybody
    with unlocked("r2") as station:
        assert import_bundle(station, desk.deliver(1, [item])).opened.messages == 0
        assert [problem.kind for problem in problems(station)] == ["bad-content"]
    assert main(["cases", *desk.as_("r1")]) == 0
    with unlocked("r1") as station:
        assert len(list(cases.readable(station))) == 1


def test_an_item_for_an_unknown_channel_is_kept(desk: Desk, unlocked: Unlock) -> None:
    manifest, contents = manifest_of(desk.held, 1, [desk.reporter().report()])
    text = inbound(manifest, contents)
    assert b'"channel":"aduan-integritas"' in text
    path = desk.stick / "channel.tar"
    entry = type(manifest.entries[0])(
        "item", manifest.entries[0].path, manifest.entries[0].size, "lain", TODAY
    )  # type: ignore[arg-type]
    path.write_bytes(inbound(replace(manifest, entries=(entry,)), contents))
    with unlocked("r1") as station:
        import_bundle(station, path)
        assert [problem.kind for problem in problems(station)] == ["unknown-channel"]


class Cut(Progress):
    """Stops an import at one place."""

    def __init__(self, step: str, after: int, how: BaseException) -> None:
        self.step, self.after, self.how = step, after, how
        self.now = ""

    def begin(self, step: str, items: int, size: int = 0) -> None:
        self.now, self.count = step, 0
        self.advance(0)

    def advance(self, items: int, size: int = 0) -> None:
        self.count += items
        if self.now == self.step and self.count >= self.after:
            raise self.how


@pytest.mark.parametrize(
    ("step", "after"), [(READING, 0), (READING, 1), (READING, 3), (OPENING, 0), (OPENING, 2)]
)
@pytest.mark.parametrize("how", [KeyboardInterrupt(), MemoryError()])
def test_an_import_that_is_cut_off_leaves_the_vault_as_it_was(
    desk: Desk, unlocked: Unlock, step: str, after: int, how: BaseException
) -> None:
    path, _ = bundle_with_evidence(desk)
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        with pytest.raises(type(how)):
            import_bundle(station, path, progress=Cut(step, after, how))
        assert snapshot(desk.folder) == before
        assert import_bundle(station, path).opened.messages == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from workstation import inbox, progress
from workstation.station import unlock
class Kill(progress.Progress):
    def begin(self, step, items, size=0):
        self.step, self.count = step, 0
        self.advance(0)
    def advance(self, items, size=0):
        self.count += items
        if self.step == sys.argv[4] and self.count >= int(sys.argv[5]):
            os.kill(os.getpid(), signal.SIGKILL)
with unlock(Path(sys.argv[1]), "r1", sys.argv[2]) as station:
    inbox.import_bundle(station, Path(sys.argv[3]), progress=Kill())
"""


@pytest.mark.parametrize(
    ("step", "after", "taken"),
    [(READING, 2, False), (OPENING, 1, False), (SETTLING, 0, True), (SETTLING, 1, True)],
)
def test_a_killed_import_is_undone_or_ended_at_the_next_start(
    desk: Desk, unlocked: Unlock, step: str, after: int, taken: bool
) -> None:
    path, _ = bundle_with_evidence(desk)
    words = [desk.folder, PASSPHRASE.format("r1"), path, step, str(after)]
    ended = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], cwd=Path.cwd(), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list((desk.folder / "staging").iterdir())
    with unlocked("r1") as station:
        assert not list((desk.folder / "staging").iterdir())
        assert import_bundle(station, path).already is taken
        (case,) = cases.readable(station)
        ((_, _, content),) = thread.evidence(thread.messages(station, case))
        ((digest, _size),) = thread.blobs(station, content.blob)
        assert (desk.folder / "evidence" / digest.hex()).is_file()


@pytest.mark.parametrize("call", range(5))
def test_a_disk_that_fills_up_while_copying(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    path, _ = bundle_with_evidence(desk)
    calls = iter(range(100))
    real = files.write_all

    def full(descriptor: int, data: bytes) -> None:
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor, data)

    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        monkeypatch.setattr(files, "write_all", full)
        if call < 3:
            with pytest.raises(DiskFullError):
                import_bundle(station, path)
            assert snapshot(desk.folder) == before
        monkeypatch.setattr(files, "write_all", real)
        assert import_bundle(station, path).opened.messages == 2


def test_a_disk_that_fills_up_inside_the_vault(desk: Desk, unlocked: Unlock) -> None:
    path = desk.deliver(1, [desk.reporter().report() for _ in range(20)])
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        pages = station.vault.value("PRAGMA page_count")
        station.vault.rows(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(DiskFullError):
            import_bundle(station, path)
        assert snapshot(desk.folder) == before
        station.vault.rows("PRAGMA max_page_count = 1000000")
        assert import_bundle(station, path).opened.messages == 20


def test_a_large_import_that_is_cut_off_goes_on_where_it_was(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (inbox, opening):
        monkeypatch.setattr(module, "BATCH", 3)
    path = desk.deliver(1, [desk.reporter().report() for _ in range(8)])
    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        with pytest.raises(KeyboardInterrupt):  # within the first three
            import_bundle(station, path, progress=Cut(OPENING, 2, KeyboardInterrupt()))
        assert snapshot(desk.folder) == before
        with pytest.raises(KeyboardInterrupt):  # the first three, three more, and one that is undone
            import_bundle(station, path, progress=Cut(OPENING, 4, KeyboardInterrupt()))
        assert len(list(cases.readable(station))) == 6
    assert main(["import", str(path), *desk.as_("r1")]) == 0
    assert "opening it was cut off, and went on now.\n  2 messages filed" in capsys.readouterr().out
    with unlocked("r1") as station:
        assert len(list(cases.readable(station))) == 8
        assert station.vault.rows("SELECT 1 FROM sealed") == []


def test_a_bundle_larger_than_the_disk_is_refused_before_it_is_read(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = bundle_with_evidence(desk)
    usage = os.statvfs(desk.folder)
    assert usage.f_bavail
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1_000})())
    with unlocked("r1") as station, pytest.raises(DiskFullError):
        import_bundle(station, path)


def test_a_second_file_under_the_same_id_does_not_replace_the_first(
    desk: Desk, unlocked: Unlock, tmp_path: Path
) -> None:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"asli")
    wrong = secrets.token_bytes(len(blob))
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [], [(blob_id, wrong)]))
        import_bundle(station, desk.deliver(2, [item], [(blob_id, blob)]))
        (number,) = [case.number for case in cases.readable(station)]
    assert main(["evidence", "export", str(number), "1", "--to", str(tmp_path), *desk.as_("r1")]) == 0
    assert (tmp_path / f"{number}-1-foto.jpg").read_bytes() == b"asli"


def test_a_refused_file_does_not_keep_the_others_out(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    good, damaged, last = (desk.deliver(number, [desk.reporter().report()]) for number in (1, 2, 3))
    data = damaged.read_bytes()
    damaged.write_bytes(data[:-1_100] + bytes([data[-1_100] ^ 1]) + data[-1_099:])
    absent = desk.stick / "absent.tar"
    files_named = [str(path) for path in (last, damaged, absent, good)]
    assert main(["import", *files_named, "--json", *desk.as_("r1")]) == 1
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert [one["number"] for one in answer["bundles"]] == [1, 3]
    refused = {Path(one["path"]).name: one["error"] for one in answer["refused"]}
    assert refused == {damaged.name: "DamagedBundleError", "absent.tar": "CannotReadError"}
    assert "damaged at checksums" in captured.err
    assert "bundle 2" in captured.err


def test_place_of_a_directory_or_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(StationError):
            inbox.place_of(path)


def test_an_entry_too_large_for_an_item_is_not_kept(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.deliver(1, [secrets.token_bytes(200_000), desk.reporter().report()])
    assert main(["import", str(path), *desk.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "1 not kept: too large." in shown
    assert "1 message filed" in shown


def test_a_hostile_file_name_does_not_reach_the_terminal(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.stick / "\x1b[2J\u202e.tar"
    path.write_bytes(b"nothing")
    assert main(["import", str(path), *desk.as_("r1")]) == 1
    assert not set(capsys.readouterr().err) & {"\x1b", "\u202e"}


def test_strange_things_in_the_staging_folder_are_left_alone(desk: Desk, unlocked: Unlock) -> None:
    strange = desk.folder / "staging" / "notes.txt"
    strange.touch()
    with unlocked("r1"):
        assert strange.exists()
