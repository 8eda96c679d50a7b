"""The memory of all server processes, at rest after some use."""

import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence

from bench import peers
from bench.line import Line, at_most, plain, tell
from bench.load import crowd
from bench.processes import MIB, pss, rss
from bench.server import started
from bench.visits import first_reports

_GOAL = 200
_REST_SECONDS = 2


def measure() -> Iterator[Line]:
    """After 40 reports and ten sign-in pages, so that what is loaded at the first use counts too."""
    with started() as server:
        crowd(server.port, first_reports(server, 40), 8)
        for _ in range(10):
            urllib.request.urlopen(f"{server.office.journalist}en/sign-in").read()
        time.sleep(_REST_SECONDS)
        servers = server.source + server.journalist
        resident, demo = _sum(rss, servers), _sum(rss, [server.office.process.pid])
        try:
            shared = _sum(pss, servers)
        except PermissionError:
            shared = None
    tell(f"  {len(servers)} processes (source {len(server.source)}, journalist {len(server.journalist)})")
    if shared is None:
        tell("  The servers let only root count shared pages once. Not being root, the sum of RSS instead:")
    honest = resident if shared is None else shared
    yield at_most("idle_memory", honest, "MiB", _GOAL)
    yield plain("idle_memory_rss", resident, "MiB (shared pages counted in each process)")
    yield plain("idle_memory_demo", demo, "MiB (the demo's supervisor; not part of a server)")
    yield from peers.costs("idle_memory", honest, peers.IDLE_MEMORY)


def _sum(size: Callable[[int], int], pids: Sequence[int]) -> float:
    return sum(map(size, pids)) / MIB
