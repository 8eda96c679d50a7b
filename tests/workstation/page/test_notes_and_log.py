"""Notes and the log on the page."""

import html
import re

from tests.workstation.office import PASSPHRASE, Desk
from tests.workstation.page.client import Page
from tests.workstation.page.conftest import HOSTILE
from workstation.cli import main
from workstation.notes import LONGEST
from workstation.station import unlock


def test_a_note_is_kept_once_and_found(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    text = f"Bandingkan KUITANSI\r\n{HOSTILE}"
    for _ in range(2):
        sent = unlocked_page.post(url, note="1", text=text)
        assert sent.to == f"{url}#notes"
    shown = unlocked_page.ask(url).text
    assert shown.count("Bandingkan KUITANSI\n&lt;script&gt;") == 1
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert f'data-case="{case}"' in unlocked_page.ask("/cases?q=kuitansi").text
    assert unlocked_page.ask("/cases?q=halaman+lain").text.count("data-case") == 0


def test_a_note_that_cannot_be_kept_stays_in_the_form(unlocked_page: Page, case: int) -> None:
    empty = unlocked_page.post(f"/cases/{case}", note="1", text=" \n")
    assert (empty.status, "A note needs a text." in empty.text) == (200, True)
    long = "a" * (LONGEST + 1)
    refused = unlocked_page.post(f"/cases/{case}", note="1", text=long)
    assert f">{long}</textarea>" in refused.text
    assert "The note is too long" in refused.text
    assert 'name="note" value="1"' in refused.text


def test_the_log_tells_a_reader_what_was_done_and_others_only_that(
    unlocked_page: Page, desk: Desk, case: int
) -> None:
    unlocked_page.post(f"/cases/{case}", note="1", text="catatan")
    secret = desk.reporter().report("bukan untuk r2", excluded=["r2"])
    unlocked_page.post("/import", path=str(desk.deliver(2, [secret])))
    unlocked_page.await_end()
    unlocked_page.post("/working")
    (hidden,) = set(re.findall(r'data-case="(\d+)"', unlocked_page.ask("/cases").text)) - {str(case)}
    of_case = html.unescape(unlocked_page.ask(f"/cases/{case}").text)
    assert re.findall(r"<strong>(\w+)</strong> ([a-z 0-9]+) <span", of_case) == [
        ("r1", "began this case"), *[("r1", f"filed message {n}") for n in (1, 2, 3)], ("r1", "wrote note 1"),
    ]  # fmt: skip
    log = unlocked_page.ask("/log").text
    assert f"case {hidden}: filed message 1" in log
    assert "cannot read" not in log
    unlocked_page.post("/lock")
    unlocked_page.unlock("r2")
    log = unlocked_page.ask("/log").text
    assert f"case {case}: wrote note 1" in log
    assert log.count("did something in a case that you cannot read") == 2
    assert hidden not in re.sub(r"<code.*?</code>|value=\"[^\"]*\"", "", log)


def test_the_head_is_what_the_command_says(unlocked_page: Page, desk: Desk, case: int) -> None:
    log = unlocked_page.ask("/log").text
    (digits,) = re.findall(r"<code id=\"digits\">([\d-]{47})</code>", log)
    unlocked_page.post("/lock")
    assert main(["log", "--since", digits, *desk.as_("r1")]) == 0


def test_pages_of_the_log(page: Page, desk: Desk) -> None:
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station, station.vault.transaction():
        for number in range(60):
            station.log("settings-changed", f"keep-days {number + 7}")
    page.begin()
    page.unlock()
    first = page.ask("/log").text
    assert first.count('class="entry"') == 50
    (onward,) = re.findall(r'id="next-page"[^>]*href="([^"]+)"', first)
    second = page.ask(html.unescape(onward)).text
    shown = [re.findall(r'class="number">(\d+)<', each) for each in (first, second)]
    assert [int(number) for numbers in shown for number in numbers] == list(range(64, 0, -1))
    assert 'id="next-page"' not in second
    assert page.ask("/log?before=x").status == 200
