"""How long the page stands still during a whole first report with files, and how long its keys take."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.cdp import BareChromium
from bench.line import Line, at_most, plain, tell
from bench.processes import MIB
from bench.sending import SEALED, file_of, serving
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Firefox

PAUSE, KEYS = 100, 5
"""The goals: milliseconds in which nothing else runs in the page, seconds of work on the codename."""

_SIZE = 20 * MIB
_RUNS = 5
_ANSWERS = {"what": "Petugas loket meminta uang di luar karcis. " * 20, "where": "Terminal Contoh"}

# Kept by the page: the longest time between two turns of a timer and, where the browser tells, its longest
# task, each with the step in which it was; and when the keys of the codename, the first row, were begun and
# ready.
_WATCH = """
(() => {
  const main = document.querySelector('#main');
  const step = () => main.dataset.step + ' ' +
    (document.querySelector('#sending-tasks li:last-child')?.dataset.state ?? '');
  const seen = window.measured = { gap: 0, gapIn: '', task: null, taskIn: '', keys: [] };
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > seen.gap) [seen.gap, seen.gapIn] = [now - last, step()];
    last = now;
  }, 4);
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    seen.task = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        if (duration > seen.task) [seen.task, seen.taskIn] = [duration, step()];
      }
    }).observe({ type: 'longtask', buffered: true });
  }
  new MutationObserver(() => {
    const state = document.querySelector('#sending-tasks li:first-child')?.dataset.state;
    if (state === (seen.keys.length === 0 ? 'state-working' : 'state-done') && seen.keys.length < 2) {
      seen.keys.push(performance.now());
    }
  }).observe(document.querySelector('#sending-tasks'), {
    subtree: true, childList: true, attributeFilter: ['data-state'],
  });
})()
"""


@dataclass(frozen=True)
class Stood:
    """Milliseconds that the page stood still at most, `task` where the browser tells; seconds of the keys."""

    gap: float
    task: float | None
    keys: float


def measure() -> Iterator[Line]:
    """The best of several runs in new browsers: whatever else runs on the machine makes pauses too."""
    ways: dict[str, Callable[[], Browser]] = {
        "chromium": BareChromium,
        "firefox_safer": lambda: Firefox(safer=True),
    }
    with serving() as server, file_of(_SIZE) as file, tempfile.TemporaryDirectory() as folder:
        picture = _picture(Path(folder))
        url = f"http://127.0.0.1:{server.port}/{SEALED}/"
        for name, launch in ways.items():
            runs = [_report(launch, name, url, [file, picture]) for _ in range(_RUNS)]
            tasks = [run.task for run in runs if run.task is not None]
            if tasks:
                yield at_most(f"pauses_{name}_task", min(tasks), "ms, the longest task of the page", PAUSE)
                yield plain(f"pauses_{name}", min(run.gap for run in runs), "ms between two turns of a timer")
            else:
                least = min(run.gap for run in runs)
                yield at_most(f"pauses_{name}", least, "ms between two turns of a timer", PAUSE)
            keys = min(run.keys for run in runs)
            yield at_most(f"pauses_{name}_keys", keys, "s for the codename's keys", KEYS)


def _picture(folder: Path) -> Path:
    """Too short to be shown, long enough to be looked at for hidden data."""
    path = folder / "foto.jpg"
    path.write_bytes(bytes.fromhex("ffd8ffd9"))
    return path


def _report(launch: Callable[[], Browser], name: str, url: str, files: list[Path]) -> Stood:
    with launch() as browser:
        browser.open(url)
        browser.wait_for("#door-report", seconds=reporter.SLOW)
        browser.evaluate(_WATCH)
        reporter.fill_in(browser, _ANSWERS, files)
        reporter.take_codename(browser)
        reporter.send(browser)
        reporter.look(browser)
        seen = browser.evaluate("window.measured")
    begun, ready = seen["keys"]
    tell(f"  {name}: {seen['gap']:.0f} ms ({seen['gapIn']}), task {seen['task']} ms ({seen['taskIn']})")
    return Stood(seen["gap"], seen["task"], (ready - begun) / 1000)
