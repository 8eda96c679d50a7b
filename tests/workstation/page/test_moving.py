"""Moving a case on the page: just what a step asks for, seen once more, done once."""

import html
import re

from tests.workstation.office import PASSPHRASE, TODAY, Desk
from tests.workstation.page.client import Page
from workstation import cases
from workstation.casework import journal
from workstation.page.access import RULES
from workstation.station import unlock


def text_of(page: Page, path: str) -> str:
    return html.unescape(page.ask(path).text)


def fields_of(page: Page, path: str) -> set[str]:
    return {*re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page.ask(path).text)}


def do(page: Page, path: str, **form: str) -> str:
    """Looks at it, and does it as the preview's own form would."""
    seen = page.post(path, step="preview", **form).text
    assert 'id="move"' in seen, seen
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', seen))
    hidden = {name: html.unescape(value) for name, value in hidden.items() if name != "proof"}
    for _ in range(2):  # two clicks
        assert page.post(path, step="move", **hidden).status == 303
    return html.unescape(seen)


def test_each_step_asks_for_what_its_arrow_asks_for(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    assert re.findall(rf'href="{url}/move/([\w-]+)"', unlocked_page.ask(url).text) == ["verification"]
    seen = do(unlocked_page, f"{url}/move/verification", text="")
    assert "Status: Received" in seen
    ways = re.findall(rf'href="{url}/move/([\w-]+)"', unlocked_page.ask(url).text)
    assert ways == ["incomplete", "not-competent", "merged", "closed", "review"]
    words = {"template", "text"}
    asked = {end: fields_of(unlocked_page, f"{url}/move/{end}") - {"proof", "q"} for end in ways}
    assert asked == {
        "incomplete": words,
        "not-competent": {"reason", *words},
        "merged": words,
        "closed": {"reason", *words},
        "review": words,
    }
    assert 'id="no-target"' in unlocked_page.ask(f"{url}/move/merged").text
    for wrong in ("result", "nonsense"):
        assert unlocked_page.ask(f"{url}/move/{wrong}").status == 404
    assert "in words" in text_of_post(unlocked_page, f"{url}/move/incomplete", step="preview")


def text_of_post(page: Page, path: str, **form: str) -> str:
    return html.unescape(page.post(path, **form).text)


def test_an_answer_is_seen_before_it_is_sent_and_sent_once(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    do(unlocked_page, f"{url}/move/verification", text="")
    inserted = text_of_post(
        unlocked_page, f"{url}/move/incomplete", step="insert", template="question", text="Halo"
    )
    assert "Halo\n\nUntuk melanjutkan kami perlu tahu lebih banyak." in inserted
    seen = do(unlocked_page, f"{url}/move/incomplete", text="Kapan <b>tepatnya</b>?")
    assert "Status: Needs completion" in seen and "Kapan <b>tepatnya</b>?" in seen
    shown = text_of(unlocked_page, url)
    assert shown.count("Kapan <b>tepatnya</b>?") == 2  # in the conversation, and in the course
    assert "Needs completion" in shown.partition("</main>")[0]
    assert 'data-case="' in unlocked_page.ask("/cases?stage=incomplete").text
    assert 'data-case="' not in unlocked_page.ask("/cases?stage=review").text


def test_a_second_person_sees_all_of_it_first(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    do(unlocked_page, f"{url}/move/verification", text="")
    seen = do(unlocked_page, f"{url}/move/closed", reason="bukan laporan", text="Tidak dapat kami pahami.")
    assert 'id="second"' in seen
    own = unlocked_page.ask(f"{url}/proposal").text
    assert 'id="own"' in own and 'id="agree"' not in own
    assert "waits for a second person, not you" in text_of(unlocked_page, "/cases")
    unlocked_page.post("/lock")
    unlocked_page.unlock("r2")
    (mine,) = re.findall(r'(?s)<ul class="plain" id="agree">.*?</ul>', unlocked_page.ask("/").text)
    assert f'href="{url}"' in mine
    assert 'data-case="' in unlocked_page.ask("/cases?todo=agree").text
    asked = text_of(unlocked_page, f"{url}/proposal")
    for needed in ("bukan laporan", "Tidak dapat kami pahami.", "Closed: not followed up", "Reviewer 1 (r1)"):
        assert needed in asked
    assert unlocked_page.post(f"{url}/proposal", step="agree", proposal="1").status == 303  # not that one
    assert 'id="proposal"' in unlocked_page.ask(url).text
    assert 'id="problem"' in unlocked_page.post(f"{url}/proposal", step="decline", proposal="2").text
    assert unlocked_page.post(f"{url}/proposal", step="agree", proposal="2").status == 303
    shown = text_of(unlocked_page, url)
    assert "Closed (archived: unclear, or no report)" in shown
    assert "r2 agreed" in shown
    assert unlocked_page.ask(f"{url}/proposal").status == 303


def test_what_the_reporter_must_not_see_says_so(unlocked_page: Page, case: int, desk: Desk) -> None:
    url = f"/cases/{case}"
    for end in ("verification", "review"):
        do(unlocked_page, f"{url}/move/{end}", text="")
    unlocked_page.post("/lock")
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station, station.vault.transaction():
        journal.add(station, cases.find(station, case), "sheet", {"supervision": True}, TODAY)
    unlocked_page.unlock()
    do(unlocked_page, f"{url}/move/clarification", text="")
    assert 'id="untold"' in unlocked_page.ask(f"{url}/move/examination").text
    seen = do(unlocked_page, f"{url}/move/examination", reference="ST-7/2026")
    assert 'id="untold"' in seen and "ST-7/2026" in seen
    results = unlocked_page.ask(f"{url}/move/result").text
    assert re.findall(r'name="outcome" value="(\w+)"', results) == [
        "substantiated",
        "partly",
        "unsubstantiated",
    ]


def test_on_hold_and_on_again(unlocked_page: Page, case: int) -> None:
    url = f"/cases/{case}"
    form = {"reason": "legal-process", "review_on": "2026-12-31"}
    assert (
        'id="problem"'
        in unlocked_page.post(f"{url}/hold", step="preview", **form | {"review_on": TODAY}).text
    )
    assert unlocked_page.post(f"{url}/hold", step="preview", **form | {"reason": "x"}).status == 400
    seen = do(unlocked_page, f"{url}/hold", text="Kami menunggu.", **form)
    assert "Status: On hold" in seen
    shown = text_of(unlocked_page, url)
    assert "Received, on hold: legal process" in shown and "/move/" not in shown
    assert 'data-case="' in unlocked_page.ask("/cases?todo=held").text
    assert "Status: Received" in do(unlocked_page, f"{url}/resume", text="")
    assert "Received, on hold" not in text_of(unlocked_page, url)


def test_who_writes_an_answer_has_time(unlocked_page: Page) -> None:
    mine = {name: rule for name, rule in RULES.items() if name.partition(".")[0] in ("moving", "pausing")}
    assert len(mine) == 8 and {*mine.values()} == {"writing"}
