"""Back, reload and a closed tab, at every step, in both browsers: nothing of a visit is left."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium, Firefox, until
from tests.e2e.browsers.sample_site import sample_site
from tests.e2e.source_server import SourceServer

pytestmark = pytest.mark.browser

WHAT, WHERE, MORE = "Kalimat yang tidak boleh tertinggal 4711", "Gudang rahasia 0815", "Tambahan rahasia 1234"
ANSWERS = {"what": WHAT, "where": WHERE}
FILE = "bukti-rahasia-42.jpg"

# Everything a page can keep, and everything it shows or holds in a field.
TRACES = """(async () => JSON.stringify({
  stores: [{...window.localStorage}, {...window.sessionStorage}, document.cookie, history.state, window.name,
    await window.indexedDB.databases(), await window.caches?.keys() ?? [],
    await navigator.serviceWorker?.getRegistrations() ?? []],
  address: location.href,
  fields: [...document.querySelectorAll("textarea, input:not([type]), [type=text], [type=password]")].map(
    ({ value }) => value),
  chosen: [...document.querySelectorAll("input[type=file]")].map(({ files }) => files.length),
  text: document.documentElement.textContent,
}))()"""
# What MORE leaves in a proof of authorship, which is base64: by where in the data it begins.
PROOF = [urlsafe_b64encode(b" " * shift + MORE.encode())[4:-4].decode() for shift in range(3)]
# Fields whose content a browser may keep for another time.
KEPT = """[...document.querySelectorAll("input, select, textarea")]
  .filter(({ form }) => form?.getAttribute("autocomplete") !== "off").map(({ id }) => id)"""
EMPTY: list[object] = [{}, {}, "", None, "", [], [], []]


@pytest.fixture(scope="module")
def server(demo_office: DemoOffice) -> Iterator[SourceServer]:
    running = SourceServer(demo_office.server)
    running.start()
    yield running
    running.cut_off()


@pytest.fixture(scope="module", params=[Chromium, Firefox], ids=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with request.param() as opened:
        yield opened


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence") / FILE
    path.write_bytes(b"x" * 1000)
    return path


@pytest.fixture(scope="module")
def codename(browser: Browser, server: SourceServer) -> str:
    """Of a report that has been sent."""
    reporter.write_report(browser, server.url, ANSWERS)
    words = reporter.take_codename(browser)
    reporter.send(browser)
    return words


@pytest.fixture
def start(browser: Browser, server: SourceServer) -> str:
    """The page's address; the page before it in the history is of the same site."""
    browser.open(server.url.replace("/en/", "/id/"))
    browser.open(server.url)
    browser.wait_for("#door-report")
    return server.url


def assert_no_trace(browser: Browser, start: str, codename: str) -> None:
    browser.wait_for("#door-report", seconds=reporter.SLOW)
    left = json.loads(browser.evaluate(TRACES))
    assert left["stores"] == EMPTY
    assert left["address"] in (start, start.replace("/en/", "/id/"))
    assert set(left["fields"]) == {""}
    assert set(left["chosen"]) == {0}
    for secret in (WHAT, WHERE, MORE, FILE, *PROOF, *pairs(codename)):
        assert secret not in left["text"]


def pairs(codename: str) -> list[str]:
    """Each two words of it that stand side by side."""
    return [f"{one}{joint}{two}" for one, two in pairwise(codename.split()) for joint in ("", " ", "-")]


