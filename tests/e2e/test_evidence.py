"""Large files from real browsers over a bad line. The line breaks at counted bytes, not at times."""

import hashlib
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.binding import b64
from crypto.constants import PIECE_SIZE
from peluit.demo_office import DemoOffice
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox, until
from tests.e2e.office import Office, demo, originals
from tests.e2e.source_server import SourceServer

pytestmark = pytest.mark.browser

MB = 1_000_000
SIZE = 20 * MB
SMALL_TALK = MB
"""More than everything takes that is not the file: requests about it, the report, the page."""
ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal Contoh"}
ROW = "#sending-tasks li:last-child"
PAUSE, CANCEL = ".controls button:nth-child(1)", ".controls button:nth-child(3)"

BROWSERS = {"chromium": Chromium, "firefox": Firefox}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def line(office: Office) -> Iterator[CountingProxy]:
    """What lies between the reporter and the server."""
    with CountingProxy("127.0.0.1", office.source_port) as proxy:
        yield proxy
        proxy.let_go()


@pytest.fixture(params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with BROWSERS[request.param]() as opened:
        yield opened


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def complete(office: Office) -> set[Path]:
    """Every file that the server holds whole."""
    return {path for path in Layout(office.folder / "server").done.rglob("*") if path.is_file()}


def begin(browser: Browser, line: CountingProxy, film: Path, hold_at: int) -> str:
    """Begins to send a report with this file, until so many bytes are on their way; the codename."""
    reporter.write_report(browser, f"{line.url}/en/", ANSWERS, [film])
    codename = reporter.take_codename(browser)
    line.reset()
    line.hold_at(hold_at)
    browser.click("#send")
    hold(line, hold_at)
    return codename


def hold(line: CountingProxy, count: int) -> None:
    """Until so many bytes are on their way, and no more."""
    line.hold_at(count)
    assert until(lambda: line.holding, seconds=reporter.SLOW)


def wait_state(browser: Browser, row: str, state: str) -> None:
    browser.wait_for(f"{row}[data-state=state-{state}]", seconds=reporter.SLOW)


def add_later(browser: Browser, line: CountingProxy, codename: str, film: Path) -> None:
    """Comes back with the codename and begins to send a file, without a word."""
    reporter.come_back(browser, f"{line.url}/en/", codename)
    browser.attach("#follow-up-files", film)
    browser.click("#send-follow-up")


def exported(office: Office, online: Browser, folder: Path, name: str) -> list[Path]:
    """Every piece of evidence of this name, as the station gives it out."""
    folder.mkdir()
    bundle = reviewer.download_everything_new(online, office, folder)
    office.station("import", str(bundle), reviewer="inspektur")
    found = []
    for case in office.station("cases", reviewer="inspektur")["cases"]:
        for number, piece in enumerate(office.station("show", str(case["number"]))["evidence"], 1):
            if piece["name"] == name:
                out = folder / f"{case['number']}-{number}"
                out.mkdir()
                office.station("evidence", "export", str(case["number"]), str(number), "--to", str(out))
                found += originals(out)
    return found


def unfinished(office: Office) -> set[str]:
    """The files that the server holds in part, as its addresses name them: blob and padded size."""
    folders = Layout(office.folder / "server").incoming.glob("*/*/*-*")
    return {folder.name.replace("-", "/") for folder in folders}


def stored(office: Office, unfinished: str) -> int:
    """How many bytes of it the server says it has."""
    blob, size = unfinished.split("/")
    wish = json.dumps({"blob": b64(bytes.fromhex(blob)), "office": "kota-contoh", "size": int(size)})
    ticket = ask(office, "ticket", data=wish.encode(), headers={"Content-Type": "application/json"})["ticket"]
    held = ask(office, f"blob/kota-contoh/{unfinished}", headers={"Peluit-Ticket": ticket})["pieces"]
    return sum(count for _, count in held) * PIECE_SIZE


def ask(office: Office, path: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
    asked = urllib.request.Request(f"{office.source}api/{path}", data, headers or {})
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def test_a_long_way(browser: Browser, office: Office, line: CountingProxy, tmp_path: Path) -> None:
    """Broken, paused, left, added again: only what is missing goes out, and it arrives bit for bit."""
    film = tmp_path / f"{browser.name}.mp4"
    film.write_bytes(os.urandom(SIZE))
    codename = begin(browser, line, film, hold_at=4 * MB)
    line.cut()
    line.let_go()

    hold(line, 8 * MB)
    browser.click(f"{ROW} {PAUSE}")
    wait_state(browser, ROW, "paused")
    line.let_go()
    browser.click(f"{ROW} {PAUSE}")

    hold(line, 16 * MB)
    browser.open("about:blank")
    (begun,) = unfinished(office)
    there = stored(office, begun)
    assert there > MB
    # By a way of its own: what the page that was left may still be trying counts on the old one.
    with CountingProxy("127.0.0.1", office.source_port) as second_line:
        add_later(browser, second_line, codename, film)
        browser.wait_for("#follow-up-sent", seconds=reporter.SLOW)
        assert second_line.sent < SIZE - there + SMALL_TALK
    assert browser.console_errors() == []
    with Chromium() as online:
        reviewer.sign_in(online, office)
        (found,) = exported(office, online, tmp_path / "in", film.name)
    assert digest(found) == digest(film)


def test_a_cancelled_file_is_gone_and_can_be_sent_again(
    browser: Browser, office: Office, line: CountingProxy, film: Path
) -> None:
    before = complete(office)
    codename = begin(browser, line, film, hold_at=8 * MB)
    browser.click(f"{ROW} {PAUSE}")
    wait_state(browser, ROW, "paused")
    line.cut()
    line.let_go()
    browser.click(f"{ROW} {CANCEL}")
    browser.click(f"{ROW} [role=group] button:last-child")
    browser.wait_for("#sent", seconds=reporter.SLOW)
    assert "1" in browser.text("#sent-skipped")
    assert unfinished(office) == set()
    assert complete(office) == before
    add_later(browser, line, codename, film)
    browser.wait_for("#follow-up-sent", seconds=reporter.SLOW)
    assert len(complete(office) - before) == 1


def test_two_browsers_at_once_with_the_same_file(office: Office, line: CountingProxy, film: Path) -> None:
    """As two tabs: neither knows of the other. What one has stored the other need not send."""
    before = complete(office)
    with Chromium() as first, Firefox() as second:
        codename = begin(first, line, film, hold_at=6 * MB)
        line.let_go()
        add_later(second, line, codename, film)
        first.wait_for("#sent", seconds=reporter.SLOW)
        second.wait_for("#follow-up-sent", seconds=reporter.SLOW)
        assert not first.visible("#sent-skipped")
        assert not second.visible("#follow-up-skipped")
    assert len(complete(office) - before) == 1


def test_a_full_server_takes_the_text_and_says_when_to_send_the_file(
    browser: Browser, demo_office: DemoOffice, film: Path
) -> None:
    server = SourceServer(demo_office.server, PELUIT_EVIDENCE_PER_DAY=str(10 * MB))
    server.start()
    try:
        reporter.write_report(browser, server.url, ANSWERS, [film])
        codename = reporter.take_codename(browser)
        browser.click("#send")
        browser.wait_for("#failure[data-code=text-only]", seconds=reporter.SLOW)
        assert "another day" in browser.text("#failure-text")
        browser.click("#skip-file")
        browser.wait_for("#sent", seconds=reporter.SLOW)
        assert "1" in browser.text("#sent-skipped")
        reporter.come_back(browser, server.url, codename)
        browser.attach("#follow-up-files", film)
        browser.wait_text("#follow-up-files-error", "Files are not taken just now")
    finally:
        server.cut_off()
