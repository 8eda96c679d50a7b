"""What servers write at every log level says what kind of error it was and which function met it, no more.

All programs are asked everything, good and bad, with a user agent that can be recognised, at each level of
gunicorn's and with its access log asked for. Every line on standard output and error must have one of two
forms: there is then no path, id, user agent, address or time in it, however it is written.
"""

import http.client
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.line import Line, at_least, at_most, plain, tell
from store.layout import Layout
from store.staff import open_staff
from tests.e2e.browsers import until
from tests.e2e.office import PELUIT, free_port
from tests.noscript.visitor import HttpVisitor
from tests.privacy.proofs.answers import AGENT, FORM, collect

LEVELS = ("debug", "info", "warning", "error", "critical")
_GOOD = re.compile(r"error (logged elsewhere|[A-Za-z]+ (elsewhere|[a-z_]+(\.[a-z_]+)*:[A-Za-z_.<>]+))")
_JOURNAL = Path("/run/systemd/journal/socket")


def measure(full: bool) -> Iterator[Line]:
    """In full at every level, in small at the one that says most."""
    levels = LEVELS if full else LEVELS[:1]
    said = [line for level in levels for line in lines_of_a_life(level)]
    wrong = unfit(said)
    for line in wrong[:20]:
        tell(f"  {line!r}")
    yield at_most("logs: lines that say more than a kind of error", len(wrong), "lines", 0)
    yield at_least("logs: lines about errors of the servers' own", len(said), "lines", len(levels))
    yield plain("logs: journald on this machine", int(_JOURNAL.exists()), "")


def unfit(lines: Iterable[str]) -> list[str]:
    """The lines that no server may write."""
    return [line for line in lines if not _GOOD.fullmatch(line)]


def lines_of_a_life(level: str) -> list[str]:
    """What all programs write when they are asked everything, a full disk included."""
    settings = {"GUNICORN_CMD_ARGS": f"--log-level {level} --access-logfile - --capture-output"}
    with tempfile.TemporaryDirectory(prefix="peluit-logs-") as name:
        layout = Layout(Path(name) / "data")
        found = collect(layout, settings)
        found.logs.append(_reviewers(layout, Path(name) / "log", settings))
    return [line for log in found.logs for line in log.splitlines()]


def _reviewers(layout: Layout, log: Path, settings: Mapping[str, str]) -> str:
    """What the reviewers' app writes of strangers who try to get in."""
    with reviewers(layout, log, settings) as (port, _process):
        for method, path in (
            ("GET", "/id/sign-in"),
            ("POST", "/id/sign-in"),
            ("GET", "/kenari"),
            ("PUT", "/"),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            body = b"name=inspektur&passphrase=kenari&code=000000" if method == "POST" else None
            connection.request(method, path, body, {"User-Agent": AGENT, **(FORM if body else {})})
            connection.getresponse().read()
            connection.close()
    return log.read_text()


@contextmanager
def reviewers(layout: Layout, log: Path, settings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The reviewers' app of an installation: its port, and its process."""
    open_staff(layout).close()
    port = free_port()
    line = [PELUIT, "serve", "journalist", "--folder", str(layout.root), "--bind", f"127.0.0.1:{port}"]
    with log.open("w") as output:
        process = subprocess.Popen(line, stdout=output, stderr=output, env={**os.environ, **settings})
    try:
        assert until(lambda: process.poll() is not None or HttpVisitor(port).answers(), seconds=60)
        assert process.poll() is None, log.read_text()
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)
