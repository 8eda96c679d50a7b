"""A sealed file is carried to the office by somebody else: through the page, and where no script runs."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from crypto.fields import ChannelId, OfficeId
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox, until
from tests.e2e.office import Office, demo, originals
from tests.e2e.sealing import Sealed, seal
from tests.noscript.conftest import Server, serve

pytestmark = pytest.mark.browser

OFFICE, CHANNEL = OfficeId("kota-contoh"), ChannelId("aduan-integritas")
MB = 1_000_000
SMALL_TALK = MB
"""More than everything takes that is not the files."""

BROWSERS = {"chromium": Chromium, "firefox": Firefox}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def line(office: Office) -> Iterator[CountingProxy]:
    """What lies between the carrier and the server."""
    with CountingProxy("127.0.0.1", office.source_port) as proxy:
        yield proxy
        proxy.let_go()


@pytest.fixture
def door(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(Layout(office.folder / "server"), tmp_path_factory.mktemp("door"))
    yield running
    assert running.stop() == ""


class Case:
    """One report with its files, sealed; and what the station must find."""

    def __init__(self, office: Office, folder: Path, *sizes: int) -> None:
        self.what = f"Karcis tanpa nomor {os.urandom(4).hex()}"
        self.files = {f"bukti {number}.mp4": os.urandom(size) for number, size in enumerate(sizes)}
        answers = {"what": self.what, "where": "Terminal Contoh"}
        self.sealed: Sealed = seal(Layout(office.folder / "server"), OFFICE, CHANNEL, answers, self.files)
        self.path = folder / "data-0417.sealed"
        self.path.write_bytes(self.sealed.data)

    def check(self, office: Office, folder: Path) -> None:
        """The station opens the report, and each file once, bit for bit."""
        with Chromium() as online:
            reviewer.sign_in(online, office)
            folder.mkdir()
            bundle = reviewer.download_everything_new(online, office, folder)
        office.station("import", str(bundle))
        numbers = [case["number"] for case in office.station("cases")["cases"]]
        shown = {number: office.station("show", str(number)) for number in numbers}
        (number,) = (number for number in numbers if self.what in json.dumps(shown[number]))
        evidence = {piece["name"]: n for n, piece in enumerate(shown[number]["evidence"], 1)}
        assert set(evidence) == set(self.files) and len(shown[number]["evidence"]) == len(self.files)
        for name, n in evidence.items():
            out = folder / str(n)
            out.mkdir()
            office.station("evidence", "export", str(number), str(n), "--to", str(out))
            (found,) = originals(out)
            assert found.read_bytes() == self.files[name]


@pytest.fixture(params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with BROWSERS[request.param]() as opened:
        yield opened


def choose(browser: Browser, url: str, path: Path) -> None:
    browser.open(url)
    browser.click("#door-sealed")
    browser.attach("#hand-in-file", path)


def test_through_the_page(browser: Browser, office: Office, line: CountingProxy, tmp_path: Path) -> None:
    """Broken off in the middle and chosen again, in a new page: only what is missing goes out."""
    case = Case(office, tmp_path, 12 * MB, 1_000)
    choose(browser, f"{line.url}/en/", case.path)
    browser.wait_for("#hand-in-send")
    assert "Files in it: 2" in browser.text("#hand-in-what")
    line.reset()
    line.hold_at(8 * MB)
    browser.click("#hand-in-send")
    assert until(lambda: line.holding, seconds=reporter.SLOW)
    browser.open("about:blank")
    line.cut()
    line.let_go()
    line.reset()
    choose(browser, f"{line.url}/en/", case.path)
    browser.wait_for("#hand-in-send")
    browser.click("#hand-in-send")
    browser.wait_for("#hand-in-done", seconds=reporter.SLOW)
    assert line.sent < 9 * MB + SMALL_TALK
    assert browser.evaluate("[...document.querySelectorAll('#hand-in-tasks li')].length") == 3
    browser.click("#hand-in-over")
    assert browser.visible("#door-sealed")
    assert browser.console_errors() == []
    case.check(office, tmp_path / "in")


def test_what_cannot_be_handed_in_is_said(browser: Browser, office: Office, tmp_path: Path) -> None:
    case = Case(office, tmp_path, 1_000)
    cut = tmp_path / "cut.sealed"
    cut.write_bytes(case.sealed.data[:-1])
    other = tmp_path / "foto.jpg"
    other.write_bytes(os.urandom(5_000))
    choose(browser, f"{office.source}id/", other)
    browser.wait_text("#hand-in-error", "bukan berkas tersegel")
    browser.attach("#hand-in-file", cut)
    browser.wait_text("#hand-in-error", "rusak atau tidak lengkap")
    assert not browser.visible("#hand-in-send")
    browser.attach("#hand-in-file", case.path)
    browser.wait_for("#hand-in-send")
    assert not browser.visible("#hand-in-error")


def _safest() -> Browser:
    return Firefox(safest=True)


def press_send(browser: Browser) -> None:
    """With a key: a click is waited for until the next page is there."""
    browser.evaluate("document.querySelector('#send').focus()")
    browser.press("Enter")


@pytest.mark.parametrize("launch", [Chromium, _safest])
def test_through_the_door_without_scripts(
    launch: Callable[[], Browser], office: Office, door: Server, tmp_path: Path
) -> None:
    """Broken off in the middle and handed in again."""
    case = Case(office, tmp_path, 12 * MB, 1_000)
    done = Layout(office.folder / "server").done
    before = set(done.rglob("*"))
    with ExitStack() as opened:
        line = opened.enter_context(CountingProxy("127.0.0.1", door.port))
        browser = opened.enter_context(launch())
        browser.open(f"{line.url}/en/")
        browser.click("#door-sealed")
        browser.wait_for("#file")
        browser.attach("#file", case.path)
        line.hold_at(8 * MB)
        press_send(browser)
        assert until(lambda: line.holding, seconds=reporter.SLOW)
        line.cut()
        line.let_go()
        browser.open(f"{line.url}/en/sealed")
        browser.attach("#file", case.path)
        press_send(browser)
        browser.wait_for("#stored", seconds=reporter.SLOW)
        assert "It has arrived" in browser.text("#stored")
    assert len(set(done.rglob("*")) - before) == 2
    case.check(office, tmp_path / "in")
