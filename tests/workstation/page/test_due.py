"""What is due, deadlines and working days on the page: the same as the commands say."""

import re

from crypto.calendar import add_days
from tests.workstation.office import TODAY
from tests.workstation.page.client import Page


def shown(page: Page, case: int) -> list[str]:
    """The deadlines of a case as its page says them."""
    text = page.ask(f"/cases/{case}").text
    return re.findall(r"<li><strong>([^<]+)</strong>: until ([^<·]+) ·", text)


def test_what_is_due(unlocked_page: Page, case: int) -> None:
    listed = unlocked_page.ask("/due").text
    assert f'data-case="{case}"' in listed
    assert "Take it up" in listed
    assert 'id="nothing"' in unlocked_page.ask("/due?late=1").text
    assert unlocked_page.ask("/due?within=x&page=99").status == 200
    assert "Take it up: until" in unlocked_page.ask("/cases").text
    assert unlocked_page.ask("/").text.count("/due?late=1") == 1


def test_a_case_is_extended_once_and_a_double_click_counts_once(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    before = shown(unlocked_page, case)
    assert [task for task, _day in before] == ["Take it up", "Verify", "Finish the review", "Complete"]
    assert 'id="extend"' in unlocked_page.ask(url).text
    empty = unlocked_page.post(f"{url}/extend", next="1", reason=" ", answer="")
    assert (empty.status, 'id="problem"' in empty.text) == (200, True)
    for _ in range(2):
        assert (
            unlocked_page.post(f"{url}/extend", next="1", reason="ahli", answer="Tunggu.").to == f"{url}#time"
        )
    after = shown(unlocked_page, case)
    assert (after[:3], after[3] != before[3]) == (before[:3], True)
    text = unlocked_page.ask(url).text
    assert text.count("Tunggu.") == 1
    assert 'id="extend"' not in text
    assert "extended before" in unlocked_page.ask(f"{url}/extend").text


def test_other_deadlines_and_days(unlocked_page: Page, case: int) -> None:
    assert unlocked_page.post("/deadlines", first="id-wbs-30", more="id-tgr").to == "/deadlines"
    assert [task for task, _day in shown(unlocked_page, case)] == ["Answer the reporter"]
    refused = unlocked_page.post("/deadlines", first="id-wbs-31")
    assert "There are no deadlines named id-wbs-31" in refused.text
    day = add_days(TODAY, 1)
    kept = unlocked_page.post("/deadlines/days", days=f"checked {day[:4]}\r\n+{day} <b>Hari jadi</b>")
    assert kept.to == "/deadlines#days"
    listed = unlocked_page.ask(f"/deadlines?year={day[:4]}").text
    assert "&lt;b&gt;Hari jadi&lt;/b&gt; · own list" in listed
    wrong = unlocked_page.post("/deadlines/days", days="besok")
    assert "not usable at line 1" in wrong.text
    assert ">besok</textarea>" in wrong.text
    assert "cannot be read" in unlocked_page.post("/deadlines/own", path="/nowhere").text
