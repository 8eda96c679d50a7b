"""Bundles in parts: in any order, one at a time or all at once, each taken whole or not at all."""

import errno
import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.bundle import BundleReader
from crypto.manifest import Inbound, Outbound
from crypto.open.blob import open_blob
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
from workstation import arrivals, cases, files, outbound, thread
from workstation.cli import main
from workstation.errors import (
    CutShortBundleError,
    DamagedBundleError,
    ForeignBundleError,
    NoRoomError,
    NotABundleError,
    ReusedBundleError,
    StationError,
    StickGoneError,
    WrongPartsError,
)
from workstation.inbox import import_bundle
from workstation.progress import JOINING, OPENING, READING, SETTLING, Progress
from workstation.station import Station, unlock

Unlock = Callable[[str], AbstractContextManager[Station]]


@dataclass
class Delivery:
    """A bundle of two large files and a small one, in parts on the stick; `sent` by the evidence's name."""

    desk: Desk
    paths: list[Path]
    sent: dict[str, bytes]

    def opened(self, station: Station) -> dict[str, bytes]:
        """Every piece of evidence whose file is here, opened."""
        found = {}
        for case in cases.readable(station):
            for _, _, content in thread.evidence(thread.messages(station, case)):
                for digest, _size in thread.blobs(station, content.blob):
                    data = (station.layout.evidence / digest.hex()).read_bytes()
                    found[content.untrusted_name] = b"".join(open_blob(content, io.BytesIO(data)))
        return found


def deliver(desk: Desk, number: int = 1) -> Delivery:
    reporter = desk.reporter()
    sent = {
        f"{name}-{number}.mp4": secrets.token_bytes(size)
        for name, size in (("besar", 200_000), ("kecil", 9_000), ("panjang", 200_000))
    }
    made = [reporter.evidence(data, name) for name, data in sent.items()]
    items = [reporter.report(), *(item for item, _, _ in made)]
    paths = desk.deliver_parts(number, items, [(name, blob) for _, name, blob in made])
    assert len(paths) == 6
    return Delivery(desk, paths, sent)


@pytest.fixture
def delivery(desk: Desk) -> Delivery:
    return deliver(desk)


def state(station: Station) -> dict[str, object]:
    """What an import changes, apart from random names."""
    return {
        "bundles": arrivals.arrivals(station.vault),
        "parts": station.vault.rows("SELECT part, manifest FROM parts ORDER BY part"),
        "slices": station.vault.rows("SELECT blob, part, start, size, digest FROM slices ORDER BY 1, 2"),
        "blobs": station.vault.rows("SELECT * FROM blobs ORDER BY 1"),
        "messages": station.vault.rows("SELECT item FROM messages ORDER BY 1"),
        "evidence": snapshot(station.layout.evidence),
        "staging": snapshot(station.layout.staging),
        "folders": list(station.layout.staging.iterdir()),
    }


