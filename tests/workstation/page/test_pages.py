"""The work on the page: what the commands do, with the locks that only a page needs."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.workstation.office import PASSPHRASE, Desk, slots_in
from tests.workstation.page.client import Page
from tests.workstation.page.conftest import HOSTILE
from workstation import reply_templates, texts
from workstation.errors import BusyError
from workstation.page.media import media
from workstation.station import unlock


def test_a_wrong_passphrase_is_said(page: Page) -> None:
    page.begin()
    answer = page.post("/unlock", reviewer="r1", passphrase="wrong")
    assert "The passphrase of r1 is wrong." in answer.text
    assert "This station has no reviewer" in page.post("/unlock", reviewer="../x", passphrase="a").text
    assert not page.session.unlocked
    assert page.unlock().to == "/"


def test_it_locks_itself_when_nobody_is_there(unlocked_page: Page) -> None:
    unlocked_page.hours[0] += 0.16
    assert unlocked_page.ask("/cases").headers["Refresh"] == "601; url=/unlock"
    unlocked_page.hours[0] += 0.16
    assert unlocked_page.ask("/cases").status == 200
    unlocked_page.hours[0] += 0.17
    assert unlocked_page.ask("/cases").to == "/unlock"
    assert not unlocked_page.session.unlocked


def test_writing_takes_longer(unlocked_page: Page, case: int) -> None:
    assert unlocked_page.ask(f"/cases/{case}/reply").headers["Refresh"] == "1801; url=/unlock"
    unlocked_page.hours[0] += 0.49
    assert unlocked_page.ask(f"/cases/{case}/reply").status == 200
    unlocked_page.hours[0] += 0.51
    assert unlocked_page.ask(f"/cases/{case}/reply").to == "/unlock"


def test_unlocked_it_keeps_commands_out_and_locked_it_lets_them_in(unlocked_page: Page, desk: Desk) -> None:
    with pytest.raises(BusyError), unlock(desk.folder, "r1", PASSPHRASE.format("r1")):
        pass
    unlocked_page.post("/lock")
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")):
        answer = unlocked_page.unlock()
        assert "at work in this folder" in answer.text


def test_locking_forgets_everything(unlocked_page: Page, case: int) -> None:
    unlocked_page.ask("/cases?q=bendahara")
    unlocked_page.ask("/log")
    unlocked_page.post("/lock")
    session = unlocked_page.session
    assert (session.unlocked, session.work, session.looked) == (False, None, None)
    assert session.finder.__dict__ == session.deeds.__dict__ == {"_kept": {}}


def test_a_strangers_words_are_shown_and_do_nothing(unlocked_page: Page, case: int) -> None:
    text = unlocked_page.ask(f"/cases/{case}").text
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;document.title" in text
    assert "‹U+202E›gnp" in text
    assert "&lt;img src=x&gt;‹U+202E›gpj.exe" in text
    assert HOSTILE not in text


FOUND = ("q=BENDAHARA", "q=dinas+bendahara", "q=tebal", "q=gpj", "todo=unread", "status=none")
NOT_FOUND = ("q=kepala", "q=dinas+kepala", "todo=threat", "status=answered", "channel=other")


def test_search_and_filters(unlocked_page: Page, case: int) -> None:
    for query in FOUND + NOT_FOUND:
        shown = f'data-case="{case}"' in unlocked_page.ask(f"/cases?{query}").text
        assert shown is (query in FOUND), query


def test_a_case_that_was_looked_at_is_read(unlocked_page: Page, case: int) -> None:
    assert "3 unread" in unlocked_page.ask("/cases").text
    unlocked_page.ask(f"/cases/{case}")
    assert "unread</strong>" not in unlocked_page.ask("/cases").text


def test_a_case_of_somebody_else_is_not_there(unlocked_page: Page, desk: Desk, case: int) -> None:
    secret = desk.reporter().report("hanya untuk r2", excluded=["r1"])
    unlocked_page.post("/import", path=str(desk.deliver(2, [secret])))
    unlocked_page.await_end()
    unlocked_page.post("/working")
    assert unlocked_page.ask("/cases?q=hanya").text.count("data-case") == 0
    unlocked_page.post("/lock")
    unlocked_page.unlock("r2")
    assert "1 message opened" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    assert unlocked_page.ask("/cases?q=hanya").text.count("data-case") == 1
    assert unlocked_page.ask("/cases/1").status == 404


def test_a_reply_goes_out_once(unlocked_page: Page, desk: Desk, case: int) -> None:
    url = f"/cases/{case}/reply"
    inserted = unlocked_page.post(url, step="insert", template="reviewing", text="Halo")
    assert "sedang kami telaah" in inserted.text
    seen = unlocked_page.post(url, step="preview", text="Halo **semua**\n- <b>")
    assert "Halo **semua**\n- &lt;b&gt;" in seen.text
    for _ in range(2):
        sent = unlocked_page.post(url, step="send", text="Halo **semua**", reply="1")
        assert sent.status == 303
    shown = unlocked_page.ask(f"/cases/{case}").text
    assert shown.count("Halo **semua**") == 1
    assert 'id="problem"' in unlocked_page.post(url, step="send", reply="2").text
    unlocked_page.post("/bundle", path=str(desk.stick))
    assert "1 slot with a reply" in unlocked_page.await_end().text
    assert slots_in(desk.stick / "peluit-out-inspektorat-kota-2.tar")


def test_evidence_is_written_as_it_was_sent(unlocked_page: Page, case: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    data = b"isi bukti " * 9_000
    unlocked_page.post(f"/cases/{case}/evidence/1", path=str(out))
    assert hashlib.sha256(data).hexdigest() in unlocked_page.await_end().text
    assert data in [path.read_bytes() for path in out.iterdir()]


def test_what_goes_wrong_is_said(unlocked_page: Page, tmp_path: Path) -> None:
    unlocked_page.post("/import", path=str(tmp_path / "nothing"))
    assert "it is not there" in unlocked_page.await_end().text
    assert unlocked_page.ask("/cases").to == "/working"
    unlocked_page.post("/working")
    unlocked_page.post("/bundle", path=str(tmp_path / "nothing"))
    assert 'id="problem"' in unlocked_page.await_end().text


def test_an_unforeseen_error_tells_nothing(
    unlocked_page: Page, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("rahasia")

    monkeypatch.setattr("workstation.page.front.reminders.reminders", fail)
    answer = unlocked_page.ask("/")
    assert answer.status == 500
    said = capfd.readouterr()
    assert "rahasia" not in answer.text + said.out + said.err
    assert said.err.startswith("ValueError (")


def test_sticks_are_found_by_their_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a /media/none\\040here vfat rw 0 0\n/dev/b {tmp_path} ext4 rw 0 0\n")
    assert media(mounts) == []
    assert media(tmp_path / "nothing") == []


def test_the_templates_are_in_order() -> None:
    templates = reply_templates.load()
    assert len({each.id for each in templates}) == len(templates) >= 5


def test_the_language_can_be_changed(page: Page) -> None:
    page.begin()
    assert "The station is locked" in page.ask("/unlock").text
    page.post("/language", language="id")
    assert "Stasiun terkunci" in page.ask("/unlock").text
    page.post("/language", language="xx")
    assert texts.language() == "id"


def test_a_case_is_given_to_another_reviewer(unlocked_page: Page, desk: Desk, case: int) -> None:
    url = f"/cases/{case}/share"
    assert 'id="nobody"' in unlocked_page.ask(url).text
    unlocked_page.post("/lock")
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station:
        station.vault.rows("DELETE FROM readers WHERE reviewer = 'r3'")
    unlocked_page.unlock()
    shown = unlocked_page.ask(url).text
    assert re.findall(r'name="reviewer" value="(\w+)"', shown) == ["r3"]
    assert "Reviewer 1 (r1)" in shown.partition("</ul>")[0]
    assert 'id="problem"' in unlocked_page.post(url, reviewer="r9").text
    assert unlocked_page.post(url, reviewer="r3").to == url
    assert "Reviewer 3 (r3)" in unlocked_page.ask(url).text.partition("</ul>")[0]
    unlocked_page.post("/lock")
    unlocked_page.unlock("r3")
    assert f'data-case="{case}"' in unlocked_page.ask("/cases").text
