"""`station view`, `clean` and `custody`, and what they leave on the disk."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.privacy.canaries import Search
from tests.workstation.office import TODAY, Desk, make_desk
from tests.workstation.viewing.conftest import pdf, picture
from workstation import cases, evidence, viewing
from workstation.cli import main
from workstation.errors import EvidenceDamagedError, TooLargeToShowError
from workstation.inbox import import_bundle
from workstation.station import Station
from workstation.viewing import cleaned, metadata, showing

Unlock = Callable[[str], AbstractContextManager[Station]]
CANARY = "KENARI-di-dalam-bukti"
NAME = "../surat\u202etxt.pdf"


def letter() -> bytes:
    return pdf(2).replace(b"trailer << ", b"trailer << /Info << /Author (" + CANARY.encode() + b") >> ")


def arrived(desk: Desk, unlocked: Unlock, data: bytes, name: str = NAME) -> int:
    """The number of a case with this file as its evidence 1."""
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(data, name)
    with unlocked("r1") as station:
        path = desk.deliver(1, [reporter.report(), item], [(blob_id, blob)])
        (number,) = import_bundle(station, path).opened.cases
    return number


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_page_its_picture_and_its_hidden_data(
    desk: Desk, unlocked: Unlock, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(arrived(desk, unlocked, letter()))
    me = desk.as_("r1")
    assert main(["view", case, "1", "--page", "2", *me]) == 0
    said = capsys.readouterr().out
    assert "Kind by its bytes: PDF. Page 2 of 2." in said
    assert "--to DIR" in said
    assert CANARY in said
    assert main(["view", case, "1", "--to", str(out), "--json", *me]) == 0
    document = json.loads(capsys.readouterr().out)
    (written,) = out.iterdir()
    assert written.name == f"{case}-1-surattxt.pdf.1.png"
    assert written.stat().st_mode & 0o777 == 0o600
    assert (document["path"], document["kind"], document["pages"]) == (str(written), "pdf", 2)
    assert main(["view", case, "1", "--page", "3", *me]) == 2
    assert "There is no page 3; this file has 2." in capsys.readouterr().err
    assert main(["view", case, "1", "--lang", "id", *me]) == 0
    assert "Halaman 1 dari 2" in capsys.readouterr().out


def test_a_cleaned_copy_lies_beside_and_says_what_it_is(
    desk: Desk, unlocked: Unlock, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(arrived(desk, unlocked, letter()))
    assert main(["clean", case, "1", "--to", str(out), *desk.as_("r1")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    (copy,) = out.iterdir()
    assert copy.name == f"BERSIH-CLEANED-{case}-1-surattxt.pdf"
    assert hashlib.sha256(letter()).hexdigest() in said
    assert CANARY.encode() not in copy.read_bytes()


def test_an_export_has_a_signed_custody_note(
    desk: Desk, unlocked: Unlock, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(arrived(desk, unlocked, letter()))
    assert main(["evidence", "export", case, "1", "--to", str(out), "--json", *desk.as_("r1")]) == 0
    done = json.loads(capsys.readouterr().out)
    note, file = Path(done["custody"]), Path(done["path"])
    assert note.name == file.name + ".custody.txt"
    assert file.read_bytes() == letter()
    text = note.read_text()
    assert f"Taken out on {TODAY} by r1" in text
    assert "../surat‹U+202E›txt.pdf" in text
    assert hashlib.sha256(letter()).hexdigest() in text
    for reviewer in ("r1", "r2"):
        assert main(["custody", str(note), str(file), "--json", *desk.as_(reviewer)]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["case"], found["evidence"], found["reviewer"]) == (int(case), 1, "r1")
        assert (found["day"], found["size"], found["name"]) == (TODAY, len(letter()), NAME)
    assert main(["custody", str(note), *desk.as_("r2")]) == 0
    assert "The signature holds." in capsys.readouterr().out
    file.write_bytes(letter() + b"x")
    assert main(["custody", str(note), str(file), *desk.as_("r1")]) == 1
    assert "is not the file of this custody note" in capsys.readouterr().err


def test_a_custody_note_that_was_changed_proves_nothing(
    desk: Desk, unlocked: Unlock, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = arrived(desk, unlocked, letter())
    with unlocked("r1") as station:
        note = evidence.export(station, cases.find(station, case), 1, out).custody
    assert note is not None
    *words, line = note.read_text().rstrip().split("\n")
    changed = [line[:-1] + ("A" if line[-1] != "A" else "B"), line[:60] + line[61:], line[:-8], "", "words"]
    middle = line[:40] + ("A" if line[40] != "A" else "B") + line[41:]
    for wrong in (*changed, middle):
        note.write_text("\n".join([*words, wrong]))
        assert main(["custody", str(note), *desk.as_("r1")]) == 1
        assert "custody note" in capsys.readouterr().err
    for raw in (b"\xff\xfe", b"peluit-custody-1:" + b"A" * 70_000):
        note.write_bytes(raw)
        assert main(["custody", str(note), *desk.as_("r1")]) == 1
    (tmp_path / "other").mkdir()
    other = make_desk(tmp_path / "other")
    note.write_text("\n".join([*words, line]))
    assert main(["custody", str(note), *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["custody", str(note), *other.as_("r1")]) == 1
    assert "no reviewer of this office" in capsys.readouterr().err


@pytest.mark.parametrize("family", ["unknown", "pdf", "picture"])
def test_viewing_and_cleaning_leave_nothing_on_the_disk(
    desk: Desk, unlocked: Unlock, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    """Every folder for temporary files leads to one that is searched, and no program makes a file in it."""
    places = tmp_path / "places"
    places.mkdir(mode=0o777)
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(places))
    monkeypatch.setattr(tempfile, "tempdir", str(places))
    words = CANARY.encode()
    data = {"unknown": b"\0\1" + words, "pdf": letter(), "picture": picture() + words}[family]
    number = arrived(desk, unlocked, data)
    common = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    before = {path for place in common for path in place.iterdir()}
    with unlocked("r1") as station:
        case = cases.find(station, number)
        assert viewing.view(station, case, 1).family == family
        metadata.metadata(station, case, 1)
        if family != "unknown":
            cleaned.write(station, case, 1, out)
    search = Search([CANARY])
    assert search.tree(tmp_path) == set()
    for new in {path for place in common for path in place.iterdir()} - before:  # other programs are at work
        assert new.is_dir() or not search.data([new.read_bytes()], str(new))
    assert not list(places.rglob("*"))
    (places / "planted").write_bytes(data)
    assert search.tree(tmp_path)


def test_large_and_damaged_evidence_is_not_shown(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = arrived(desk, unlocked, letter())
    with unlocked("r1") as station:
        case = cases.find(station, number)
        with monkeypatch.context() as patch, pytest.raises(TooLargeToShowError, match="evidence export"):
            patch.setattr(showing, "LARGEST", 100)
            viewing.view(station, case, 1)
        (blob,) = (desk.folder / "evidence").iterdir()
        sealed = bytearray(blob.read_bytes())
        sealed[40] ^= 1
        blob.write_bytes(sealed)
        with pytest.raises(EvidenceDamagedError):
            viewing.view(station, case, 1)
