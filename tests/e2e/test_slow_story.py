"""The story over a bad line (slow_line.py): it takes minutes, and ends well, whole and once.

Apart from the other tests because of its length: `make slow`.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.server import Server
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, BrowserError, Chromium, Firefox
from tests.e2e.office import Office, demo, originals
from tests.e2e.slow_line import SlowLine

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BROWSERS: dict[str, Callable[[], Browser]] = {
    "chromium": Chromium,
    "firefox-safer": lambda: Firefox(safer=True),
}
ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal Contoh"}
ANSWER, FOLLOW_UP = "Terima kasih. Kapan tepatnya?", "Selasa pagi, pukul sembilan"

SIZE = 1_000_000
LONGEST = 400
"""Seconds for the file, which takes 35 at the least, and for all that is cut and sent again."""

TRIES = 8
"""How often a person loads a page again that came in half, or presses "Try again"."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def complete(office: Office) -> set[Path]:
    """Every file that the server holds whole."""
    return {path for path in Layout(office.folder / "server").done.rglob("*") if path.is_file()}


def from_the_start(browser: Browser, act: Callable[[], object]) -> None:
    """What begins with loading the page and sends nothing yet, done anew when the page came in half."""
    for _ in range(TRIES - 1):
        try:
            act()
        except BrowserError:
            continue
        return
    act()


def insist(browser: Browser, css: str) -> None:
    """Until this is to be seen; tries again where the page says that the network failed and offers it."""
    for _ in range(TRIES):
        browser.wait_for(f"{css}, #failure[data-code]:not([hidden])", seconds=LONGEST)
        if browser.visible(css):
            return
        assert browser.evaluate("document.querySelector('#failure').dataset.code") == "network"
        browser.click("#try-again")
    raise browser.complaint(f"{css} does not come")


def report(browser: Browser, url: str, film: Path) -> str:
    """Sends a report with a file; the codename."""
    from_the_start(browser, lambda: reporter.write_report(browser, url, ANSWERS, [film]))
    codename = reporter.take_codename(browser)
    browser.click("#send")
    insist(browser, "#sent")
    assert not browser.visible("#sent-skipped")
    return codename


def come_back(browser: Browser, url: str, codename: str) -> list[str]:
    found: list[str] = []
    from_the_start(browser, lambda: found.extend(reporter.come_back(browser, url, codename)))
    return found


def follow_up(browser: Browser) -> None:
    browser.type("#follow-up", FOLLOW_UP)
    browser.click("#send-follow-up")
    insist(browser, "#follow-up-sent")


def new_film(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(SIZE))
    return path


def read(office: Office, online: Browser, folder: Path) -> None:
    """Carries everything new to the station."""
    folder.mkdir()
    office.station("import", str(reviewer.download_everything_new(online, office, folder)))


def the_case(office: Office, film: Path) -> int:
    """The case that this file belongs to: there must be one, with one report and the file once."""
    numbers = [case["number"] for case in office.station("cases")["cases"]]
    shown = {number: office.station("show", str(number)) for number in numbers}
    (number,) = [n for n in numbers if film.name in [piece["name"] for piece in shown[n]["evidence"]]]
    case = shown[number]
    reports = [message["answers"] for message in case["messages"] if message["kind"] == "report"]
    assert [each["what"] for each in reports] == [ANSWERS["what"]]
    assert [(piece["size"], piece["arrived"]) for piece in case["evidence"]] == [(SIZE, True)]
    return int(number)


def exported(office: Office, case: int, folder: Path) -> bytes:
    folder.mkdir()
    office.station("evidence", "export", str(case), "1", "--to", str(folder))
    (path,) = originals(folder)
    return path.read_bytes()


def answer(office: Office, online: Browser, case: int, folder: Path) -> None:
    office.station("reply", str(case), "--text", ANSWER)
    folder.mkdir()
    office.station("bundle", "--to", str(folder))
    (bundle,) = folder.iterdir()
    reviewer.upload_bundle(online, office, bundle)
    office.publish_board()


@pytest.mark.parametrize("name", BROWSERS)
def test_the_story_over_a_bad_line(name: str, office: Office, tmp_path: Path) -> None:
    film = new_film(tmp_path, f"{name}.mp4")
    server, before, files = Server(office), 0, complete(office)
    with Chromium() as online, SlowLine(office.source_port) as line:
        # What a report over a good line leaves on the server is what one over a bad line must leave.
        before = server.stored()
        report(online, f"{office.source}en/", new_film(tmp_path, "good.mp4"))
        usual, between = server.stored() - before, server.stored()

        with BROWSERS[name]() as browser:
            codename = report(browser, f"{line.url}/en/", film)
        assert line.cuts > 0
        assert line.sent > SIZE
        assert server.stored() - between == usual
        assert len(complete(office) - files) == 2

        reviewer.sign_in(online, office)
        read(office, online, tmp_path / "in-1")
        case = the_case(office, film)
        assert digest(exported(office, case, tmp_path / "out")) == digest(film.read_bytes())
        answer(office, online, case, tmp_path / "stick")

        with BROWSERS[name]() as browser:
            assert come_back(browser, f"{line.url}/en/", codename) == [ANSWER]
            between = server.stored()
            follow_up(browser)
        assert server.stored() - between == 1
        read(office, online, tmp_path / "in-2")
        messages = office.station("show", str(case))["messages"]
        assert [each["text"] for each in messages if each["kind"] == "message"] == [FOLLOW_UP]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
