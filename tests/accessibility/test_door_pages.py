"""The pages of the no-script door, judged as the others are: axe needs scripts, the pages do not."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from bench.weight import PAGE, REQUESTS
from store.layout import Layout
from tests.accessibility.door_states import ACTIONS, CHANNEL, STATES, act, walk
from tests.accessibility.focus import tab_to
from tests.accessibility.look import KINDS, Findings, look
from tests.accessibility.states import ANSWERS, Setting, prepare
from tests.accessibility.walks import BROWSERS, WALKS
from tests.e2e.browsers import Browser, Chromium, CountingProxy
from tests.e2e.office import demo
from tests.noscript.conftest import serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence") / "foto.jpg"
    path.write_bytes(b"x" * 1000)
    return path


@pytest.fixture(scope="module")
def setting(photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    with demo(tmp_path_factory.mktemp("demo")) as office:
        yield prepare(office, photo, tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def port(setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    running = serve(Layout(setting.office.folder / "server"), tmp_path_factory.mktemp("door"))
    yield running.port
    assert running.stop() == ""


@pytest.fixture(scope="module")
def walked(setting: Setting, port: int, photo: Path) -> Callable[[str, str], Findings]:
    """What one walk through all pages has found: each browser and language walks once."""

    @cache
    def through(name: str, language: str) -> Findings:
        found, url = Findings(), f"http://127.0.0.1:{port}/{language}/"
        with BROWSERS[name]() as browser:
            for pages in (walk(browser, url, photo), act(browser, url, setting.answered)):
                for state in pages:
                    look(browser, state, found)
            assert browser.console_errors() == []
        return found

    return through


@pytest.fixture(params=WALKS)
def findings(request: pytest.FixtureRequest, walked: Callable[[str, str], Findings]) -> Findings:
    return walked(*request.param)


def test_every_page_was_seen(findings: Findings) -> None:
    assert findings.states == [*STATES, *ACTIONS]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wrong(findings: Findings, kind: str) -> None:
    assert getattr(findings, kind) == []


@pytest.mark.parametrize("browser", BROWSERS.values(), ids=BROWSERS)
def test_a_report_and_a_withdrawal_by_keys_alone(browser: Callable[[], Browser], port: int) -> None:
    with browser() as page:
        page.open(f"http://127.0.0.1:{port}/en/")
        for link in ("#door-report", f"#kind-kota-contoh-{CHANNEL}"):
            # The next page is there, not only on its way: a Tab would be pressed on the one before.
            page.wait_for(link)
            page.wait_until("document.readyState === 'complete'")
            tab_to(page, link)
            page.press("Enter")
        page.wait_for("#codename-words li:nth-child(8)")
        words = page.evaluate(
            "[...document.querySelectorAll('#codename-words li')].map(li => li.textContent)"
        )
        tab_to(page, "#written-down")
        page.press("Enter")
        page.wait_for("#answer-what")
        for field, text in (
            *((f"#answer-{name}", text) for name, text in ANSWERS.items()),
            ("#codename", words),
        ):
            tab_to(page, field)
            page.enter(text if isinstance(text, str) else " ".join(text))
        tab_to(page, "#send")
        page.press("Enter")
        page.wait_for("#stored")
        page.open(f"http://127.0.0.1:{port}/en/withdrawal/kota-contoh")
        page.wait_for("#sure")
        tab_to(page, "#channel")
        page.press("ArrowDown")
        tab_to(page, "#codename")
        page.enter(" ".join(words))
        tab_to(page, "#sure")
        page.press("Space")
        tab_to(page, "#send")
        page.press("Enter")
        page.wait_for("#stored")


@pytest.mark.parametrize("address", ["", "report", "codename/kota-contoh/aduan-integritas", "thread"])
def test_each_page_is_small(port: int, address: str) -> None:
    with CountingProxy("127.0.0.1", port) as line, Chromium() as browser:
        browser.open(f"{line.url}/en/{address}")
        asked = [each.url for each in browser.requests()]
        assert line.received <= PAGE
        assert len(asked) <= REQUESTS, asked
