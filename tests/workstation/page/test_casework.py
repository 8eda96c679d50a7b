"""Classification, review sheet, plan, lessons, routing and conflicts of interest on the page."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.workstation.office import TODAY, Desk
from tests.workstation.page.client import Page
from tests.workstation.review.test_conflict import DINAS, enter_offices
from tests.workstation.review.test_review_sheet import sheet
from workstation import cases
from workstation.casework import journal
from workstation.casework.journal import Step
from workstation.review import categories, classification, lessons, planning, review_sheet
from workstation.station import Station
from workstation.vault import Vault


@contextmanager
def inside(page: Page) -> Iterator[Station]:
    """The page's station with a connection to the vault of its own."""
    station = page.session.station
    with closing(Vault(station.layout.vault, station.keys.vault)) as vault:
        yield replace(station, vault=vault)


def steps(page: Page, case: int) -> list[Step]:
    with inside(page) as station:
        return journal.of_case(station, cases.find(station, case))


def following(page: Page, case: int) -> str:
    """The number of the next step, as the forms carry it."""
    return str(len(steps(page, case)) + 1)


def form_of(value: dict[str, object]) -> dict[str, str]:
    found = {name: str(text) for name, text in value.items() if isinstance(text, str)}
    return found | {"supervision": "yes" if value["supervision"] else "no", "answered": "what"}


def test_a_case_is_classified_and_assigned(unlocked_page: Page, case: int) -> None:
    with inside(unlocked_page) as station:
        enter_offices(station)
    assert unlocked_page.post("/routing", office=DINAS, reviewers="r9").status == 200
    assert unlocked_page.post("/routing", office=DINAS, reviewers="r2, r1").to == "/routing"
    assert "Reviewer 2 (r2), Reviewer 1 (r1)" in unlocked_page.ask("/routing").text
    wanted = {
        "kind": "aduan",
        "family": "integrity",
        "category": "etika",
        "office": DINAS,
        "level": "provinsi",
        "indication": "administrative",
        "urgent": "yes",
        "next": following(unlocked_page, case),
    }
    address = f"/cases/{case}/classify"
    refused = unlocked_page.post(address, **wanted | {"family": "service"})
    assert 'id="problem"' in refused.text and '<option value="service" selected>' in refused.text
    for name in ("kind", "family", "indication"):
        assert unlocked_page.post(address, **wanted | {name: "langit"}).status == 400
    assert unlocked_page.post(address, **wanted).to == f"/cases/{case}#casework"
    unlocked_page.post(address, **wanted)  # clicked twice
    assert len(steps(unlocked_page, case)) == 2
    found = classification.latest(steps(unlocked_page, case))
    assert found is not None and (found.category, found.urgent) == ("etika", True)
    shown = unlocked_page.ask(f"/cases/{case}").text
    for said in (
        "Ethics and conduct",
        "the provincial personnel agency (BKD)",
        "Handled by Reviewer 2 (r2).",
    ):
        assert said in shown
    assert f'data-case="{case}"' not in unlocked_page.ask("/cases?todo=mine").text
    again = following(unlocked_page, case)
    unlocked_page.post(f"/cases/{case}/assign", reviewer="r1", next=again)
    assert f'data-case="{case}"' in unlocked_page.ask("/cases?todo=mine").text
    only = {"reviewer": "r3", "only": "yes", "next": following(unlocked_page, case)}
    assert unlocked_page.post(f"/cases/{case}/assign", **only).to == "/cases"
    assert unlocked_page.ask(f"/cases/{case}").status == 404


