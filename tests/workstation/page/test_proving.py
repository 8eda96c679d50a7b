"""Checking on the page what somebody brings: pasted or from a file, and refused with the commands' words."""

import html
from pathlib import Path

from tests.workstation.office import Desk
from tests.workstation.page.client import Page
from tests.workstation.test_authorship import statement


def check(page: Page, **form: str) -> str:
    assert page.post("/check", **form).to == "/working"
    said = html.unescape(page.await_end().text)
    assert page.post("/working").to == "/check"
    return said


def test_a_statement(unlocked_page: Page, desk: Desk, tmp_path: Path) -> None:
    reporter, stranger = desk.reporter(), desk.reporter()
    unlocked_page.post("/import", path=str(desk.deliver(1, [reporter.report()])))
    unlocked_page.await_end()
    unlocked_page.post("/working")
    text = statement(reporter, "<b>Saya</b> yang menulis.")
    (tmp_path / "statement.txt").write_text(text)
    for form in ({"text": text}, {"path": str(tmp_path / "statement.txt")}):
        said = check(unlocked_page, **form)
        assert "knew the codename of case" in said
        assert "Saya" in said
    assert "no case that you can read" in check(unlocked_page, text=statement(stranger))
    assert "not a statement" in check(unlocked_page, text=text[:-9])
    for path in (str(tmp_path / "nothing"), "-", ""):
        assert "cannot be read" in check(unlocked_page, path=path)


def test_a_custody_note_and_its_file(unlocked_page: Page, case: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    unlocked_page.post(f"/cases/{case}/evidence/1", path=str(out))
    unlocked_page.await_end()
    unlocked_page.post("/working")
    (note,) = out.glob("*.custody.txt")
    (file,) = set(out.iterdir()) - {note}
    assert "this is that file" in check(unlocked_page, path=str(note), file=str(file))
    assert "The signature holds." in check(unlocked_page, text=note.read_text())
    assert "not the file of this custody note" in check(unlocked_page, path=str(note), file=str(note))
    lines = note.read_text().splitlines()
    changed = "\n".join([*lines[:-1], lines[-1][:-6] + "AAAAAA"])
    assert 'id="problem"' in check(unlocked_page, text=changed)
