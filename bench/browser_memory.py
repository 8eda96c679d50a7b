"""What a browser's memory grows by while the real page seals and sends files of 200 MiB and of 2 GiB."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.cdp import BareChromium
from bench.line import Line, at_most, plain
from bench.processes import MIB, Growth, command, growing
from bench.sending import SEALED, blank_file_of, page_of, prepare, send, serving
from tests.e2e.browsers import Browser, Firefox
from tests.e2e.source_server import SourceServer

_SMALL, _LARGE = 200 * MIB, 2048 * MIB
_MOST = 128
# When garbage is collected differs from run to run.
_TOLERANCE = 16

_BROWSERS: Mapping[str, tuple[Callable[[], Browser], str]] = {
    "chromium": (BareChromium, "--type=renderer"),
    "firefox": (Firefox, " tab"),
}
"""How to start it, and what the command line of a content process holds: pages and workers live there."""


def measure(small: int = _SMALL, large: int = _LARGE) -> Iterator[Line]:
    """The content process that grows most, from when only the button is left to be pressed."""
    with serving() as server:
        for name, (launch, mark) in _BROWSERS.items():
            with blank_file_of(small) as file:
                before, _ = _grown(server, launch, mark, file)
            with blank_file_of(large) as file:
                content, others = _grown(server, launch, mark, file)
            yield at_most(f"browser_memory_{name}", content, "MiB, content process, 2 GiB", _MOST)
            bound = before + _TOLERANCE
            yield at_most(f"browser_memory_{name}_flat", content, "MiB, and for 200 MiB plus 16 MiB", bound)
            yield plain(
                f"browser_memory_{name}_others", others, "MiB, the most of the browser's other processes"
            )


def _grown(server: SourceServer, launch: Callable[[], Browser], mark: str, file: Path) -> tuple[float, float]:
    """MiB by which the content process that grew most, and the other process that did, grew."""
    with launch() as browser:
        prepare(browser, page_of(server, SEALED), file)
        content = {pid for pid in browser.process_ids() if mark in command(pid)}
        with growing(browser.process_ids()) as growth:
            send(browser, server.folder)
        return _largest(growth, content), _largest(growth, growth.before.keys() - content)


def _largest(growth: Growth, pids: set[int]) -> float:
    return max(growth.highest[pid] - growth.before[pid] for pid in pids) / MIB