def test_the_sheet_is_filled_in_and_printed_without_the_reporters_words(
    unlocked_page: Page, case: int
) -> None:
    address = f"/cases/{case}/sheet"
    assert unlocked_page.ask(f"{address}/print").to == address
    text = unlocked_page.ask(address).text
    checked = re.findall(r'name="answered" value="(\w+)" checked', text)
    assert checked == ["what", "who"]
    wanted = form_of(sheet()) | {"next": following(unlocked_page, case)}
    refused = unlocked_page.post(address, **wanted | {"ground": "", "reasons": "<b>Cukup</b>"})
    assert 'id="problem"' in refused.text and "&lt;b&gt;Cukup&lt;/b&gt;</textarea>" in refused.text
    assert unlocked_page.post(address, **wanted).to == f"{address}/print"
    unlocked_page.post(address, **wanted)
    assert len(steps(unlocked_page, case)) == 1
    latest = review_sheet.latest(steps(unlocked_page, case))
    assert latest is not None and latest.sheet.answered == ("what",)
    newer = wanted | {"supervision": "no", "next": following(unlocked_page, case)}
    assert unlocked_page.post(address, **newer).to == f"{address}/print"
    printed = unlocked_page.ask(f"{address}/print").text
    assert "Dua kuitansi." in printed and "uang perjalanan" not in printed
    assert "A newer sheet" in unlocked_page.ask(f"{address}/print?step=1").text
    assert "uang perjalanan" in unlocked_page.ask(f"{address}/print?words=1").text
    assert "Review sheet of" in unlocked_page.ask(f"/cases/{case}").text


def test_plan_and_lessons(unlocked_page: Page, case: int) -> None:
    address = f"/cases/{case}/plan"
    item = {"act": "add", "what": "Minta <data>.", "who": "Auditor", "until": TODAY}
    refused = unlocked_page.post(address, **item | {"until": "2000-01-01", "next": "1"})
    assert 'id="problem"' in refused.text and "Minta &lt;data&gt;." in refused.text
    for _click in range(2):
        assert unlocked_page.post(address, **item, next="1").to == f"{address}#add"
    unlocked_page.post(address, act="done", item="1", result="Ada.", next="2")
    assert "1 of 1 done" in unlocked_page.ask(address).text
    (only,) = planning.latest(steps(unlocked_page, case))
    assert (only.result, only.done_on) == ("Ada.", TODAY)
    learned = {"act": "lessons", "cause": "Tanpa tarif.", "improvement": "Tarif di loket.", "next": "3"}
    assert 'id="problem"' in unlocked_page.post(address, **learned, sector="langit").text
    unlocked_page.post(address, **learned, sector="pelayanan")
    found = lessons.latest(steps(unlocked_page, case))
    assert found is not None and found.sector == "pelayanan"
    assert "Tarif di loket.</textarea>" in unlocked_page.ask(address).text


def test_conflicts_of_interest(unlocked_page: Page, case: int, desk: Desk) -> None:
    with inside(unlocked_page) as station:
        enter_offices(station)
    assert 'id="problem"' in unlocked_page.post(f"/cases/{case}/conflict", reason=" ").text
    assert unlocked_page.post("/conflicts", subject="langit:x", reason="x").status == 400
    assert 'id="problem"' in unlocked_page.post("/conflicts", subject="office:x", reason="x").text
    subject = f"office:{DINAS}"
    assert unlocked_page.post("/conflicts", subject=subject, reason="<i>Ipar</i>").to == "/conflicts"
    listed = unlocked_page.ask("/conflicts").text
    assert "&lt;i&gt;Ipar&lt;/i&gt;" in listed and "Education agency" in listed
    assert unlocked_page.post("/conflicts", subject=subject, act="end").to == "/conflicts"
    assert "Ipar" not in unlocked_page.ask("/conflicts").text
    assert unlocked_page.post(f"/cases/{case}/conflict", reason="Ipar saya.").to == "/cases"
    assert unlocked_page.ask(f"/cases/{case}").status == 404
    assert f'data-case="{case}"' not in unlocked_page.ask("/cases").text


def test_the_lists_are_shown_and_replaced(unlocked_page: Page, tmp_path: Path) -> None:
    assert "Roads and bridges" in unlocked_page.ask("/categories").text
    own = json.loads(categories.DEFAULT.read_text("utf-8"))
    own["categories"][0]["titles"]["en"] = "Our own <category>"
    path = tmp_path / "own.json"
    path.write_text("{}")
    assert (
        "The categories are not usable (own.json)" in unlocked_page.post("/categories", path=str(path)).text
    )
    path.write_text(json.dumps(own))
    assert unlocked_page.post("/categories", path=str(path)).to == "/categories"
    assert "Our own &lt;category&gt;" in unlocked_page.ask("/categories").text
