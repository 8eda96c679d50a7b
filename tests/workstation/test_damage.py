"""Damaged evidence: named in full, recovered only on request, and never to be taken for the original."""

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from crypto.constants import CHUNK_SIZE
from crypto.message import Evidence
from crypto.open.blob import SEALED_CHUNK_SIZE as STEP
from tests.workstation.office import Desk
from workstation import cases, evidence, files, texts
from workstation.cases import Case
from workstation.cli import main
from workstation.damage import Damage
from workstation.errors import DiskFullError, EvidenceDamagedError, EvidenceLostError
from workstation.inbox import import_bundle
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
SIZE = 4 * CHUNK_SIZE + 500_000
DATA = secrets.token_bytes(SIZE)
MARK = "TIDAK-LENGKAP-INCOMPLETE-"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def imported(station: Station, desk: Desk, *blobs: bytes) -> Case:
    """A case with one piece of evidence, DATA; `blobs` come under its id in place of the right one."""
    reporter = desk.reporter()
    item, name, right = reporter.evidence(DATA, "video penyerahan.mp4")
    for number, blob in enumerate(blobs or [right], 1):
        items = [reporter.report(), item] if number == 1 else []
        import_bundle(station, desk.deliver(number, items, [(name, blob)]))
    (case,) = cases.readable(station)
    return case


def damaged(desk: Desk, *chunks: int, length: int | None = None, behind: bytes = b"") -> None:
    """Damages the one file that the station has."""
    (path,) = (desk.folder / "evidence").iterdir()
    blob = bytearray(path.read_bytes())
    for chunk in chunks:
        blob[chunk * STEP + 1234] ^= 1
    path.write_bytes(bytes(blob[:length]) + behind)


def zeroed(*chunks: int) -> bytes:
    data = bytearray(DATA)
    for chunk in chunks:
        data[chunk * CHUNK_SIZE : (chunk + 1) * CHUNK_SIZE] = bytes(
            min(CHUNK_SIZE, SIZE - chunk * CHUNK_SIZE)
        )
    return bytes(data)


