"""A file on its way from the real page in a real browser to the real server, watched from inside the page."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import MIB
from bench.server import DISK
from peluit.demo_office import open_office
from store.layout import Layout
from tests.e2e import reporter
from tests.e2e.browsers import Browser
from tests.e2e.source_server import SourceServer

SEALED, UNSEALED = "en", "unsealed"
"""The page as it is served, and the one with bench/unsealed.js in its worker."""

_PRELUDE = Path(__file__).with_name("unsealed.js")

# Kept by the page: when its last row came into which state, and the longest time that nothing else could run.
_WATCH = """
(() => {
  const list = document.querySelector('#sending-tasks');
  const seen = window.measured = { states: [], gap: 0 };
  let last = 0;
  new MutationObserver(() => {
    const state = list.querySelector('li:last-child')?.dataset.state;
    const now = performance.now();
    if (!state || state === 'state-waiting' || state === seen.states.at(-1)?.[0]) return;
    if (seen.states.length === 0) last = now;
    seen.states.push([state, now]);
    if (['state-done', 'state-failed', 'state-cancelled'].includes(state)) window.measuredOver(seen);
  }).observe(list, { subtree: true, childList: true, attributeFilter: ['data-state'] });
  setInterval(() => {
    const now = performance.now();
    if (last > 0) seen.gap = Math.max(seen.gap, now - last);
    last = last > 0 ? now : 0;
  }, 4);
})()
"""
_OVER = "new Promise(resolve => { window.measuredOver = resolve; document.querySelector('#send').click(); })"


@dataclass(frozen=True)
class Sent:
    """How long a file took: to be read, and altogether. `gap` is the longest that the page stood still."""

    reading: float
    seconds: float
    gap: float


@contextmanager
def serving() -> Iterator[SourceServer]:
    """The reporters' server of a new office on a real disk, with both pages."""
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        with contextlib.redirect_stdout(sys.stderr):
            office = open_office(Path(folder) / "demo")
        _add_unsealed(Layout(office.server).pages)
        server = SourceServer(office.server)
        server.start()
        try:
            yield server
        finally:
            server.cut_off()


@contextmanager
def file_of(size: int) -> Iterator[Path]:
    """A file of random bytes on the same disk, in the system's cache."""
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        path = Path(folder) / "film.bin"
        with path.open("wb") as file:
            for _ in range(size // MIB):
                file.write(os.urandom(MIB))
        yield path


@contextmanager
def blank_file_of(size: int) -> Iterator[Path]:
    """A file of zeros that takes no room: for whom the content is all the same."""
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        path = Path(folder) / "film.bin"
        with path.open("wb") as file:
            file.truncate(size)
        yield path


def page_of(server: SourceServer, page: str) -> str:
    """The address of one of both pages."""
    return f"http://127.0.0.1:{server.port}/{page}/"


def prepare(browser: Browser, url: str, file: Path) -> None:
    """From the landing page to the point where nothing is left to do but to press the button."""
    reporter.write_report(browser, url, {"what": "Pungli", "where": "Terminal"}, [file])
    reporter.take_codename(browser)
    browser.evaluate(_WATCH)


def send(browser: Browser, data: Path) -> Sent:
    """Sends what was prepared; the file's own share of it. `data` is the server's folder."""
    seen = browser.evaluate(_OVER)
    states = [(state, at / 1000) for state, at in seen["states"]]
    if states[-1][0] != "state-done":
        raise browser.complaint(f"the file was not sent: {states}")
    begin = states[0][1]
    reading = next(at for state, at in states if state == "state-sending") - begin
    _forget(Layout(data))
    return Sent(reading, states[-1][1] - begin, seen["gap"])


def _forget(layout: Layout) -> None:
    """Makes room on the disk for the next."""
    for path in layout.done.rglob("*"):
        if path.is_file():
            path.unlink()


def _add_unsealed(pages: Path) -> None:
    """Beside the page another, which differs in its worker only."""
    assets = pages / "assets"
    (worker,), (main,) = assets.glob("worker-*.js"), assets.glob("main-*.js")
    (assets / "unsealed-worker.js").write_bytes(_PRELUDE.read_bytes() + worker.read_bytes())
    (assets / "unsealed-main.js").write_text(main.read_text().replace(worker.name, "unsealed-worker.js"))
    page = pages / UNSEALED / "index.html"
    page.parent.mkdir()
    page.write_text((pages / SEALED / "index.html").read_text().replace(main.name, "unsealed-main.js"))
