"""One contract for all browsers: what `Browser` promises holds for each program at each level."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.browsers import Browser, BrowserError, BrowserMissing, Chromium, CountingProxy, Firefox, until
from tests.e2e.browsers import chromium as chromium_module
from tests.e2e.browsers import firefox_process as firefox_module
from tests.e2e.browsers.processes import is_running
from tests.e2e.browsers.sample_site import DOWNLOAD, sample_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with sample_site() as port:
        yield port


@pytest.fixture(scope="class")
def session(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with request.cls.launch() as browser:
        yield browser


@pytest.fixture
def browser(session: Browser, port: int) -> Browser:
    session.open(f"http://127.0.0.1:{port}/")
    return session


class BrowserContract:
    """Subclasses say which browser by `launch`; its one session serves all tests of the class."""

    launch: Callable[[], Browser]

    def test_a_quiet_page_has_no_errors(self, browser: Browser) -> None:
        known = len(browser.console_errors())
        browser.reload()
        browser.click("#work")
        browser.wait_text("#digest", "300000")
        assert browser.console_errors()[known:] == []

    def test_the_browser_asks_nobody_on_its_own(self, browser: Browser) -> None:
        asked = {urlsplit(request.url).hostname for request in browser.requests()}
        assert asked == {"127.0.0.1"}

    def test_clicks_are_those_of_a_person(self, browser: Browser) -> None:
        browser.click("#add")
        browser.click("#add")
        browser.wait_text("#count", "2")
        assert browser.text("#count") == "2"

    def test_typing_replaces_and_fires_input(self, browser: Browser) -> None:
        browser.type("#line", "héllo 😀")
        assert browser.value("#line") == browser.text("#echo") == "héllo 😀"
        browser.type("#lines", "one\ntwo")
        browser.type("#lines", "three\nfour")
        assert browser.value("#lines") == "three\nfour"
        browser.type("#lines", "")
        assert browser.value("#lines") == ""
        browser.type("#lines", "long " * 20_000)
        assert browser.value("#lines") == "long " * 20_000

    def test_select_and_check(self, browser: Browser) -> None:
        browser.select("#choice", "b")
        assert browser.value("#choice") == "b"
        for on in (True, True, False):
            browser.check("#box", on)
            assert browser.evaluate("document.querySelector('#box').checked") is on

    def test_attaching_replaces_also_in_a_hidden_input(self, browser: Browser, tmp_path: Path) -> None:
        (tmp_path / "a b.txt").write_bytes(b"123")
        (tmp_path / "c.bin").write_bytes(bytes(70_000))
        browser.attach("#files", tmp_path / "a b.txt")
        browser.wait_text("#attached", "a b.txt:3")
        browser.attach("#files", tmp_path / "a b.txt", tmp_path / "c.bin")
        browser.wait_text("#attached", "a b.txt:3 c.bin:70000")
        browser.attach("#files", tmp_path / "c.bin")
        browser.wait_until("document.querySelector('#attached').textContent === 'c.bin:70000'")

    def test_visible_is_what_a_person_sees(self, browser: Browser) -> None:
        assert browser.visible("#add")
        assert not browser.visible("#hidden")
        assert not browser.visible("#nowhere")

    def test_going_on_back_and_again(self, browser: Browser) -> None:
        browser.click("#next")
        browser.wait_for("#arrived")
        browser.back()
        browser.wait_for("#add")
        browser.click("#add")
        browser.wait_text("#count", "1")
        browser.reload()
        browser.wait_text("#count", "0")

    def test_keys_go_where_the_focus_is(self, browser: Browser) -> None:
        browser.evaluate("document.querySelector('#line').focus()")
        browser.press("Tab")
        browser.enter("a b")
        browser.press("Enter")
        browser.enter("c")
        assert browser.value("#lines") == "a b\nc"
        browser.press("Shift+Tab")
        assert browser.evaluate("document.activeElement.id") == "line"
        browser.evaluate("document.querySelector('#add').focus()")
        browser.press("Space")
        browser.press("Enter")
        browser.wait_text("#count", "2")

    def test_preferences_reach_the_page(self, browser: Browser) -> None:
        wishes = ("color-scheme: dark", "reduced-motion: reduce")
        asked = f"{list(wishes)}.map(wish => matchMedia(`(prefers-${{wish}})`).matches)"
        for dark, still in ((True, False), (False, True), (False, False)):
            browser.prefer(dark=dark, still=still)
            assert browser.evaluate(asked) == [dark, still]

    def test_evaluate_gives_json(self, browser: Browser) -> None:
        assert browser.evaluate("window.ownVariable") == 7
        assert browser.evaluate("undefined") is None
        assert browser.evaluate("({a: [1, null, 'x']})") == {"a": [1, None, "x"]}
        assert browser.evaluate("Promise.resolve(3)") == 3
        for thrower in ("(() => { throw new Error('mine') })()", "Promise.reject(new Error('mine'))"):
            with pytest.raises(BrowserError, match="mine"):
                browser.evaluate(thrower)

    def test_a_failed_wait_tells_selector_and_page(self, browser: Browser) -> None:
        with pytest.raises(BrowserError, match=r"(?s)#nowhere.*127\.0\.0\.1.*Add"):
            browser.wait_for("#nowhere", 0.1)
        with pytest.raises(BrowserError, match="#off"):
            browser._await_usable("#off", 0.1)

    def test_screenshots_have_the_size_asked_for(self, browser: Browser, tmp_path: Path) -> None:
        browser.evaluate("void (document.body.style.height = '1500px')")
        for width in (360, 1400):
            browser.screenshot(tmp_path / "page.png", width, 700)
            assert browser.evaluate("[innerWidth, innerHeight]") == [width, 700]
            height = browser.evaluate("document.documentElement.scrollHeight")
            assert height > 1500
            assert _png_size(tmp_path / "page.png") == (width, height)

    def test_downloads(self, browser: Browser, tmp_path: Path) -> None:
        served = browser.click_and_download("#served", tmp_path)
        assert (served, served.read_bytes()) == (tmp_path / "served.bin", DOWNLOAD)
        made = browser.click_and_download("#made", tmp_path)
        assert (made, made.read_bytes()) == (tmp_path / "made.bin", bytes(5000))

    def test_errors_and_violations_are_seen(self, browser: Browser) -> None:
        known = len(browser.console_errors())
        browser.click("#err")
        expected = ("said on purpose", "thrown on purpose", "forbidden.png", "said by a worker")
        until(lambda: len(browser.console_errors()) >= known + len(expected))
        errors = browser.console_errors()[known:]
        assert [sum(words in error for error in errors) for words in expected] == [1, 1, 1, 1], errors

    def test_traffic_is_counted(self, browser: Browser, port: int) -> None:
        with CountingProxy("127.0.0.1", port, keep=True) as proxy:
            browser.open(f"{proxy.url}/")
            assert proxy.kept.startswith(b"GET / HTTP/1.1\r\n")
            assert proxy.sent < 5_000 < proxy.received + 3_000
            proxy.reset()
            browser.click("#work")
            browser.wait_text("#digest", "300000")
            assert 300_000 < proxy.sent < 305_000
            assert proxy.kept.count(bytes(300_000)) == 1
            assert 0 < proxy.received < 3_000
            until(lambda: browser.requests()[-1].received)
            last = browser.requests()[-1]
            assert (last.method, last.url) == ("POST", f"{proxy.url}/echo")
            assert (last.status, last.sent) == (200, 300_000)
            assert last.received is not None
            assert 6 < last.received < 1_000


class Several:
    """A second session beside the first, which costs another start: once for each program."""

    launch: Callable[[], Browser]

    def test_sessions_share_nothing_and_leave_no_process(self, browser: Browser, port: int) -> None:
        browser.evaluate("localStorage.setItem('mark', 'first')")
        with self.launch() as second:
            second.open(f"http://127.0.0.1:{port}/")
            assert second.evaluate("localStorage.getItem('mark')") is None
            members = second.process_ids()
            assert len(members) > 2
            assert not set(members) & set(browser.process_ids())
        assert not [pid for pid in members if is_running(pid)]
        assert browser.process_ids()
        browser.click("#add")
        browser.wait_text("#count", "1")


class Safer:
    """What Tor Browser's Safer level takes away, and what it leaves."""

    def test_no_webassembly_but_webcrypto(self, browser: Browser) -> None:
        assert browser.evaluate("typeof window.WebAssembly") == "undefined"
        browser.click("#work")
        browser.wait_text("#digest", "300000")


