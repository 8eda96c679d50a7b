"""The pages of the no-script door, judged as the others are: axe needs scripts, the pages do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.weight import PAGE, REQUESTS
from peluit.demo_office import DemoOffice
from store.layout import Layout
from tests.accessibility.look import Findings, look
from tests.accessibility.states import ANSWERS
from tests.e2e.browsers import Browser, Chromium, CountingProxy
from tests.noscript.conftest import serve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("door-pages")]

KIND = "#kind-kota-contoh-aduan-integritas"
WORDS = "[...document.querySelectorAll('#codename-words li')].map(li => li.textContent).join(' ')"


@pytest.fixture(scope="module")
def port(demo_office: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    running = serve(Layout(demo_office.server), tmp_path_factory.mktemp("door"))
    yield running.port
    assert running.stop() == ""


@pytest.fixture(scope="module", params=["id", "en"])
def findings(request: pytest.FixtureRequest, port: int, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    evidence = tmp_path_factory.mktemp("evidence") / "foto.jpg"
    evidence.write_bytes(b"x" * 1000)
    found = Findings()
    with Chromium() as browser:
        for state in walk(browser, f"http://127.0.0.1:{port}/{request.param}/", evidence):
            look(browser, state, found)
        assert browser.console_errors() == []
    return found


def walk(browser: Browser, url: str, evidence: Path) -> Iterator[str]:
    """The name of each page while the browser shows it."""
    browser.open(url)
    yield "notice"
    browser.click("#door-report")
    browser.wait_for(KIND)
    yield "kinds"
    browser.click(KIND)
    browser.wait_for("#codename-words li:nth-child(8)")
    codename = browser.evaluate(WORDS)
    yield "codename"
    browser.click("#written-down")
    browser.wait_for("#answer-what")
    yield "report"
    browser.type("#answer-what", ANSWERS["what"])
    browser.type("#codename", "lapqq")
    browser.click("#send")
    browser.wait_for("[aria-invalid=true]")
    yield "report with faults"
    browser.type("#answer-where", ANSWERS["where"])
    browser.type("#codename", codename)
    browser.click("#send")
    browser.wait_for("#stored")
    yield "stored"
    browser.click("#add-file")
    browser.wait_for("#file")
    yield "evidence"
    browser.open(url)
    browser.click("#door-return")
    browser.wait_for("#unlock")
    yield "return"
    browser.type("#codename", codename)
    browser.click("#unlock")
    browser.wait_for("#no-replies")
    yield "thread"
    browser.open(f"{url}nowhere")
    yield "not found"


def test_axe_finds_nothing(findings: Findings) -> None:
    assert len(findings.states) == 10
    assert findings.axe == []


def test_nothing_is_cut_off_on_a_small_screen_or_at_twice_the_size(findings: Findings) -> None:
    assert findings.cut == []


def test_the_reading_order_is_the_order_on_the_screen(findings: Findings) -> None:
    assert findings.disorder == []


def test_nothing_moves_for_who_wants_no_motion(findings: Findings) -> None:
    assert findings.moving == []


def test_tab_goes_everywhere_and_the_focus_is_always_seen(findings: Findings) -> None:
    assert findings.focus == []


@pytest.mark.parametrize("address", ["", "report", "codename/kota-contoh/aduan-integritas", "thread"])
def test_each_page_is_small(port: int, address: str) -> None:
    with CountingProxy("127.0.0.1", port) as line, Chromium() as browser:
        browser.open(f"{line.url}/en/{address}")
        asked = [each.url for each in browser.requests()]
        assert line.received <= PAGE
        assert len(asked) <= REQUESTS, asked