def written(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.write_report(browser, url, ANSWERS, [evidence])
    return codename


def shown_codename(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.write_report(browser, url, ANSWERS, [evidence])
    return reporter.take_codename(browser)


def practised(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    own = shown_codename(browser, url, codename, evidence)
    browser.click("#practice summary")
    browser.type("#practice-words", own)
    return own


def sent(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    own = shown_codename(browser, url, codename, evidence)
    reporter.send(browser)
    return own


def typed_codename(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    browser.open(url)
    browser.click("#door-return")
    browser.type("#codename-input", codename)
    return codename


def thread(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    return codename


def typed_follow_up(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    browser.type("#follow-up", MORE)
    browser.attach("#follow-up-files", evidence)
    return codename


def followed_up(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    reporter.follow_up(browser, MORE, [evidence])
    return codename


def typed_actions(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    for name, field in (("threat", "words"), ("authorship", "statement"), ("withdrawal", "words")):
        browser.click(f"#{name} summary")
        browser.type(f"#{name}-{field}", MORE)
    browser.click("#withdraw")
    browser.wait_for("#withdraw-yes")
    return codename


def acted(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    reporter.act(browser, "threat", MORE, "#send-threat")
    reporter.act(browser, "withdrawal", MORE, "#withdraw")
    return codename


def proved(browser: Browser, url: str, codename: str, evidence: Path) -> str:
    reporter.come_back(browser, url, codename)
    browser.click("#authorship summary")
    browser.type("#authorship-statement", MORE)
    browser.click("#prove")
    browser.wait_for("#authorship-proof")
    assert any(part in browser.value("#authorship-proof") for part in PROOF)
    return codename


Step = Callable[[Browser, str, str, Path], str]
STEPS: Mapping[str, Step] = {
    step.__name__: step
    for steps in (
        (written, shown_codename, practised, sent),
        (typed_codename, thread, typed_follow_up, followed_up, typed_actions, acted, proved),
    )
    for step in steps
}


@pytest.mark.parametrize("step", STEPS)
def test_back_and_forward(browser: Browser, start: str, codename: str, evidence: Path, step: str) -> None:
    words = STEPS[step](browser, start, codename, evidence)
    browser.back()
    assert_no_trace(browser, start, words)
    browser.evaluate("void setTimeout(() => history.forward())")  # answers before the page is left
    browser.wait_until(f"location.href === {json.dumps(start)}", seconds=reporter.SLOW)
    assert_no_trace(browser, start, words)


@pytest.mark.parametrize("step", STEPS)
def test_reload_and_a_new_visit(
    browser: Browser, start: str, codename: str, evidence: Path, step: str
) -> None:
    words = STEPS[step](browser, start, codename, evidence)
    browser.reload()
    assert_no_trace(browser, start, words)
    words = STEPS[step](browser, start, codename, evidence)
    browser.open("about:blank")
    browser.open(start)
    assert_no_trace(browser, start, words)


@pytest.mark.parametrize("step", STEPS)
def test_quick_exit_and_back(browser: Browser, start: str, codename: str, evidence: Path, step: str) -> None:
    words = STEPS[step](browser, start, codename, evidence)
    browser.click("#quick-exit")
    browser.wait_until("location.href === 'about:blank'")
    browser.back()
    assert_no_trace(browser, start, words)


def wait_until_written_down(browser: Chromium, mark: str) -> None:
    """Until Chromium has saved the tab's state; what the page's fields hold is saved with it.

    Twice: the first time it may have collected the fields before they were filled in.
    """
    for each in (f"{mark}-1", f"{mark}-2"):
        browser.evaluate(f"history.replaceState({each!r}, '')")
        assert until(partial(browser.wrote_down, each), seconds=reporter.SLOW)


def test_chromium_writes_nothing_of_a_visit_down(server: SourceServer, evidence: Path) -> None:
    """It keeps ordinary fields on disk to restore them after a crash, unlike Tor Browser."""
    with Chromium() as browser:
        codename = sent(browser, server.url, "", evidence)
        for step, go in STEPS.items():
            words = go(browser, server.url, codename, evidence)
            assert browser.evaluate(KEPT) == [], step
            wait_until_written_down(browser, f"mark-{step}")
            for secret in (WHAT, WHERE, MORE, FILE, *PROOF, words, *pairs(words)):
                assert not browser.wrote_down(secret), step


def test_what_chromium_writes_down_is_found() -> None:
    with sample_site() as port, Chromium() as browser:
        browser.open(f"http://127.0.0.1:{port}/")
        browser.type("#lines", WHAT)
        wait_until_written_down(browser, "mark")
        assert browser.wrote_down(WHAT)
        assert not browser.wrote_down(WHERE)


def test_a_report_that_was_sent_is_still_there_after_all_this(
    browser: Browser, start: str, codename: str
) -> None:
    assert reporter.come_back(browser, start, codename) == []
    assert browser.visible("#no-replies")


def test_this_test_can_find_what_is_left(browser: Browser, start: str, codename: str) -> None:
    for leave in ("sessionStorage.setItem('a', 'b')", "history.replaceState('a', '')", "window.name = 'a'"):
        browser.evaluate(f"void ({leave})")
        with pytest.raises(AssertionError):
            assert_no_trace(browser, start, codename)
        browser.evaluate("(sessionStorage.clear(), history.replaceState(null, ''), void (window.name = ''))")
    assert_no_trace(browser, start, codename)
