"""Requests that no client sends: no answer is a fault of the server's own, and memory and time stay bounded.

Hypothesis makes them from the addresses, headers and bodies that there are, and from anything. All three
programs, over real HTTP, bytes as they come.
"""

import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.line import Line, at_most, tell
from store.layout import Layout
from tests.noscript import conftest as door
from tests.noscript.test_pages import PAGES
from tests.privacy.proofs import logs
from tests.source_app import sealed
from tests.store.installation import CHANNEL, OFFICE, install

GROWTH = 64
"""The goal for each program: MiB that its processes may take more than after the first requests."""
LONGEST = 30
"""The goal for the longest answer, in seconds: machines that do other work at the same time are slow."""

_BLOB = f"/api/blob/{OFFICE}/{'0a' * 16}/65536"
_PATHS = (
    *("/", "/site.json", "/api/intake", "/api/ticket", f"/api/item/{OFFICE}/{CHANNEL}", "/board/index"),
    *(f"/api/directory/{OFFICE}", f"/api/deletion/{OFFICE}", _BLOB, f"{_BLOB}/0", f"{_BLOB}/done"),
    *(f"/id/{page}" for page in PAGES),
    *("/en/sign-in", "/en/queue", "/en/import", "/en/people", "/en/parts", "/en/log"),
)
_HEADERS = (
    *("Content-Type", "Content-Length", "Transfer-Encoding", "Peluit-Ticket", "Cookie", "Range", "Expect"),
    *("Accept-Encoding", "Accept-Language", "Sec-Fetch-Site", "Origin", "Host", "Connection", "Upgrade"),
)
_VALUES = (
    *("application/octet-stream", "application/json", "application/x-www-form-urlencoded", "chunked", "0"),
    *("multipart/form-data; boundary=a", "-1", "99999999999", "bytes=0-", "100-continue", "gzip;q=x", "null"),
)
_BODIES = (
    b"",
    b"{}",
    b"[" * 2_000,
    b"codename=a&codename=b",
    b"--a\r\n\r\n--a--",
    sealed.DELETION + sealed.item(),
)

_anything = st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b""))


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request, whole or garbled."""
    method = draw(st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"HEAD", b"OPTIONS"]) | _anything)
    path = draw(st.sampled_from(_PATHS)).encode()
    if draw(st.booleans()):
        at = draw(st.integers(0, len(path)))
        path = path[:at] + draw(_anything).replace(b" ", b"%20") + path[at:]
    lines = [method + b" " + path + b" HTTP/1.1", b"Connection: close"]
    for _ in range(draw(st.integers(0, 5))):
        name = draw(st.sampled_from(_HEADERS)).encode()
        lines.append(name + b": " + draw(st.sampled_from(_VALUES).map(str.encode) | _anything))
    body = draw(st.sampled_from(_BODIES) | st.binary(max_size=2_000))
    if draw(st.integers(0, 3)):
        lines += [b"Host: x.onion", b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*lines, b"", b""]) + body


@dataclass
class Program:
    """One that listens, and its processes; what it answered that is its own fault, and what it took."""

    name: str
    port: int
    processes: Sequence[int]
    faults: list[str] = field(default_factory=list)
    longest: float = 0
    asked: int = 0

    def ask(self, request: bytes) -> None:
        before = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), 60) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: connection.recv(65_536), b""))
            except ConnectionError:
                answer = b""  # it had heard enough
        self.longest = max(self.longest, time.perf_counter() - before)
        self.asked += 1
        if answer[9:12] == b"500":
            self.faults.append(f"{self.name}: {request[:300]!r}")

    def memory(self) -> int:
        """Bytes that its processes have to themselves."""
        return sum(psutil.Process(pid).memory_full_info().uss for pid in self.processes)


def measure(full: bool) -> Iterator[Line]:
    """In full 3,000 requests to each program."""
    count = 3_000 if full else 150
    with tempfile.TemporaryDirectory(prefix="peluit-hostile-") as name, programs(Path(name)) as found:
        for program in found:
            throw(program, 300 if full else 50)
            before = program.memory()
            throw(program, count)
            grown = (program.memory() - before) / 2**20
            for fault in program.faults[:10]:
                tell(f"  {fault}")
            yield at_most(f"hostile: faults of {program.name}", len(program.faults), "answers", 0)
            yield at_most(f"hostile: memory of {program.name} grew by", grown, "MiB", GROWTH)
            yield at_most(f"hostile: longest answer of {program.name}", program.longest, "s", LONGEST)


def throw(program: Program, count: int) -> None:
    """Asks so many things."""

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests())
    def ask(request: bytes) -> None:
        program.ask(request)

    ask()


@contextmanager
def programs(folder: Path) -> Iterator[list[Program]]:
    """All three, on one installation; none of them may write a line."""
    layout = install(Layout(folder / "data")).layout
    with tempfile.TemporaryDirectory(prefix="p") as place:
        running = door.serve(layout, Path(place))
        try:
            with logs.reviewers(layout, folder / "log", {}) as (port, process):
                source = int(str(running.source.args).partition("'--bind', '127.0.0.1:")[2].partition("'")[0])
                behind = [pid for pid in running.processes() if pid not in running.door()]
                workers = [child.pid for child in psutil.Process(process).children()]
                yield [
                    Program("the source app", source, behind),
                    Program("the door without scripts", running.port, running.door()),
                    Program("the reviewers' app", port, [process, *workers]),
                ]
        finally:
            running.stop()
