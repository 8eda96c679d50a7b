"""`make journey`: the whole story headless, timed, and then a search for anything of it on the server.

Runs the story in Chromium and in Firefox with Tor Browser's Safer preferences. Prints, for each, seconds for
each step and the bytes that the reporter's browser sent and received; then `plaintext_hits`: how often the
report's text, the file's name and content, the follow-up and words of the codename occur under the server's
data folder, in what it logged, in its temporary folder and in the memory of its processes. The same search
must find a canary that is planted in each of those places (`planted_found`), and in each server process
something that is surely there (`processes_readable`), or its silence would mean nothing.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.line import Line, emit
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox
from tests.e2e.office import Office, demo
from tests.e2e.story import Secrets, Story
from tests.privacy.canaries import Search
from tests.privacy.seizure import search_server

BROWSERS: dict[str, Callable[[], Browser]] = {
    "chromium": Chromium,
    "firefox_safer": lambda: Firefox(safer=True),
}
_PLANTED = "kenari yang ditanam"
_SURELY_THERE = "hardening.deploy"


def measure() -> Iterator[Line]:
    """Tells the stories, then searches."""
    told: list[Secrets] = []
    with tempfile.TemporaryDirectory(prefix="peluit-journey-") as name:
        folder = Path(name)
        temporary = folder / "tmp"
        temporary.mkdir()
        with demo(folder / "demo", temporary) as office:
            for browser, opens in BROWSERS.items():
                inner = folder / browser
                inner.mkdir()
                story = Story(office, opens, Chromium, inner)
                yield from _tell(browser, story)
                told.append(story.secrets)
            yield from _search(office, temporary, told)


def _tell(name: str, story: Story) -> Iterator[Line]:
    with CountingProxy("127.0.0.1", story.office.source_port) as proxy:
        story.reporter_url = proxy.url
        before = time.perf_counter()
        for step in story.tell():
            now = time.perf_counter()
            yield Line(f"{name}: {step}", round(now - before, 2), "s")
            before = now
        yield Line(f"{name}: reporter sent", proxy.sent, "bytes")
        yield Line(f"{name}: reporter received", proxy.received, "bytes")


def _search(office: Office, temporary: Path, told: list[Secrets]) -> Iterator[Line]:
    canaries = [canary for secrets in told for canary in secrets.canaries()]
    hits = search_server(office, temporary, Search(canaries))
    for hit in sorted(hits, key=lambda hit: hit.where):
        sys.stderr.write(f"found in {hit.where}: {hit.canary!r}\n")
    yield Line("plaintext_hits", len(hits), "hits", 0, not hits)
    places = 4
    found = len(_planted(office, temporary))
    yield Line("planted_found", found, "places", places, found == places)
    processes = office.server_processes()
    readable = sum(bool(Search([_SURELY_THERE]).memory(pid)) for pid in processes)
    yield Line("processes_readable", readable, "processes", len(processes), readable == len(processes) > 0)


def _planted(office: Office, temporary: Path) -> set[str]:
    """The kinds of places in which a planted canary was found: data, log, temporary file, memory."""
    places = {
        "data": office.folder / "server" / "public" / "planted",
        "log": temporary / "planted.log",
        "temporary": temporary / "deep" / "planted",
    }
    found = set()
    (temporary / "deep").mkdir()
    for name, path in places.items():
        path.write_text(_PLANTED, "utf-16-le")
        if any(hit.where == str(path) for hit in search_server(office, temporary, Search([_PLANTED]))):
            found.add(name)
        path.unlink()
    script = f"kept = {_PLANTED[:9]!r} + {_PLANTED[9:]!r}; print('ready', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        child.stdout.readline()
        if Search([_PLANTED]).memory(child.pid):
            found.add("memory")
        child.communicate(b"\n")
    return found


if __name__ == "__main__":
    sys.exit(emit(measure()))
