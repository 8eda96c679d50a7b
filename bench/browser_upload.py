"""1 GiB sent by the real page: what sealing costs, and what Tor Browser's Safer level costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.cdp import BareChromium
from bench.figures import median
from bench.line import Line, at_least, plain, tell
from bench.processes import MIB
from bench.sending import SEALED, UNSEALED, Sent, file_of, page_of, prepare, send, serving
from tests.e2e.browsers import Browser, Firefox
from tests.e2e.source_server import SourceServer

_SIZE = 1024 * MIB
_RUNS = 3
_SEALING, _SAFER = 0.7, 0.5

Way = tuple[Callable[[], Browser], str]
_CHROMIUM: Mapping[str, Way] = {"sealed": (BareChromium, SEALED), "unsealed": (BareChromium, UNSEALED)}
_FIREFOX: Mapping[str, Way] = {
    "standard": (Firefox, SEALED),
    "safer": (lambda: Firefox(safer=True), SEALED),
}


def measure(size: int = _SIZE) -> Iterator[Line]:
    """Ratios of medians; the ways that are compared take turns, each time in a new browser."""
    with serving() as server, file_of(size) as file:
        runs = _alternate(server, file, _CHROMIUM)
        ratio = _seconds(runs["unsealed"]) / _seconds(runs["sealed"])
        yield at_least("browser_upload_sealed", ratio, "of the unsealed speed", _SEALING)
        yield from _speeds("chromium", size, runs)
        runs = _alternate(server, file, _FIREFOX)
        ratio = _seconds(runs["standard"]) / _seconds(runs["safer"])
        yield at_least("browser_upload_safer", ratio, "of the speed at Standard", _SAFER)
        yield from _speeds("firefox", size, runs)


def _alternate(server: SourceServer, file: Path, ways: Mapping[str, Way]) -> dict[str, list[Sent]]:
    runs: dict[str, list[Sent]] = {name: [] for name in ways}
    for _ in range(_RUNS):
        for name, (launch, page) in ways.items():
            with launch() as browser:
                prepare(browser, page_of(server, page), file)
                sent = send(browser, server.folder)
            tell(f"  {name}: {sent.seconds:.2f} s, of which {sent.reading:.2f} s reading")
            runs[name].append(sent)
    return runs


def _seconds(runs: Sequence[Sent]) -> float:
    return median([sent.seconds for sent in runs])


def _speeds(browser: str, size: int, runs: Mapping[str, Sequence[Sent]]) -> Iterator[Line]:
    for name, sent in runs.items():
        yield plain(f"browser_upload_{browser}_{name}", size / MIB / _seconds(sent), "MiB/s")
    for name, sent in runs.items():
        longest = max(each.gap for each in sent)
        yield plain(f"browser_upload_{browser}_{name}_pause", longest, "ms that the page stood still at most")