def test_all_damaged_chunks_are_named(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        damaged(desk, 1, 2, 4)
        with pytest.raises(EvidenceDamagedError) as caught:
            evidence.export(station, case, 1, out)
    assert str(caught.value) == (
        "Evidence 1 is damaged: chunks 2 to 3 of 5 (bytes 1,048,576 to 3,145,727); "
        "chunk 5 of 5 (bytes 4,194,304 to 4,694,303). Nothing was written. "
        "Import its bundle with --again, if it is still there; or, to save the rest, add --incomplete."
    )
    assert list(out.iterdir()) == []


def test_the_intact_rest_is_recovered_and_marked(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        damaged(desk, 1, 4)
        done = [evidence.export(station, case, 1, out, recover=True) for _ in range(2)]
    stem = f"{MARK}{case.number}-1-video penyerahan"
    assert [one.path.name for one in done] == [f"{stem}.mp4", f"{stem} (2).mp4"]
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [f"{stem}.mp4", f"{stem}.mp4.txt", f"{stem} (2).mp4", f"{stem} (2).mp4.txt"]
    )
    for one in done:
        assert one.path.read_bytes() == zeroed(1, 4)
        assert one.path.stat().st_mode & 0o777 == 0o600
        assert one.sha256 == hashlib.sha256(zeroed(1, 4)).digest()
        assert one.note is not None
        assert one.note.stat().st_mode & 0o777 == 0o600
        note = one.note.read_text()
        for needed in (
            "must not be taken for it",
            f"Evidence 1 of case {case.number}",
            "3 of 5 chunks",
            "chunk 2 of 5 (bytes 1,048,576 to 2,097,151)",
            "chunk 5 of 5 (bytes 4,194,304 to 4,694,303)",
            one.sha256.hex(),
        ):
            assert needed in note


def test_a_cut_file_is_recovered_up_to_the_cut(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        damaged(desk, 0, length=3 * STEP + 5)
        done = evidence.export(station, case, 1, out, recover=True)
    assert done.path.read_bytes() == zeroed(0)[: 3 * CHUNK_SIZE]
    assert done.note is not None
    assert "missing at the end: chunks 4 to 5 of 5 (bytes 3,145,728 to 4,694,303)" in done.note.read_text()


def test_more_than_was_sent_is_marked_too(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        damaged(desk, behind=bytes(9))
        with pytest.raises(EvidenceDamagedError, match="9 bytes too many at the end"):
            evidence.export(station, case, 1, out)
        done = evidence.export(station, case, 1, out, recover=True)
    assert done.path.read_bytes() == DATA
    assert done.path.name.startswith(MARK)


def test_nothing_damaged_makes_an_ordinary_export(desk: Desk, unlocked: Unlock, out: Path) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        done = evidence.export(station, case, 1, out, recover=True)
    assert done.note is None
    name = f"{case.number}-1-video penyerahan.mp4"
    assert {path.name for path in out.iterdir()} == {name, f"{name}.custody.txt"}
    assert done.path.read_bytes() == DATA


@pytest.mark.parametrize("recover", [True, False])
def test_when_nothing_opens_nothing_is_written(
    desk: Desk, unlocked: Unlock, out: Path, recover: bool
) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk, secrets.token_bytes(3 * STEP))
        with pytest.raises(EvidenceLostError):
            evidence.export(station, case, 1, out, recover=recover)
    assert list(out.iterdir()) == []


def test_a_file_that_only_claims_to_be_large(desk: Desk, unlocked: Unlock, out: Path) -> None:
    """The disk need not hold what was never sent."""
    reporter = desk.reporter()
    _, name, blob = reporter.evidence(DATA)
    said = Evidence(name, bytes(32), "besar.bin", "", 2**40, bytes(32))
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [reporter.seal(said)], [(name, blob)]))
        (case,) = cases.readable(station)
        with pytest.raises(EvidenceLostError):
            evidence.export(station, case, 1, out, recover=True)


def test_of_two_damaged_files_the_better_one_is_recovered(desk: Desk, unlocked: Unlock, out: Path) -> None:
    reporter = desk.reporter()
    item, name, right = reporter.evidence(DATA)
    worse, better = bytearray(right), bytearray(right)
    for chunk in (0, 1, 3):
        worse[chunk * STEP] ^= 1
    better[2 * STEP] ^= 1
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [reporter.report(), item], [(name, bytes(worse))]))
        import_bundle(station, desk.deliver(2, [], [(name, bytes(better))]))
        import_bundle(station, desk.deliver(3, [], [(name, secrets.token_bytes(len(right)))]))
        (case,) = cases.readable(station)
        done = evidence.export(station, case, 1, out, recover=True)
    assert done.path.read_bytes() == zeroed(2)


