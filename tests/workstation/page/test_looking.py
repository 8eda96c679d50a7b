"""Looking at evidence on the page, and writing it out: long work that holds up nobody and can be stopped."""

import hashlib
import os
import re
import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workstation.office import Desk
from tests.workstation.page.client import Answer, Page
from tests.workstation.viewing.conftest import pdf
from tests.workstation.viewing.test_sandbox import commands
from workstation import texts
from workstation.page import looked
from workstation.viewing import rendering, sandbox
from workstation.viewing.labels import telling

AUTHOR = "Sekretaris <b>Dinas</b>"
LETTER = pdf(3).replace(b"trailer << ", b"trailer << /Info << /Author (" + AUTHOR.encode() + b") >> ")
SLEEP = "sleep 4344"


def look(page: Page, path: str) -> Answer:
    """Follows the page to where it leads, however long it works."""
    answer = page.ask(path)
    while answer.to is not None:
        if page.session.work is not None:
            page.session.work.join()
        answer = page.ask(answer.to)
    return answer


@pytest.fixture
def letter(unlocked_page: Page, desk: Desk) -> Iterator[str]:
    """The address of a case with a PDF of three pages and a text."""
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(LETTER, "surat.pdf")
    other, other_id, other_blob = reporter.evidence(b"catatan", "catatan.txt")
    bundle = desk.deliver(1, [reporter.report(), item, other], [(blob_id, blob), (other_id, other_blob)])
    unlocked_page.post("/import", path=str(bundle))
    unlocked_page.await_end()
    unlocked_page.post("/working")
    (number,) = re.findall(r'data-case="(\d+)"', unlocked_page.ask("/cases").text)
    yield f"/cases/{number}"


def test_pages_are_drawn_one_by_one_with_the_hidden_data(unlocked_page: Page, letter: str) -> None:
    first = look(unlocked_page, f"{letter}/evidence/1/view")
    assert "Kind by its bytes: PDF. Page 1 of 3." in first.text
    assert re.search(r">Author</th><td><bdi>Sekretaris &lt;b&gt;Dinas&lt;/b&gt;</bdi>", first.text)
    picture = unlocked_page.ask(f"{letter}/evidence/1/page-1.png")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    for other in ("1/page-2.png", "2/page-1.png", "9/page-1.png"):
        assert unlocked_page.ask(f"{letter}/evidence/{other}").status == 404
    assert 'id="previous-page"' not in first.text
    assert 'id="next-page"' in first.text
    last = look(unlocked_page, f"{letter}/evidence/1/view?page=3")
    assert "Page 3 of 3" in last.text
    assert 'id="next-page"' not in last.text
    assert unlocked_page.ask(f"{letter}/evidence/1/view").status == 200, "kept, not drawn again"
    assert "catatan" in look(unlocked_page, f"{letter}/evidence/2/view").text
    assert unlocked_page.ask(f"{letter}/evidence/1/page-1.png").status == 404
    assert "There is no page 4" in look(unlocked_page, f"{letter}/evidence/1/view?page=4").text


def test_of_many_pages_the_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "_MOST_PAGES", 2)
    drawn = rendering.NotShownError(reason="x")
    found = looked.Looked(1, 1, ())
    for number in (1, 2, 1, 3):
        found = found.with_page(number, drawn)
    assert list(found.pages) == [1, 3]


def test_drawing_holds_up_nobody_and_stopping_ends_the_sandbox(
    unlocked_page: Page, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_PDF_PAGE", SLEEP)
    assert unlocked_page.ask(f"{letter}/evidence/1/view").to == "/working"
    inside = 0
    while not inside:
        shown = unlocked_page.ask("/working")
        assert 'id="stop"' in shown.text
        inside = next((pid for pid, line in commands().items() if line == b"sleep\x004344\0"), 0)
    process = os.pidfd_open(inside)
    try:
        assert unlocked_page.post("/working").to == "/working"
        ended, _, _ = select.select([process], [], [], 60)
        assert ended
    finally:
        os.close(process)
    assert "Stopped." in unlocked_page.ask("/working").text
    assert unlocked_page.post("/working").to == letter


def test_locking_ends_the_sandbox_too(
    unlocked_page: Page, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_PDF_PAGE", SLEEP)
    unlocked_page.ask(f"{letter}/evidence/1/view")
    work = unlocked_page.session.work
    assert work is not None and work.running
    assert unlocked_page.post("/lock").to == "/unlock"
    assert not work.running


def test_what_is_missing_is_said_and_can_be_tried_again(
    unlocked_page: Page, letter: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(sandbox, "PROGRAMS", tmp_path)
        said = look(unlocked_page, f"{letter}/evidence/1/view").text
    assert said.count("sudo apt-get install bubblewrap util-linux poppler-utils") == 1
    assert said.count("sudo apt-get install bubblewrap util-linux libimage-exiftool-perl") == 1
    assert "Page 1 of 3" not in look(unlocked_page, f"{letter}/evidence/1/view").text
    again = look(unlocked_page, f"{letter}/evidence/1/view?page=1&again=").text
    assert "Page 1 of 3" in again
    assert ">Author</th>" in again


def test_a_cleaned_copy_and_a_check(unlocked_page: Page, letter: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    unlocked_page.post(f"{letter}/evidence/1", kind="cleaned", path=str(out), step="write")
    said = unlocked_page.await_end().text
    assert hashlib.sha256(LETTER).hexdigest() in said
    assert "not the original" in said
    (copy,) = out.iterdir()
    assert copy.name.startswith("BERSIH-CLEANED-")
    assert AUTHOR.encode() not in copy.read_bytes()
    assert unlocked_page.post("/working").to == letter
    unlocked_page.post(f"{letter}/evidence/1", step="check")
    assert "Evidence 1: intact" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    assert len(list(out.iterdir())) == 1
    assert unlocked_page.post(f"{letter}/evidence/1", kind="other", path=str(out)).status == 400
    unlocked_page.post(f"{letter}/evidence/1", kind="original", path=str(out), step="write")
    assert "Custody note, signed" in unlocked_page.await_end().text
    assert sum(path.name.endswith(".custody.txt") for path in out.iterdir()) == 1


def test_hidden_data_in_plain_words() -> None:
    lines = (
        "[ExifIFD]       SerialNumber                    : 0815",
        "[IFD0]          Model                           : Kamera: satu",
        "[MakerNotes]    SerialNumber                    : 0815",
        "[PDF]           Creator                         : Writer",
        "[XMP-dc]        Creator                         : Ani",
        "[File]          FileType                        : JPEG",
        "[PDF]           Author                          : ",
        "no line of a report",
    )
    assert telling(lines) == [
        ("Author", ["Ani"]),
        ("Device", ["Kamera: satu"]),
        ("Serial number", ["0815"]),
        ("Program", ["Writer"]),
    ]
    texts.use("id")
    assert telling(lines)[0][0] == "Penulis"