class TestChromium(BrowserContract, Several):
    launch = Chromium


class TestChromiumSafer(BrowserContract, Safer):
    launch = staticmethod(lambda: Chromium(safer=True))


class TestFirefox(BrowserContract, Several):
    launch = Firefox


class TestFirefoxSafer(BrowserContract, Safer):
    launch = staticmethod(lambda: Firefox(safer=True))


@pytest.mark.parametrize("launch", [Chromium, Firefox])
def test_safest_runs_no_scripts(launch: Callable[..., Browser], port: int) -> None:
    with launch(safest=True) as browser:
        browser.open(f"http://127.0.0.1:{port}/")
        browser.wait_text("#noscript", "Without scripts")
        browser.type("#line", "typed")
        browser.click("#add")
        assert (browser.value("#line"), browser.text("#echo"), browser.text("#count")) == ("typed", "", "0")


@pytest.mark.parametrize(("module", "launch"), [(chromium_module, Chromium), (firefox_module, Firefox)])
def test_a_missing_browser_names_its_package(
    module: object, launch: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROGRAM", Path("/nonexistent/browser"))
    with pytest.raises(BrowserMissing, match=r"install Debian's package (chromium|firefox-esr)"), launch():
        raise AssertionError("a browser that is not there has started")


def _png_size(path: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height
