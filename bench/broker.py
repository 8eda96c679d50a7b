"""Reports at once through the broker of the inbox, against a source app that opens the file itself."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.figures import median
from bench.line import Line, at_least, at_most, plain, tell
from bench.load import crowd, make, request
from bench.server import DISK
from bench.visits import landing
from store.layout import Layout
from tests.e2e.browsers import until
from tests.e2e.office import PELUIT, free_port
from tests.source_app import sealed
from tests.store.installation import CHANNEL, OFFICE, install

_REPORTERS = 64
_REPORTS = 960
_RUNS = 3


def measure() -> Iterator[Line]:
    """Reports a second of 64 reporters, durable, each over a new connection: broker and file by turns."""
    with tempfile.TemporaryDirectory(dir=DISK if DISK.is_dir() else None) as name:
        folder = Path(name)
        layout = Layout(folder / "data")
        install(layout)
        layout.make_done([OFFICE])
        bind = f"unix:{folder / 'socket'}"
        with _serving("inbox", bind, layout):
            assert until(lambda: (folder / "socket").exists())
            ports = free_port(), free_port()
            with (
                _serving("source", f"127.0.0.1:{ports[0]}", layout, PELUIT_INBOX=bind),
                _serving("source", f"127.0.0.1:{ports[1]}", layout),
            ):
                assert all(until(partial(_answers, port)) for port in ports)
                rounds = [[_sent(port, _REPORTS) for port in ports] for _ in range(_RUNS)]
    broker, file = ([each[n][0] for each in rounds] for n in (0, 1))
    for name, rates in (("broker", broker), ("file", file)):
        tell(f"  {name}: {', '.join(f'{rate:.0f}' for rate in rates)} reports/s")
    yield at_most("broker_64_failures", sum(each[0][1] for each in rounds), "reports", 0)
    yield plain("broker_64_per_second", median(broker), "reports/s")
    yield at_least("broker_64_against_file", median(broker) / median(file), "times", 0.8)


def _answers(port: int) -> bool:
    return make(port, landing()).done


def _sent(port: int, count: int) -> tuple[float, int]:
    """Reports a second, and how many failed."""
    path, headers = f"/api/item/{OFFICE}/{CHANNEL}", {"Content-Type": "application/octet-stream"}
    made = [request("POST", path, sealed.DELETION + sealed.item(), headers) for _ in range(count)]
    outcomes = crowd(port, [((each,),) for each in made], min(count, _REPORTERS))
    seconds = max(o.end for o in outcomes) - min(o.begin for o in outcomes)
    failed = sum(not outcome.done for outcome in outcomes)
    return (count - failed) / seconds, failed


@contextmanager
def _serving(app: str, bind: str, layout: Layout, **told: str) -> Iterator[None]:
    line = [PELUIT, "serve", app, "--folder", str(layout.root), "--bind", bind]
    process = subprocess.Popen(line, env=os.environ | told)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
