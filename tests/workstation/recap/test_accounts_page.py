"""R17. The accounts on the local page: shown, written, published; and what was learned, once it is chosen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workstation.office import TODAY, Desk
from tests.workstation.page.client import Page, running
from tests.workstation.recap.test_recap import Unlock, ask
from tests.workstation.test_reviewers import file_cases
from workstation import cases
from workstation.casework import moving
from workstation.casework.course import Move
from workstation.cli import main
from workstation.review import lessons

CAUSE = "Tidak ada daftar antrean <b>resmi</b>."
YEAR = TODAY[:4]


@pytest.fixture
def number(desk: Desk, unlocked: Unlock) -> int:
    """A case that is closed, with its lessons."""
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = moving.move(station, cases.find(station, number), Move("verification"), TODAY).case
        case = lessons.keep(station, case, CAUSE, "Umumkan antrean.", "pelayanan", TODAY)
        for move in (Move("incomplete", answer="Kurang."), Move("closed", "incomplete", answer="Ditutup.")):
            case = moving.move(station, case, move, TODAY).case
    return number


@pytest.fixture
def page(desk: Desk, number: int) -> Iterator[Page]:
    with running(desk.folder) as opened:
        opened.begin()
        opened.unlock()
        yield opened


def written(page: Page, folder: Path, path: str, **form: str) -> Path:
    """The one new file that a form writes."""
    before = set(folder.iterdir())
    assert page.post(path, path=str(folder), **form).to == "/working"
    page.await_end()
    page.post("/working")
    (new,) = set(folder.iterdir()) - before
    return new


def test_figures_with_charts_are_shown_and_written(page: Page, number: int, tmp_path: Path) -> None:
    shown = page.ask("/accounts").text
    assert (
        f"Recap of {YEAR}" in shown
        and shown.count("<svg") == 6
        and "From the cases that r1 can read" in shown
    )
    assert f'<td class="number">{number}</td>' in page.ask(f"/accounts/register?period={YEAR}").text
    assert "<svg" not in page.ask("/accounts?period=2020").text
    assert "Name a year" in page.ask("/accounts?period=x").text
    assert "All offices" in page.ask("/accounts/performance").text
    for kind, ending, begins in (
        ("recap", ".pdf", b"%PDF"),
        ("register", ".csv", b"No."),
        ("recap", ".html", b"<!"),
    ):
        path = written(page, tmp_path, f"/accounts/{kind}", ending=ending, period=YEAR)
        assert path.name == f"peluit-{kind}-{YEAR}{ending}" and path.read_bytes().startswith(begins)
    signed = written(page, tmp_path, "/accounts/performance", ending="signed", period=YEAR)
    assert "peluit-performance-1:" in signed.read_text()
    assert page.post("/accounts/recap", ending=".exe", period=YEAR, path=str(tmp_path)).status == 400


def test_statistics_are_looked_at_and_published_once(page: Page) -> None:
    past = f"{int(YEAR) - 1}-Q3"
    assert "Nothing is published yet." in page.ask("/accounts/statistics").text
    draft = page.ask(f"/accounts/statistics?period={past}").text
    assert 'id="draft"' in draft and "Fewer than 5 reports" in draft
    for _ in range(2):
        assert page.post("/accounts/statistics", period=past).to == "/accounts/statistics"
    assert page.ask("/accounts/statistics").text.count("waits for the next bundle") == 1
    assert "is published already" in page.ask(f"/accounts/statistics?period={past}").text
    assert "is not over yet" in page.post("/accounts/statistics", period=YEAR).text


def test_of_what_was_learned_only_what_is_ticked_is_written(page: Page, number: int, tmp_path: Path) -> None:
    shown = page.ask("/accounts/lessons").text
    assert (
        "&lt;b&gt;resmi&lt;/b&gt;" in shown
        and "checked" not in re.findall(r'<input type="checkbox"[^>]*>', shown)[0]
    )
    empty = written(page, tmp_path, "/accounts/lessons", ending=".html", period=YEAR)
    assert "antrean" not in empty.read_text()
    edited = {"case": str(number), f"cause-{number}": "Tidak ada daftar."}
    page_of_one = written(
        page, tmp_path, "/accounts/lessons", ending=".html", period=YEAR, **edited
    ).read_text()
    assert (
        "Tidak ada daftar." in page_of_one and "resmi" not in page_of_one and str(number) not in page_of_one
    )
    assert CAUSE in lessons_text(page)


def lessons_text(page: Page) -> str:
    import html

    return html.unescape(page.ask("/accounts/lessons").text)


def test_the_command_prints_no_lesson_that_was_not_named(
    desk: Desk, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lesson,) = ask(capsys, "lessons-report", *desk.as_("r1"))["lessons"]  # type: ignore[misc]
    assert (lesson["case"], lesson["cause"]) == (number, CAUSE)
    for include, holds in (([], False), (["--include", str(number)], True)):
        path = tmp_path / f"{len(include)}.csv"
        assert main(["lessons-report", *include, "--write", str(path), *desk.as_("r1")]) == 0
        assert ("daftar antrean" in path.read_text()) is holds
    assert main(["lessons-report", "--include", "1", *desk.as_("r1")]) == 2
