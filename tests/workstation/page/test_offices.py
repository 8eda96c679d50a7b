"""Offices and dispositions on the page: the same rules as on the command line."""

import html
import re
import secrets
from pathlib import Path

from crypto import fingerprint
from crypto.disposition import Disposition, sign_disposition
from crypto.fields import OfficeId
from tests.workstation.casework.neighbours import FAR, POLICE, classify, document_of, enter, make, opener
from tests.workstation.office import OFFICE, PASSPHRASE, TODAY, Desk
from tests.workstation.page.client import Page
from tests.workstation.page.conftest import HOSTILE
from workstation import cases, files
from workstation.dispositions import stick
from workstation.offices import registry
from workstation.station import unlock

DIGITS = "12345 " * 8


def step(page: Page, number: int, form: str) -> str:
    (found,) = re.findall(r'name="next" value="(\d+)"', page.ask(f"/cases/{number}/{form}").text)
    return str(found)


def test_an_office_is_entered_enrolled_and_revoked(unlocked_page: Page, desk: Desk, tmp_path: Path) -> None:
    far = make(tmp_path / "far", FAR)
    file = tmp_path / "directory"
    file.write_bytes(document_of(far))
    given = {"id": FAR, "name_id": "Inspektorat <Provinsi>", "kind": "oversight"}
    assert unlocked_page.post("/offices", act="add", **given).to == "/offices"
    assert "Nothing was changed" in unlocked_page.post("/offices", act="add", **given).text
    shown = unlocked_page.ask("/offices").text
    assert "Inspektorat &lt;Provinsi&gt;" in shown and "not connected" in shown
    refused = unlocked_page.post("/offices", act="enrol", office=FAR, path=str(file), digits=DIGITS)
    assert "Nothing was changed" in refused.text and DIGITS.strip() in refused.text
    digits = " ".join(fingerprint.digits(far.directory.office.root))
    assert (
        unlocked_page.post("/offices", act="enrol", office=FAR, path=str(file), digits=digits).to
        == "/offices"
    )
    assert digits in unlocked_page.ask("/offices").text
    assert unlocked_page.post("/offices", act="revoke", office=FAR, reason="kunci hilang").to == "/offices"
    assert "kunci hilang" in unlocked_page.ask("/offices").text
    assert unlocked_page.post("/offices", act="erase").status == 400


def test_a_case_goes_on_paper_and_the_answer_is_kept(unlocked_page: Page, desk: Desk, case: int) -> None:
    """What was typed stays if something is wrong; nothing is sent twice; hostile words stay words."""
    page, url = unlocked_page, f"/cases/{case}/forward"
    assert "no-offices" in page.ask(url).text
    page.post("/offices", act="add", id="desa-a", name_id="Desa A", kind="village")
    shown = html.unescape(page.ask(url).text)
    assert 'name="goes-1" checked' in shown and 'name="goes-3">' in shown  # messages are not suggested
    given = {"office": "desa-a", "subject": "Hal", "way": "paper", "goes-1": "on", "copy-1": f"Hal {HOSTILE}"}
    given |= {"next": step(page, case, "forward"), "path": str(desk.stick)}
    refused = page.post(url, **given)
    assert "not written down yet which office" in refused.text and "Hal &lt;script&gt;" in refused.text
    page.post("/lock")
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station:
        classify(station, cases.find(station, case))
    page.unlock()
    given["next"] = step(page, case, "forward")
    assert page.post(url, **given).to == "/working"
    assert "destroy the file" in page.await_end().text
    page.post("/working")
    assert page.post(url, **given).to == f"/cases/{case}#offices"
    (letter,) = desk.stick.glob("*.html")
    assert "<script" not in letter.read_text("utf-8")
    assert "due on" in page.ask("/dispositions").text
    paper = "dispositions/1"
    answer = {"next": step(page, case, paper), "text": "Sudah <b>selesai</b>"}
    for _ in range(2):
        assert page.post(f"/cases/{case}/{paper}", **answer).to == f"/cases/{case}#offices"
    of_case = page.ask(f"/cases/{case}").text
    assert of_case.count("Sudah &lt;b&gt;selesai") == 1 and "<script" not in of_case
    original = given | {"next": step(page, case, "forward"), "original": "1", "word": "asli", "way": ""}
    assert "Nothing was sent" in page.post(url, **original).text
    assert page.ask(f"/cases/{case}/dispositions/9").status != 500


