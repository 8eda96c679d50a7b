"""What a reporter may do with a form and in a thread, and what the station makes of it: in real browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox, until
from tests.e2e.office import Office, demo
from tests.e2e.source_server import SourceServer

pytestmark = pytest.mark.browser
ANSWERS = {"category": "pungli", "what": "Uang karcis tidak disetor.", "where": "Terminal Contoh"}
ERASED = "#replies .own[data-state=erased] .erased"
BROWSERS = pytest.mark.parametrize("launch", [Chromium, Firefox], ids=["chromium", "firefox"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def import_everything_new(office: Office, folder: Path) -> set[int]:
    """Brings what the server has to the station; the cases that are new there."""

    def cases() -> set[int]:
        return {case["number"] for case in office.station("cases")["cases"]}

    before = cases()
    folder.mkdir()
    with Chromium() as online:
        reviewer.sign_in(online, office)
        office.station("import", str(reviewer.download_everything_new(online, office, folder)))
    return cases() - before


def answer(office: Office, case: int, folder: Path) -> None:
    office.station("reply", str(case), "--text", "Sedang kami telaah.")
    for stage in ("verification", "review"):
        office.station("move", str(case), stage)
    folder.mkdir()
    office.station("bundle", "--to", str(folder))
    (bundle,) = folder.iterdir()
    with Chromium() as online:
        reviewer.sign_in(online, office)
        reviewer.upload_bundle(online, office, bundle)
    office.publish_board()


def report(browser: Browser, url: str) -> str:
    """Sends a report and gives its codename."""
    reporter.write_report(browser, url, ANSWERS)
    codename = reporter.take_codename(browser)
    reporter.send(browser)
    return codename


def count(browser: Browser, css: str) -> int:
    found: int = browser.evaluate(f"document.querySelectorAll('{css}').length")
    return found


@BROWSERS
def test_everything_said_in_a_thread_reaches_the_station(
    launch: type[Browser], office: Office, tmp_path: Path
) -> None:
    with launch() as browser:
        codename = report(browser, office.source + "en/")
    (case,) = import_everything_new(office, tmp_path / "in")
    answer(office, case, tmp_path / "out")
    with launch() as browser:
        assert reporter.come_back(browser, office.source + "en/", codename) == ["Sedang kami telaah."]
        assert "Under review" in browser.text("#status-steps [aria-current=step]")
        reporter.act(browser, "threat", "Saya dipindahkan.", "#send-threat")
        reporter.act(browser, "objection", "Mohon ditinjau lagi.", "#send-objection")
        reporter.rate(browser, 1, 4)
        reporter.act(browser, "withdrawal", "", "#withdraw")
        reporter.act(browser, "identity", "Siti Contoh", "#seal-identity")
        assert "Siti" not in browser.text("#thread")
        browser.click("#authorship summary")
        browser.type("#authorship-statement", "Sayalah pelapornya.")
        browser.click("#prove")
        proof = browser.click_and_download("#authorship-download", tmp_path)
        assert proof.name == "note.txt"
        assert browser.value("#authorship-proof") == proof.read_text().strip()
        assert browser.console_errors() == []
    assert import_everything_new(office, tmp_path / "in-again") == set()
    said = office.station("show", str(case))["messages"]
    kinds = ["report", "threat", "objection", "rating", "withdrawal", "identity"]
    assert [message["kind"] for message in said] == kinds
    assert office.station("identity", str(case))["custodians"] == ["akademisi", "provinsi", "sekretaris"]
    assert [message["text"] for message in said[1:3]] == ["Saya dipindahkan.", "Mohon ditinjau lagi."]
    assert (said[3]["reply"], said[3]["stars"]) == (1, 4)
    checked = office.station("authorship", str(proof))
    assert (checked["case"], checked["statement"]) == (case, "Sayalah pelapornya.")


@BROWSERS
def test_what_nobody_has_fetched_can_be_erased(launch: type[Browser], office: Office, tmp_path: Path) -> None:
    with launch() as browser:
        codename = report(browser, office.source + "en/")
        reporter.come_back(browser, office.source + "en/", codename)
        browser.click("#erasure summary")
        browser.click("#erase")
        browser.wait_text("#erasure-state", "Erased from the server: 1.", reporter.SLOW)
        browser.click("#erase")
        browser.wait_text("#erasure-state", "Nothing of that day can be erased", reporter.SLOW)
        report(browser, office.source + "en/")
    assert len(import_everything_new(office, tmp_path / "in")) == 1


@BROWSERS
def test_from_sent_to_the_conversation_in_the_same_page(launch: type[Browser], office: Office) -> None:
    with launch() as browser:
        reporter.write_report(browser, office.source + "en/", ANSWERS, exclude=["inspektur"])
        reporter.take_codename(browser)
        reporter.send(browser)
        browser.evaluate("void (window.samePage = true)")
        reporter.look(browser)
        assert browser.evaluate("window.samePage === true")
        assert browser.visible("#no-replies")
        assert reporter.sent_here(browser) == ["Written report"]
        assert browser.evaluate("document.querySelector('#follow-up-exclude-inspektur').checked")
        assert "As you chose for your report." in browser.text("#follow-up-readers-how")
        reporter.follow_up(browser, "Satu hal lagi.")
        browser.click("#leave")
        browser.wait_for("#door-return", seconds=reporter.SLOW)
        assert browser.evaluate("window.samePage === undefined")
        assert browser.console_errors() == []


@BROWSERS
def test_what_was_erased_no_longer_stands_as_sent(
    launch: type[Browser], office: Office, tmp_path: Path
) -> None:
    with launch() as browser:
        report(browser, office.source + "en/")
        reporter.look(browser)
        reporter.follow_up(browser, "Satu hal lagi.")
        browser.click("#erasure summary")
        browser.click("#erase")
        browser.wait_text("#erasure-state", "Erased from the server: 2.", reporter.SLOW)
        assert count(browser, ERASED) == 2
        assert not browser.visible("#follow-up-sent")
        assert "unless the office had fetched it before" in browser.text(ERASED)
        reporter.follow_up(browser, "Ini tidak dapat ditarik lagi.")
        browser.click("#erase")
        browser.wait_text("#erasure-state", "Nothing of that day can be erased", reporter.SLOW)
        assert count(browser, ERASED) == 2
    assert len(import_everything_new(office, tmp_path / "in")) == 1


@BROWSERS
def test_what_the_office_has_fetched_is_not_shown_as_erased(
    launch: type[Browser], office: Office, tmp_path: Path
) -> None:
    with launch() as browser:
        report(browser, office.source + "en/")
        reporter.look(browser)
        assert len(import_everything_new(office, tmp_path / "in")) == 1
        browser.click("#erasure summary")
        browser.click("#erase")
        browser.wait_text("#erasure-state", "Nothing of that day can be erased", reporter.SLOW)
        assert reporter.sent_here(browser) == ["Written report"]
        assert count(browser, ERASED) == 0


@BROWSERS
def test_what_comes_late_moves_nothing_that_one_is_about_to_press(
    launch: type[Browser], office: Office
) -> None:
    top = "document.querySelector('#write-to-start').getBoundingClientRect().top"
    with CountingProxy("127.0.0.1", office.source_port) as line, launch() as browser:
        browser.resize(360, 640)
        browser.open(f"{line.url}/id/")
        browser.wait_for("#door-report")
        line.hold_at(line.sent)
        browser.click("#door-report")
        browser.wait_for("#write-to-start")
        assert until(lambda: line.holding)
        assert not browser.visible("#write-rest")
        before = browser.evaluate(top)
        browser.evaluate("void document.querySelector('#write-to-start').focus()")
        line.let_go()
        browser.wait_for("#to-codename", seconds=reporter.SLOW)
        assert browser.evaluate("document.activeElement.id") == "write-to-start"
        assert 0 <= browser.evaluate(top) == before


@BROWSERS
def test_practice_names_the_word_that_differs_and_hides_the_others(
    launch: type[Browser], office: Office
) -> None:
    with launch() as browser:
        reporter.write_report(browser, office.source + "en/", ANSWERS)
        words = reporter.take_codename(browser).split()
        browser.click("#practice summary")
        browser.wait_until("!document.querySelector('#codename-words').checkVisibility()")
        browser.type("#practice-words", " ".join([*words[:2], "zzzz", *words[3:]]))
        browser.click("#practice-form button")
        browser.wait_text("#practice-error", "word 3.")
        browser.type("#practice-words", ", ".join(word[:4].upper() for word in words))
        browser.click("#practice-form button")
        browser.wait_text("#practice-state", "The same.")
        browser.click("#practice summary")
        browser.wait_for("#codename-words li:nth-child(8)")


@BROWSERS
def test_changing_the_kind_of_report_keeps_what_was_typed(launch: type[Browser], office: Office) -> None:
    with launch() as browser:
        reporter.write_report(browser, office.source + "en/", ANSWERS | {"when": "Maret"})
        browser.select("#channel", "permohonan-informasi")
        browser.wait_text("#form-notes", "PPID")
        assert browser.value("#answer-what") == ANSWERS["what"]
        assert not browser.visible("#files-part")
        browser.select("#channel", "aduan-integritas")
        kept = {name: browser.value(f"#answer-{name}") for name in (*ANSWERS, "when")}
        assert kept == ANSWERS | {"when": "Maret"}
        assert browser.visible("#files-part")


@BROWSERS
def test_a_refused_kind_of_file_is_named_at_once(
    launch: type[Browser], office: Office, tmp_path: Path
) -> None:
    for name in ("catat.EXE", "ada.txt"):
        (tmp_path / name).write_bytes(b"x")
    with launch() as browser:
        reporter.write_report(
            browser, office.source + "en/", ANSWERS, [tmp_path / "catat.EXE", tmp_path / "ada.txt"]
        )
        browser.wait_text("#files-error", "Left out: catat.EXE.")
        assert browser.text("#files-list .name") == "ada.txt"


def test_scripts_that_came_only_in_part_are_loaded_again(demo_office: DemoOffice, tmp_path: Path) -> None:
    (worker,) = (Layout(demo_office.server).pages / "assets").glob("worker-*.js")
    aside = tmp_path / "worker.js"
    aside.write_bytes(worker.read_bytes())
    server = SourceServer(demo_office.server)
    worker.unlink()
    try:
        server.start()
        with Firefox() as browser:
            browser.open(server.url)
            browser.click("#door-report")
            browser.wait_for("#failure[data-code=internal]", seconds=reporter.SLOW)
            server.cut_off()
            worker.write_bytes(aside.read_bytes())
            server.start()
            browser.click("#try-again")
            browser.wait_for("#answer-what", seconds=reporter.SLOW)
    finally:
        worker.write_bytes(aside.read_bytes())
        server.cut_off()