def test_a_note_is_not_left_alone(
    desk: Desk, unlocked: Unlock, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the last step: after the note, when the file itself gets its name."""
    real, named = files.Unnamed.name, []

    def name(self: files.Unnamed, path: Path) -> None:
        named.append(path.name)
        if not path.name.endswith(".txt"):
            raise DiskFullError
        real(self, path)

    monkeypatch.setattr(files.Unnamed, "name", name)
    with unlocked("r1") as station:
        case = imported(station, desk)
        damaged(desk, 3)
        with pytest.raises(DiskFullError):
            evidence.export(station, case, 1, out, recover=True)
    assert len(named) == 2
    assert list(out.iterdir()) == []


def test_check_reads_everything_and_writes_nothing(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        case = imported(station, desk)
        before = sorted(desk.folder.rglob("*"))
        assert not evidence.check(station, case, 1).found
        damaged(desk, 3)
        assert evidence.check(station, case, 1).damaged == [range(3, 4)]
        assert sorted(desk.folder.rglob("*")) == before


def test_many_places_are_counted() -> None:
    damage = Damage(size=100 * CHUNK_SIZE, count=100, present=90)
    for number in range(0, 90, 2):
        damage.add(number)
    assert damage.few() == [
        "missing at the end: chunks 91 to 100 of 100 (bytes 94,371,840 to 104,857,599)",
        "chunk 1 of 100 (bytes 0 to 1,048,575)",
        "chunk 3 of 100 (bytes 2,097,152 to 3,145,727)",
        "and 43 more places",
    ]
    assert len(list(damage.sentences())) == 46
    assert damage.intact == 45
    texts.use("id")
    assert damage.few()[2] == "potongan 3 dari 100 (byte 2.097.152 sampai 3.145.727)"


def ask(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> Any:
    """The JSON answer of a command that ends with this exit code."""
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_damage_on_the_command_line(
    desk: Desk, unlocked: Unlock, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with unlocked("r1") as station:
        number = str(imported(station, desk).number)
    me = desk.as_("r1")
    (found,) = ask(capsys, 0, "evidence", "check", number, *me)["evidence"]
    assert (found["number"], found["state"]) == (1, "intact")
    damaged(desk, 2)

    (found,) = ask(capsys, 3, "evidence", "check", number, "1", *me)["evidence"]
    assert found["state"] == "damaged"
    assert found["damage"]["damaged"] == [{"bytes": [2_097_152, 3_145_727], "chunks": [3, 3]}]

    assert main(["evidence", "export", number, "1", "--to", str(out), *me]) == 1
    assert "chunk 3 of 5 (bytes 2,097,152 to 3,145,727)" in capsys.readouterr().err

    said = ask(capsys, 3, "evidence", "export", number, "1", "--to", str(out), "--incomplete", *me)
    assert Path(said["path"]).read_bytes() == zeroed(2)
    assert Path(said["path"]).name.startswith(MARK)
    assert Path(said["note"]).is_file()
    assert said["incomplete"]["intact_chunks"] == 4
    assert (said["size"], said["original_size"]) == (SIZE, SIZE)


@pytest.mark.parametrize(
    ("language", "needed"),
    [
        (
            "en",
            ["Evidence 1: DAMAGED", "Evidence 2: intact (3.0 kB)", "Evidence 3: not here yet", "cannot be"],
        ),
        ("id", ["Bukti 1: RUSAK", "Bukti 2: utuh (3,0 kB)", "Bukti 3: belum ada", "tidak dapat dibaca"]),
    ],
)
def test_check_says_what_is_wrong_with_each(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str], language: str, needed: list[str]
) -> None:
    reporter = desk.reporter()
    pieces = [reporter.evidence(data) for data in (DATA, b"x" * 3_000, b"y", b"z")]
    arrived = [(name, blob) for _, name, blob in (pieces[0], pieces[1], pieces[3])]
    with unlocked("r1") as station:
        items = [reporter.report(), *(item for item, _, _ in pieces)]
        import_bundle(station, desk.deliver(1, items, arrived))
        (case,) = cases.readable(station)
    large = max((desk.folder / "evidence").iterdir(), key=lambda path: path.stat().st_size)
    blob = bytearray(large.read_bytes())
    for chunk in range(0, 4, 2):
        blob[chunk * STEP] ^= 1
    large.write_bytes(blob[:-1])
    gone = hashlib.sha256(pieces[3][2]).hexdigest()
    (desk.folder / "evidence" / gone).unlink()
    assert main(["evidence", "check", str(case.number), "--lang", language, *desk.as_("r1")]) == 3
    said = capsys.readouterr().out
    for text in needed:
        assert text in said
    assert f"evidence export {case.number} N --incomplete" in said
    assert max(len(line) for line in said.splitlines() if gone not in line) <= 80


def test_a_case_without_evidence(desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]) -> None:
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [desk.reporter().report()]))
        (case,) = cases.readable(station)
    assert main(["evidence", "check", str(case.number), *desk.as_("r1")]) == 0
    assert f"Case {case.number} has no evidence." in capsys.readouterr().out
