"""What a reporter meets when things go wrong that are nobody's fault: in real browsers, against gunicorn."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.errors import CannotOpenError
from crypto.fields import ReviewerId
from crypto.item import Context
from crypto.message import Evidence, Message, Report, Text
from crypto.open.item import open_message
from peluit.demo_office import DemoOffice
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.conftest import SmallOffice
from tests.e2e.source_server import SourceServer
from tests.store.installation import CHANNEL, INSTANCE, KEYS, OFFICE, REVIEWERS

pytestmark = pytest.mark.browser
WHAT, WHERE = "Karcis tanpa nomor, “tiap Selasa”", "Terminal Contoh"


@pytest.fixture
def server(demo_office: DemoOffice) -> Iterator[SourceServer]:
    running = SourceServer(demo_office.server)
    running.start()
    yield running
    running.cut_off()


def blobs(office: DemoOffice) -> set[Path]:
    """Every complete file that the server holds."""
    return {path for path in Layout(office.server).done.rglob("*") if path.is_file()}


def test_a_server_that_is_gone_takes_no_word_away(server: SourceServer, tmp_path: Path) -> None:
    evidence = tmp_path / "foto.jpg"
    evidence.write_bytes(b"x" * 1000)
    with Chromium() as browser:
        reporter.write_report(browser, server.url, {"what": WHAT, "where": WHERE}, [evidence])
        codename = reporter.take_codename(browser)
        server.cut_off()
        browser.click("#send")
        browser.wait_for("#failure[data-code=network]", seconds=reporter.SLOW)
        browser.click("#edit-again")
        assert (browser.value("#answer-what"), browser.value("#answer-where")) == (WHAT, WHERE)
        assert "foto.jpg" in browser.text("#files-list")
        server.start()
        browser.wait_until("!document.querySelector('#write-rest').hidden", seconds=reporter.SLOW)
        assert reporter.take_codename(browser) == codename
        reporter.send(browser)


def test_a_server_that_stops_in_the_middle_of_a_file(
    server: SourceServer, demo_office: DemoOffice, tmp_path: Path
) -> None:
    evidence = tmp_path / "film.mp4"
    evidence.write_bytes(os.urandom(30_000_000))
    before = blobs(demo_office)
    with Firefox(safer=True) as browser:
        reporter.write_report(browser, server.url, {"what": WHAT, "where": WHERE}, [evidence])
        reporter.take_codename(browser)
        browser.click("#send")
        browser.wait_until(
            "document.querySelector('#sending-tasks progress:not([hidden])')?.value > 0",
            seconds=reporter.SLOW,
        )
        server.cut_off()
        browser.wait_for("#sending-tasks [data-state=state-offline]", seconds=reporter.SLOW)
        assert not browser.visible("#sent")
        server.start()
        browser.wait_for("#sent", seconds=reporter.SLOW)
        assert not browser.visible("#sent-skipped")
    assert len(blobs(demo_office) - before) == 1


@pytest.mark.parametrize("launch", [Chromium, Firefox], ids=["chromium", "firefox"])
def test_a_file_that_is_taken_out_before_it_is_sent(
    launch: type[Browser], server: SourceServer, tmp_path: Path
) -> None:
    gone, there = tmp_path / "hilang.jpg", tmp_path / "ada.jpg"
    for path in (gone, there):
        path.write_bytes(b"x" * 1000)
    with launch() as browser:
        reporter.write_report(browser, server.url, {"what": WHAT, "where": WHERE}, [gone, there])
        reporter.take_codename(browser)
        gone.unlink()
        browser.click("#send")
        browser.wait_for("#failure[data-code=file-changed]", seconds=reporter.SLOW)
        browser.click("#skip-file")
        browser.wait_for("#sent", seconds=reporter.SLOW)
        assert "1" in browser.text("#sent-skipped")


def test_a_page_that_was_opened_before_the_readers_changed(small_office: SmallOffice, tmp_path: Path) -> None:
    """Whoever joined is named and agreed to, whoever left goes unnoticed; nothing has to be typed anew."""
    office, evidence = small_office.installation, tmp_path / "foto.jpg"
    evidence.write_bytes(b"x" * 1000)
    office.staff("r1", "r2", serial=2)
    with Chromium() as browser:
        answers = {"what": WHAT, "who": "Petugas loket"}
        reporter.write_report(browser, small_office.server.url, answers, [evidence], channel=CHANNEL)
        reporter.take_codename(browser)
        office.staff("r1", "r2", "r3", serial=3)
        browser.click("#send")
        browser.wait_for("#failure[data-code=new-readers]", seconds=reporter.SLOW)
        assert "added people" in browser.text("#failure-text") and not browser.visible("#try-again")
        assert opened(small_office, "r1") == []
        browser.click("#send-to-them")
        browser.wait_for("#sent", seconds=reporter.SLOW)
        for reader in REVIEWERS:
            report, file = sorted(opened(small_office, reader), key=lambda message: message.order)
            assert report.content == Report(answers) and isinstance(file.content, Evidence)

        reporter.look(browser)
        office.staff("r3", serial=4)
        reporter.follow_up(browser, "Satu lagi")
        assert Text("Satu lagi", "message") in [message.content for message in opened(small_office, "r3")]
        assert len(opened(small_office, "r1")) == 2


def opened(office: SmallOffice, reader: str) -> list[Message]:
    """All that this reviewer's key opens of what has arrived."""
    context, found = Context(INSTANCE, OFFICE, CHANNEL), []
    database = open_inbox(office.layout.inbox, keyfile.read(office.layout.inbox_key))
    inbox = InboxReader(database, office.layout)
    for entry in inbox.page(OFFICE):
        if entry.channel is not None:
            with contextlib.suppress(CannotOpenError):
                item = inbox.body(OFFICE, entry.id)
                key, name = KEYS[ReviewerId(reader)], ReviewerId(reader)
                found.append(open_message(item, key, context, REVIEWERS, name))
    database.close()
    return found


def test_without_scripts_the_page_says_so_and_offers_no_door(server: SourceServer) -> None:
    with Firefox(safest=True) as browser:
        for language, word in (("id", "Tor Browser"), ("en", "Tor Browser")):
            browser.open(f"http://127.0.0.1:{server.port}/{language}/")
            assert word in browser.text("#needs-scripts")
            assert browser.visible("#needs-scripts")
            assert not browser.visible("#door-report")
            assert not browser.visible("#door-return")
            assert not browser.visible("form")