def test_the_texts_come_with_the_first_part(delivery: Delivery, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        done = import_bundle(station, delivery.paths[0])
        assert (done.part, done.parts, done.opened.messages) == (1, 6, 4)
        assert done.blobs + done.waiting == 1


@pytest.mark.parametrize("order", [*list(permutations(range(6)))[::97], (5, 4, 3, 2, 1, 0)])
def test_any_order_ends_in_the_same_state(
    delivery: Delivery, unlocked: Unlock, order: tuple[int, ...]
) -> None:
    with unlocked("r1") as station:
        for index in order:
            assert not arrivals.arrivals(station.vault) or not arrivals.arrivals(station.vault)[0].complete
            import_bundle(station, delivery.paths[index])
        assert arrivals.arrivals(station.vault)[0].complete
        assert delivery.opened(station) == delivery.sent
        assert list(station.layout.staging.iterdir()) == []


def acknowledged(path: Path) -> int:
    with path.open("rb") as file:
        manifest = BundleReader(file).manifest
    assert isinstance(manifest, Outbound)
    return len(manifest.received)


def test_a_bundle_is_acknowledged_when_all_of_it_is_here(
    delivery: Delivery, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = delivery.desk
    with unlocked("r1") as station:
        for path in delivery.paths[1:]:
            import_bundle(station, path)
            assert acknowledged(outbound.write_bundle(station, desk.stick, TODAY).path) == 0
    assert main(["bundle", "--to", str(desk.stick), *desk.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "Not acknowledged, because parts are missing:\n  Bundle 1: parts 2–6 of 6 are here." in shown
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[0])
        assert acknowledged(outbound.write_bundle(station, desk.stick, TODAY).path) == 1
        assert acknowledged(outbound.write_bundle(station, desk.stick, TODAY).path) == 0


def test_a_stick_is_imported_whole_whatever_the_files_are_called(
    delivery: Delivery, unlocked: Unlock, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = delivery.desk
    later = deliver(desk, 2)
    for number, path in enumerate([*later.paths, *delivery.paths]):
        path.rename(desk.stick / f"peluit-in-({number}).tar")
    (desk.stick / "peluit-in-folder.tar").mkdir()
    (desk.stick / "holiday.tar").write_bytes(b"not ours")
    assert main(["import", str(desk.stick), "--json", *desk.as_("r1")]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(one["number"], one["part"]) for one in answer["bundles"]] == [
        (number, part) for number in (1, 2) for part in range(1, 7)
    ]
    assert [one["complete"] for one in answer["arrivals"]] == [True, True]
    assert answer["refused"] == []
    with unlocked("r1") as station:
        assert delivery.opened(station) == delivery.sent | later.sent
    assert main(["import", str(tmp_path), *desk.as_("r1")]) == 1
    assert "there is no file named peluit-in-….tar" in capsys.readouterr().err


def test_which_parts_are_here_and_which_are_missing(
    delivery: Delivery, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, (one, _, three, *_) = delivery.desk, delivery.paths
    assert main(["bundles", *desk.as_("r1")]) == 0
    assert capsys.readouterr().out == "No bundle has been imported yet.\n"
    assert main(["import", str(three), str(one), *desk.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "Bundle 1: parts 1 and 3 of 6 are here. Still to come: 2, 4–6." in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert main(["import", str(one), *desk.as_("r1")]) == 0
    assert "Bundle 1, part 1 of 6: already imported, nothing changed." in capsys.readouterr().out
    assert main(["bundles", *desk.as_("r1"), "--lang", "id"]) == 0
    assert "2 dari 6" in capsys.readouterr().out
    assert main(["import", *map(str, delivery.paths), *desk.as_("r1"), "--lang", "id"]) == 0
    assert "Bundel 1 lengkap: semua 6 bagian sudah di sini." in capsys.readouterr().out
    assert main(["bundles", "--json", *desk.as_("r1")]) == 0
    (answer,) = json.loads(capsys.readouterr().out)["bundles"]
    assert (answer["complete"], answer["missing_parts"], answer["confirmed_in"]) == (True, [], None)


def test_a_part_again_changes_nothing(delivery: Delivery, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        for path in delivery.paths[:3]:
            import_bundle(station, path)
        before = snapshot(delivery.desk.folder)
        for path in delivery.paths[:3]:
            assert import_bundle(station, path).already
        assert snapshot(delivery.desk.folder) == before


def manifest_in(path: Path) -> Inbound:
    with path.open("rb") as file:
        manifest = BundleReader(file).manifest
    assert isinstance(manifest, Inbound)
    return manifest


def entries_in(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        reader = BundleReader(file)
        return {entry.path: b"".join(pieces) for entry, pieces in reader.entries()}


def forged(path: Path, **change: object) -> Path:
    """The part with another manifest, and checksums that fit it: only a server could make it."""
    data = {
        entry.path: bytes(entry.start) + entries_in(path)[entry.path] for entry in manifest_in(path).entries
    }
    made = path.with_name(f"forged-{secrets.token_hex(4)}.tar")
    made.write_bytes(inbound(replace(manifest_in(path), **change), data))  # type: ignore[arg-type]
    return made


def test_other_contents_under_a_known_bundle_and_part(delivery: Delivery, unlocked: Unlock) -> None:
    first, second, third = delivery.paths[:3]
    with unlocked("r1") as station:
        import_bundle(station, second)
        before = snapshot(delivery.desk.folder)
        for change in (
            {"entries": manifest_in(second).entries[:-1]},
            {"parts": 7},
            {"number": 2},
            {"day": "2026-01-01"},
            {"part": 3, "parts": 4},
        ):
            with pytest.raises(ReusedBundleError):
                import_bundle(station, forged(second, **change))
        assert snapshot(delivery.desk.folder) == before
        import_bundle(station, first)
        import_bundle(station, third)


def test_parts_of_another_office_or_installation(
    delivery: Delivery, unlocked: Unlock, tmp_path: Path
) -> None:
    place = tmp_path / "other"
    place.mkdir()
    theirs = deliver(make_desk(place, reviewers=1, epochs=1))
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[0])
        for path in (theirs.paths[1], forged(delivery.paths[1], office="dinas-lain")):
            with pytest.raises(ForeignBundleError):
                import_bundle(station, path)
        for path in delivery.paths[1:]:
            import_bundle(station, path)
        assert delivery.opened(station) == delivery.sent


def test_slices_that_do_not_fit_are_refused_before_anything_is_written(
    delivery: Delivery, unlocked: Unlock
) -> None:
    """Overlapping, of another whole size, or leaving a hole when the last part is here."""
    paths = delivery.paths
    sliced = next(path for path in paths[1:] if manifest_in(path).entries[0].is_slice)
    (slice_, *rest) = manifest_in(sliced).entries
    with unlocked("r1") as station:
        import_bundle(station, paths[0])
        if paths.index(sliced) > 1:
            import_bundle(station, paths[1])
        before = snapshot(delivery.desk.folder)
        for wrong in (
            replace(slice_, start=slice_.start - 1),
            replace(slice_, start=0),
            replace(slice_, whole=slice_.whole + 1),
        ):
            with pytest.raises(WrongPartsError):
                import_bundle(station, forged(sliced, entries=(wrong, *rest)))
        assert snapshot(delivery.desk.folder) == before
        for path in paths[:-1]:
            import_bundle(station, path)
        with pytest.raises(WrongPartsError):
            import_bundle(station, forged(paths[-1], entries=()))
        import_bundle(station, paths[-1])
        assert delivery.opened(station) == delivery.sent


def test_slices_swapped_between_blobs_are_known_by_their_checksums(
    delivery: Delivery, unlocked: Unlock
) -> None:
    """The end of one blob and the beginning of the next, in the middle of one part."""
    path = next(p for p in delivery.paths[1:] if sum(e.is_slice for e in manifest_in(p).entries) == 2)
    one, *_, two = (entry for entry in manifest_in(path).entries if entry.is_slice)
    data = bytearray(path.read_bytes())
    bodies = entries_in(path)
    size = min(one.size, two.size)
    first, second = (data.index(bodies[entry.path][:64]) for entry in (one, two))
    data[first : first + size], data[second : second + size] = (
        data[second : second + size],
        data[first : first + size],
    )
    good = path.read_bytes()
    with unlocked("r1") as station:
        path.write_bytes(data)
        with pytest.raises(DamagedBundleError) as caught:
            import_bundle(station, path)
        assert caught.value.details["entry"] == one.path
        path.write_bytes(good)
        for each in delivery.paths:
            import_bundle(station, each)
        assert delivery.opened(station) == delivery.sent


def test_a_damaged_part_is_named_and_the_others_are_taken(
    delivery: Delivery, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, damaged = delivery.desk, delivery.paths[3]
    good = damaged.read_bytes()
    at = good.index(next(iter(entries_in(damaged).values()))[:64])
    damaged.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
    assert main(["import", str(desk.stick / "peluit-in-nothing.tar"), str(desk.stick), *desk.as_("r1")]) == 1
    said = capsys.readouterr()
    assert "Bundle 1: parts 1–3, 5 and 6 of 6 are here. Still to come: 4." in said.out
    assert f"{damaged} (bundle 1, part 4) is damaged at blobs/" in said.err
    assert "peluit-in-nothing.tar cannot be read" in said.err
    damaged.write_bytes(good)
    assert main(["import", str(desk.stick), *desk.as_("r1")]) == 0
    with unlocked("r1") as station:
        assert delivery.opened(station) == delivery.sent


def test_a_part_cut_at_any_kind_of_byte(delivery: Delivery, unlocked: Unlock) -> None:
    """In headers, bodies, fills, checksums and the end: always said, and nothing taken."""
    path = delivery.paths[2]
    whole = path.read_bytes()
    places = {0, 1, 511, 512, 513, 600, 1_024, 1_500, 5_000, len(whole) // 2}
    places |= {len(whole) - left for left in (1, 512, 1_023, 1_024, 1_025, 1_300, 1_536, 1_800, 2_048)}
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[1])
        before = snapshot(delivery.desk.folder)
        for size in sorted(places):
            path.write_bytes(whole[:size])
            with pytest.raises((CutShortBundleError, NotABundleError)) as caught:
                import_bundle(station, path)
            if size >= 1_500:
                assert "(bundle 1, part 3) ends too early" in str(caught.value)
            assert snapshot(delivery.desk.folder) == before
        path.write_bytes(whole)
        import_bundle(station, path)


class Hook(Progress):
    """Does something at one place of an import."""

    def __init__(self, step: str, after: int, action: Callable[[], None]) -> None:
        self.step, self.after, self.action = step, after, action
        self.now, self.count = "", 0

    def begin(self, step: str, items: int, size: int = 0) -> None:
        self.now, self.count = step, 0
        self.advance(0)

    def advance(self, items: int, size: int = 0) -> None:
        self.count += items
        if self.now == self.step and self.count >= self.after:
            self.now = ""
            self.action()


@contextmanager
def failing_reads(path: Path, after: int, error: int) -> Iterator[None]:
    """The stick that holds `path` is pulled out after so many bytes."""
    real = Path.open

    class Stick(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= after:
                raise OSError(error, os.strerror(error))
            return super().read(-1 if size is None else size) or b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", lambda p, *a, **k: Stick(p) if p == path else real(p, *a, **k))
        yield


@pytest.mark.parametrize("error", [errno.EIO, errno.ENODEV, errno.ENXIO])
def test_a_stick_that_is_pulled_out(
    delivery: Delivery, unlocked: Unlock, capsys: pytest.CaptureFixture[str], error: int
) -> None:
    desk, pulled = delivery.desk, delivery.paths[2]
    with failing_reads(pulled, 30_000, error):
        assert main(["import", *map(str, delivery.paths[:3]), *desk.as_("r1")]) == 1
    said = capsys.readouterr()
    assert "could not be read to its end: the disk or stick is faulty, or was taken out." in said.err
    assert "repeat the command with the same files" in said.err
    assert "Bundle 1: parts 1 and 2 of 6 are here." in said.out
    assert main(["import", *map(str, delivery.paths), *desk.as_("r1")]) == 0
    with unlocked("r1") as station:
        assert delivery.opened(station) == delivery.sent


def test_a_file_that_shrinks_while_it_is_read(delivery: Delivery, unlocked: Unlock) -> None:
    path = delivery.paths[0]
    whole = path.read_bytes()
    with unlocked("r1") as station:
        before = snapshot(delivery.desk.folder)
        with pytest.raises(StickGoneError):
            import_bundle(station, path, progress=Hook(READING, 1, lambda: os.truncate(path, 20_000)))
        assert snapshot(delivery.desk.folder) == before
        path.write_bytes(whole)
        import_bundle(station, path)


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


@pytest.mark.parametrize("part", [0, 2, 5])
@pytest.mark.parametrize(
    ("step", "after", "taken"),
    [
        *((READING, 0, False), (READING, 1, False), (JOINING, 0, False), (OPENING, 0, False)),
        *((SETTLING, 0, True), (SETTLING, 1, True)),
    ],
)
def test_a_part_whose_import_is_killed(
    delivery: Delivery, unlocked: Unlock, part: int, step: str, after: int, taken: bool
) -> None:
    """The slices that came before stay, the killed part is there or not, and it all ends well."""
    paths = [path for path in delivery.paths if path != delivery.paths[part]]
    with unlocked("r1") as station:
        for path in paths:
            import_bundle(station, path)
        slices = snapshot(station.layout.staging)
    words = [delivery.desk.folder, PASSPHRASE.format("r1"), delivery.paths[part], step, str(after)]
    ended = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], cwd=Path.cwd(), check=False)
    assert ended.returncode == -signal.SIGKILL
    with unlocked("r1") as station:
        assert arrivals.arrivals(station.vault)[0].complete is taken
        assert set(snapshot(station.layout.staging)) == (set() if taken else set(slices))
        assert import_bundle(station, delivery.paths[part]).already is taken
        assert delivery.opened(station) == delivery.sent
        assert list(station.layout.staging.iterdir()) == []


@contextmanager
def full_disk_at(call: int) -> Iterator[None]:
    """No more room from so many writes on."""
    calls = iter(range(10_000))
    real = files.write_all

    def full(descriptor: int, data: bytes) -> None:
        if next(calls) >= call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "write_all", full)
        yield


def test_a_disk_that_fills_up_at_each_write(delivery: Delivery, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        for path in delivery.paths:
            for call in range(100):
                before = snapshot(delivery.desk.folder)
                try:
                    with full_disk_at(call):
                        import_bundle(station, path)
                    break
                except NoRoomError as error:
                    assert "kB of room" in str(error)
                missing = set(before) ^ set(snapshot(delivery.desk.folder))
                assert not missing
        assert delivery.opened(station) == delivery.sent


def test_a_vault_that_cannot_grow(delivery: Delivery, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[1])
        before = snapshot(delivery.desk.folder)
        station.vault.rows(f"PRAGMA max_page_count = {station.vault.value('PRAGMA page_count')}")
        with pytest.raises(NoRoomError):
            import_bundle(station, delivery.paths[0])
        after = snapshot(delivery.desk.folder)
        assert set(after) == set(before)
        assert after["vault.db"] == before["vault.db"]
        station.vault.rows("PRAGMA max_page_count = 1000000")
        for path in delivery.paths:
            import_bundle(station, path)
        assert delivery.opened(station) == delivery.sent


def test_how_much_room_is_needed_is_said_before_reading(
    delivery: Delivery, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1_000})()
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: usage)
    assert main(["import", str(delivery.paths[1]), *delivery.desk.as_("r1")]) == 1
    said = capsys.readouterr().err
    assert "needs 9" in said
    assert "kB of room on this computer's disk" in said


MISHAPS = st.sampled_from(["none", "none", "cut", "damage", "pull", "full", "stop", "again"])
STEPS = st.sampled_from([READING, JOINING, OPENING])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), data=st.data())
def test_whatever_happens_on_the_way_the_end_is_the_same(
    delivery: Delivery, tmp_path: Path, order: list[int], data: st.DataObject
) -> None:
    """Parts in any order, with any mishap before each, against a station that took them in order."""
    ends = []
    for name, troubled in (("smooth", False), ("troubled", True)):
        folder = tmp_path / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(delivery.desk.folder, folder)
        for index in order if troubled else range(6):
            path = delivery.paths[index]
            with unlock(folder, "r1", PASSPHRASE.format("r1")) as station:
                if troubled:
                    meet(station, path, data.draw(MISHAPS), data)
                import_bundle(station, path)
        with unlock(folder, "r1", PASSPHRASE.format("r1")) as station:
            assert delivery.opened(station) == delivery.sent
            ends.append(state(station))
    assert ends[0] == ends[1]


class Stopped(Exception):
    pass


def stop() -> None:
    raise Stopped


def meet(station: Station, path: Path, mishap: str, data: st.DataObject) -> None:
    """One try to import a part that goes wrong (or, if it may, right)."""
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    try:
        if mishap == "cut":
            path.write_bytes(whole[:place])
        elif mishap == "damage":
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        if mishap in ("cut", "damage"):
            with pytest.raises(StationError):
                import_bundle(station, path)
        elif mishap == "pull":
            with failing_reads(path, place, errno.EIO), pytest.raises(StationError):
                import_bundle(station, path)
        elif mishap == "full":
            with full_disk_at(data.draw(st.integers(0, 3))), pytest.raises(NoRoomError):
                import_bundle(station, path)
                raise NoRoomError  # it had fewer writes than that
        elif mishap == "stop":
            try:
                import_bundle(station, path, progress=Hook(data.draw(STEPS), 0, stop))
            except Stopped:
                assert manifest_in(path).part not in arrivals_here(station)
        elif mishap == "again":
            import_bundle(station, path)
    finally:
        path.write_bytes(whole)


def arrivals_here(station: Station) -> tuple[int, ...]:
    found = arrivals.arrivals(station.vault)
    return found[0].here if found else ()


def test_two_bundles_at_once_do_not_mix(desk: Desk, unlocked: Unlock) -> None:
    """The same blob in slices of two bundles, cut at other places."""
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(secrets.token_bytes(200_000), "dua.mp4")
    one = desk.deliver_parts(1, [reporter.report(), item], [(name, blob)], 100_000)
    two = desk.deliver_parts(2, [], [(name, blob)], 50_000)
    with unlocked("r1") as station:
        for first, second in zip(one, two, strict=False):
            import_bundle(station, first)
            import_bundle(station, second)
        done = [import_bundle(station, path) for path in two[len(one) :]]
        assert all(arrival.complete for arrival in arrivals.arrivals(station.vault))
        assert done[-1].duplicates == 1
        assert len(list(station.layout.evidence.iterdir())) == 1
        assert list(station.layout.staging.iterdir()) == []


def test_an_older_bundle_may_be_completed_without_being_asked(delivery: Delivery, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        import_bundle(station, delivery.paths[0])
        import_bundle(station, delivery.desk.deliver(2, []))
        for path in delivery.paths[1:]:
            import_bundle(station, path)
        assert arrivals.arrivals(station.vault)[0].complete


def test_strange_numbers_of_parts_are_told_without_ado(desk: Desk, unlocked: Unlock) -> None:
    """A manifest may claim 65,536 parts: the list of what is missing stays short."""
    manifest, contents = manifest_of(desk.held, 1, [desk.reporter().report()])
    path = desk.stick / f"peluit-in-{OFFICE}-1-9of65536.tar"
    path.write_bytes(inbound(replace(manifest, part=9, parts=65_536), contents))
    with unlocked("r1") as station:
        import_bundle(station, path)
    assert main(["bundles", *desk.as_("r1")]) == 0
