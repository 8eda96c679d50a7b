"""What the reporter's page weighs: pages, scripts, and all that a first report moves."""

import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench.line import Line, at_most, plain, tell
from bench.server import started
from peluit.reporter_pages import BUILT
from source_app.pages import LANGUAGES
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox, until

PAGE, REQUESTS, SCRIPTS, FIRST_REPORT = 30_000, 3, 120_000, 250_000
"""The goals: bytes and requests of a page without scripts, bytes of all scripts, and of a first report."""

_ANSWERS = {"what": "Petugas loket meminta uang di luar karcis. " * 20, "where": "Terminal Contoh"}
_BROWSERS = {"chromium": Chromium, "firefox": Firefox}


@dataclass(frozen=True)
class Weight:
    """Bytes of a file: as it is, and as a browser that takes gzip gets it."""

    plain: int
    compressed: int


def weigh(data: bytes) -> Weight:
    """As source_app/static_files.py serves it."""
    return Weight(len(data), min(len(data), len(gzip.compress(data, 9, mtime=0))))


def files(ending: str) -> dict[str, Weight]:
    """The files of the build with this ending, by what they are for: main, worker, style and so on."""
    assets: dict[str, str] = json.loads((BUILT / "assets.json").read_text("utf-8"))
    wanted = {role: BUILT / name for role, name in assets.items() if name.endswith(ending)}
    return {role: weigh(path.read_bytes()) for role, path in wanted.items()}


def measure() -> Iterator[Line]:
    """Whole visits are what TCP carries both ways, headers and all, but without TLS or Tor."""
    with started() as server, CountingProxy("127.0.0.1", server.office.source_port) as line:
        styles = files(".css")
        _table(styles, {})
        for language in LANGUAGES:
            page = weigh(_get(f"{line.url}/{language}/"))
            _table({f"/{language}/": page}, {})
            whole = page.plain + sum(style.plain for style in styles.values())
            yield at_most(f"weight_page_{language}_plain", whole, "bytes with style, not compressed", PAGE)
        for language in LANGUAGES:
            yield from _without_scripts(line, language)
        _table(files(".js"), _moments(line))
        total = sum(weight.compressed for weight in files(".js").values())
        yield at_most("weight_scripts", total, "bytes compressed", SCRIPTS)
        for name, launch in _BROWSERS.items():
            with launch() as browser:
                yield from _first_report(line, name, browser)


def _table(weights: Mapping[str, Weight], moments: Mapping[str, str]) -> None:
    for name, weight in weights.items():
        said = f"  {name:<12} {weight.plain:>9,} bytes plain {weight.compressed:>9,} compressed"
        tell(f"{said}  loaded {moments.get(name, 'with the page')}")


def _get(url: str) -> bytes:
    with urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:
        body: bytes = answer.read()
        return body


def _without_scripts(line: CountingProxy, language: str) -> Iterator[Line]:
    with Firefox(safest=True) as browser:
        line.reset()
        browser.open(f"{line.url}/{language}/")
        asked = [each for each in browser.requests() if each.url.startswith(line.url)]
        yield at_most(f"weight_page_{language}", line.received, "bytes received", PAGE)
        yield at_most(f"weight_page_{language}_requests", len(asked), "requests", REQUESTS)


def _moments(line: CountingProxy) -> dict[str, str]:
    """When each script is asked for: read off a browser that goes step by step."""
    seen: dict[str, str] = {}

    def note(moment: str) -> bool:
        for role in files(".js"):
            if any(f"/assets/{role}-" in each.url for each in browser.requests()):
                seen.setdefault(role, moment)
        return "metadata" in seen

    with Firefox() as browser, tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "foto.jpg"
        picture.write_bytes(bytes.fromhex("ffd8ffd9"))
        browser.open(f"{line.url}/id/")
        browser.wait_for("#door-report")
        note("with the page")
        reporter.write_report(browser, f"{line.url}/id/", _ANSWERS)
        note("when a door is opened")
        browser.attach("#files", picture)
        until(lambda: note("when a file is added"))
    return seen


def _first_report(line: CountingProxy, name: str, browser: Browser) -> Iterator[Line]:
    """A report and the look at its conversation that the page offers then; and a visit on another day."""
    url = f"{line.url}/id/"
    with _moving(line, browser) as loading:
        _load(browser, url)
    with _moving(line, browser) as whole:
        codename = _report(browser, url)
        reporter.look(browser)
    with _moving(line, browser) as visit:
        reporter.come_back(browser, url, codename)
    yield at_most(f"weight_first_report_{name}", whole.total, "bytes both ways", FIRST_REPORT)
    yield plain(f"weight_page_with_scripts_{name}", loading.total, "bytes both ways, of this")
    yield plain(f"weight_visit_{name}", visit.total, "bytes both ways to look at the board on another day")


@dataclass
class _Moved:
    total: int = 0


@contextmanager
def _moving(line: CountingProxy, browser: Browser) -> Iterator[_Moved]:
    """What the inside moves, from an empty tab on."""
    browser.open("about:blank")
    line.reset()
    moved = _Moved()
    yield moved
    moved.total = line.sent + line.received


def _load(browser: Browser, url: str) -> None:
    """Until the worker's script, the last, is there."""
    before = len(browser.requests())

    def loaded() -> bool:
        return any("/assets/worker-" in each.url and each.received for each in browser.requests()[before:])

    browser.open(url)
    if not until(loaded):
        raise browser.complaint("the worker is not loaded")


def _report(browser: Browser, url: str) -> str:
    reporter.write_report(browser, url, _ANSWERS)
    codename = reporter.take_codename(browser)
    reporter.send(browser)
    return codename
