"""The landing page in real browsers: large and small, by axe and by keys, under its own policy."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from peluit.landing.webserver import POLICY
from tests.accessibility.look import KINDS, Findings, look
from tests.accessibility.walks import BROWSERS
from tests.e2e.browsers import Browser

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """Files, with the policy of the example configurations."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url(landing: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(landing / "site"))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("browser", BROWSERS.values(), ids=BROWSERS)
def test_it_is_there_for_everyone(browser: Callable[[], Browser], url: str) -> None:
    found = Findings()
    with browser() as page:
        for language in ("", "en/"):
            page.open(url + language)
            page.wait_for(".address")
            assert page.evaluate("document.querySelector('img').naturalWidth") > 200
            assert page.evaluate("getComputedStyle(document.querySelector('.warning')).paddingTop") == "16px"
            look(page, language or "id", found)
        assert page.console_errors() == []
    assert found.states == ["id", "en/"]
    assert {kind: getattr(found, kind) for kind in KINDS} == {kind: [] for kind in KINDS}
