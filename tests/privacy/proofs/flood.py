"""One sender at full speed keeps nobody else from reporting, and nobody is kept out by address.

Everybody comes from the same address, as over Tor. The flooding sender uses many connections at once.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.line import Line, at_least, at_most, plain
from store.layout import Layout
from tests.privacy.proofs.two_worlds import OCTETS
from tests.source_app import sealed
from tests.source_app.conftest import Server, start
from tests.store.installation import CHANNEL, OFFICE, install


@dataclass(frozen=True)
class Flooded:
    """How many requests of the others failed, the longest of them in seconds, and what the flood sent."""

    failed: int
    longest: float
    flood: int


def measure(full: bool) -> Iterator[Line]:
    """In full 100 reports of each of three people, against 32 connections."""
    reports, connections = (100, 32) if full else (5, 8)
    with tempfile.TemporaryDirectory(prefix="peluit-flood-") as name:
        found = flooded(Path(name), reports, connections)
    yield at_most("flood: reports of others that failed", found.failed, "reports", 0)
    yield at_least("flood: the sender at full speed sent meanwhile", found.flood, "texts", 3 * reports)
    yield plain("flood: longest wait of another's report", found.longest, "s")


def flooded(folder: Path, reports: int, connections: int, **settings: str) -> Flooded:
    """Three people send so many texts each while one sends on and on."""
    layout = install(Layout(folder / "data")).layout
    with tempfile.TemporaryDirectory(prefix="p") as place:
        server = start(layout, Path(place), **settings)
        over, begun = threading.Event(), threading.Barrier(connections + 1)
        sent: list[bool] = []
        waits: list[tuple[bool, float]] = []

        def flood() -> None:
            sent.append(_report(server))
            begun.wait()
            while not over.is_set():
                sent.append(_report(server))

        def person() -> None:
            for _ in range(reports):
                before = time.perf_counter()
                good = _report(server)
                waits.append((good, time.perf_counter() - before))

        flooding = [threading.Thread(target=flood) for _ in range(connections)]
        people = [threading.Thread(target=person) for _ in range(3)]
        for thread in flooding:
            thread.start()
        begun.wait()
        for thread in people:
            thread.start()
        for thread in people:
            thread.join()
        over.set()
        for thread in flooding:
            thread.join()
        server.stop()
    failed = sum(not good for good, _ in waits)
    return Flooded(failed, max(wait for _, wait in waits), len(sent))


def _report(server: Server) -> bool:
    body = sealed.DELETION + sealed.item()
    return server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, body).startswith(b"HTTP/1.1 204")