def test_a_disposition_that_came_is_shown_and_answered(
    unlocked_page: Page, desk: Desk, case: int, tmp_path: Path
) -> None:
    """A case of its own, whatever the other office wrote into it; the answer goes into a file."""
    page, far = unlocked_page, make(tmp_path / "far", FAR)
    with opener(far)("r1") as station, files.unnamed(desk.stick) as file:
        enter(station, OfficeId(OFFICE), "oversight")
        ours = registry.enrol(station, OFFICE, document_of(desk), TODAY)
        place = station.keys.place
        letter = Disposition(
            secrets.token_bytes(16),
            "disposition",
            place.instance,
            place.office,
            station.reviewer,
            OfficeId(OFFICE),
            TODAY,
            subject=f"Hal {HOSTILE}",
            answers=(("Apa", HOSTILE),),
            withheld=(HOSTILE,),
        )
        stick.write(file, ours, sign_disposition(letter, station.keys.sign), [], TODAY)
        file.name(desk.stick / "surat.peluit")
    page.post("/dispositions", path=str(desk.stick / "surat.peluit"))
    assert "not signed by it" in page.await_end().text
    page.post("/working")
    page.post("/offices", act="add", id=FAR, name_id="Inspektorat Provinsi", kind="oversight")
    (tmp_path / "directory").write_bytes(document_of(far))
    digits = " ".join(fingerprint.digits(far.directory.office.root))
    page.post("/offices", act="enrol", office=FAR, path=str(tmp_path / "directory"), digits=digits)
    page.post("/dispositions", path=str(desk.stick / "surat.peluit"))
    assert "Taken in, in case" in page.await_end().text
    page.post("/working")
    (number,) = set(re.findall(r'href="/cases/(\d+)"', page.ask("/dispositions").text)) - {str(case)}
    shown = page.ask(f"/cases/{number}").text
    assert "Disposition of Inspektorat Provinsi" in shown and "<script" not in shown and "\u202e" not in shown
    url, given = f"/cases/{number}/answer-office", {"next": step(page, int(number), "answer-office")}
    assert "name the folder" in page.post(url, text="Selesai.", **given).text
    assert "sealed to that office" in page.post(url, text="Selesai.", path=str(desk.stick), **given).text
    assert page.post(url, text="Selesai.", path=str(desk.stick), **given).to == f"/cases/{number}#offices"
    assert len(list(desk.stick.glob("peluit-answer-*.peluit"))) == 1


def test_a_package(unlocked_page: Page, desk: Desk, case: int) -> None:
    page, url = unlocked_page, f"/cases/{case}/package"
    page.post("/offices", act="add", id=POLICE, name_id="Polres", kind="law-enforcement")
    given = {"office": POLICE, "subject": "Hal", "reference": " ", "facts": "Fakta.", "path": str(desk.stick)}
    given |= {"next": step(page, case, "package"), "goes-1": "on", "copy-1": "Ada pungutan."}
    assert "Ada pungutan." in page.post(url, **given).text
    assert page.post(url, **(given | {"reference": "700/1"})).to == "/working"
    assert "Hand it over in person" in page.await_end().text
    page.post("/working")
    assert len(list(desk.stick.glob("peluit-aph-*.tar"))) == 1
    assert "700/1" in page.ask(f"/cases/{case}").text


def test_a_file_that_is_none(unlocked_page: Page, desk: Desk, case: int) -> None:
    unlocked_page.post("/dispositions", path=str(desk.passphrase_file("r1")))
    assert "holds no disposition" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    assert (
        "did not come from another office"
        in unlocked_page.post(f"/cases/{case}/answer-office", step="receipt").text
    )
