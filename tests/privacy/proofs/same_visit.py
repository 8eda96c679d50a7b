"""A visit with replies, one without, and one with a codename that nobody ever used look alike from outside.

At both doors: the same requests, answers of the same lengths, and times that cannot be told apart. The visits
of the kinds come in random order, so that whatever else the machine does happens to all of them alike.

The rule, stated before any measurement: two kinds are told apart if the two-sample Kolmogorov-Smirnov test
gives p <= 0.01 for their times, and then once more for as many fresh visits. With four comparisons, a server
that gives nothing away is called red once in 2,500 runs.
"""

import http.client
import math
import random
import re
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.line import Line, at_least, at_most, tell
from crypto import codename
from crypto.board import read_index
from crypto.codename import ReporterKeys
from crypto.hints import is_mine
from crypto.message import Thread
from crypto.seal.reply import fill_pages, seal_reply
from store.board import Board
from store.layout import Layout
from tests.noscript import conftest as door
from tests.noscript.test_thread import part
from tests.store.installation import CHANNEL, INSTANCE, OFFICE, SIGN, install, random_slots

LEAST_P = 0.01
KINDS = ("replies", "no replies", "unknown")
"""Whose codename it is: answered, reported but not answered, or nobody's."""
COMPARED = (("replies", "unknown"), ("no replies", "unknown"))
_PAGES = 4

Ask = Callable[[str, str, bytes], bytes]
"""Method, path, body (a form) → the answer's body."""


@dataclass(frozen=True)
class Visit:
    """What went over the line: requests but for random numbers, lengths of answers, seconds."""

    requests: tuple[str, ...]
    lengths: tuple[int, ...]
    seconds: float


@dataclass
class Visitors:
    """Somebody of each kind, and both doors of a server."""

    names: dict[str, str]
    keys: dict[str, ReporterKeys]
    source: Ask
    noscript: Ask
    delay: float = 0
    """A planted leak: how many seconds longer an answer with replies takes."""

    def through(self, way: str, kind: str) -> Visit:
        return self._scripts(kind) if way == "scripts" else self._noscript(kind)

    def _scripts(self, kind: str) -> Visit:
        """As the page does: the keys, the board, and the pages of one's own hints, or any."""
        asked: list[str] = []
        lengths: list[int] = []

        def get(path: str) -> bytes:
            body = self.source("GET", path, b"")
            asked.append(re.sub(r"[0-9a-f]{32}/\d+", "VERSION/PAGE", path))
            lengths.append(len(body))
            return body

        before = time.perf_counter()
        get(f"/api/directory/{OFFICE}")
        index = get("/board/index")
        asking = time.perf_counter() - before
        version, hints = read_index(index)
        mine = {n // 16 for n, hint in enumerate(hints) if is_mine(self.keys[kind].hint, hint)}
        pages = sorted(mine) or [random.randrange(_PAGES)]
        before = time.perf_counter()
        for page in pages:
            get(f"/board/{version.hex()}/{page}")
        self._leak(kind)
        return Visit(tuple(asked), tuple(lengths), asking + time.perf_counter() - before)

    def _noscript(self, kind: str) -> Visit:
        form = urlencode({"codename": self.names[kind]}).encode()
        path = f"/id/thread/{OFFICE}"
        before = time.perf_counter()
        page = self.noscript("POST", path, form)
        self._leak(kind)
        return Visit((path,), (len(page),), time.perf_counter() - before)

    def _leak(self, kind: str) -> None:
        if kind == "replies" and self.delay:
            time.sleep(self.delay)


def measure(full: bool) -> Iterator[Line]:
    """In full 2,000 visits of each kind through each door; small with fewer."""
    with tempfile.TemporaryDirectory(prefix="peluit-visits-") as name, visitors(Path(name)) as found:
        for way in ("scripts", "noscript"):
            yield from judge(found, way, 2_000 if full else 100)


def judge(found: Visitors, way: str, count: int) -> Iterator[Line]:
    """The lines of one door."""
    first = sample(found, way, count)
    shapes = {(visit.requests, visit.lengths) for visits in first.values() for visit in visits}
    yield at_most(f"same_visit: different visits through {way}", len(shapes), "shapes", 1)
    least = []
    for one, other in COMPARED:
        p = compare(first[one], first[other])
        if p <= LEAST_P:
            tell(f"  {one} and {other} through {way}: p = {p:.2g}; once more")
            again = sample(found, way, count)
            p = compare(again[one], again[other])
        least.append(p)
        medians = [sorted(each.seconds for each in first[kind])[count // 2] * 1000 for kind in (one, other)]
        tell(f"  {one}, {other} through {way}: medians {medians[0]:.3f} and {medians[1]:.3f} ms, p = {p:.3g}")
    yield at_least(f"same_visit: least p through {way}, {count:,} visits", min(least), "p", LEAST_P)


def sample(found: Visitors, way: str, count: int) -> dict[str, list[Visit]]:
    """So many visits of each kind, in random order."""
    order = [kind for kind in KINDS for _ in range(count)]
    random.SystemRandom().shuffle(order)
    visits: dict[str, list[Visit]] = {kind: [] for kind in KINDS}
    for kind in order:
        visits[kind].append(found.through(way, kind))
    return visits


def compare(one: Sequence[Visit], other: Sequence[Visit]) -> float:
    return same_distribution([visit.seconds for visit in one], [visit.seconds for visit in other])


def same_distribution(one: Sequence[float], other: Sequence[float]) -> float:
    """The p-value of the two-sample Kolmogorov-Smirnov test, by its limit with Stephens' correction.

    M. A. Stephens, "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without extensive
    tables", J. R. Statist. Soc. B 32 (1970); good from four values on each side.
    """
    a, b = sorted(one), sorted(other)
    distance = max(abs(bisect_right(a, x) / len(a) - bisect_right(b, x) / len(b)) for x in (*a, *b))
    root = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    scaled = (root + 0.12 + 0.11 / root) * distance
    if scaled < 0.2:  # the series does not converge there; 1 to twelve digits
        return 1.0
    return min(1.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101)))


@contextmanager
def visitors(folder: Path) -> Iterator[Visitors]:
    """A server with both doors and a board of several pages, and somebody of each kind."""
    layout = Layout(folder / "data")
    install(layout)
    names = {kind: " ".join(codename.make("id")) for kind in KINDS}
    keys = {kind: codename.keys(codename.stretch(codename.read(names[kind]), INSTANCE)) for kind in KINDS}
    answered = keys["replies"]
    thread = Thread(answered.verify, answered.reply.public, answered.hint)
    reply = seal_reply(part(answered, "Terima kasih. " * 20), thread, SIGN)
    Board(layout.board).publish(fill_pages([reply, *random_slots(16 * (_PAGES - 1))], INSTANCE))
    with tempfile.TemporaryDirectory(prefix="p") as temporary, ExitStack() as stack:
        running = door.serve(layout, Path(temporary))
        stack.callback(running.stop)
        source = int(str(running.source.args).partition("'--bind', '127.0.0.1:")[2].partition("'")[0])
        found = Visitors(names, keys, _line(stack, source), _line(stack, running.port))
        for kind in ("replies", "no replies"):
            typed = {"codename": names[kind], "answer-what": "Pungli", "answer-who": "Loket"}
            found.noscript("POST", f"/id/report/{OFFICE}/{CHANNEL}", urlencode(typed).encode())
        yield found


def _line(stack: ExitStack, port: int) -> Ask:
    """One connection that stays open."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    stack.callback(connection.close)

    def ask(method: str, path: str, body: bytes) -> bytes:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, kind)
        answer = connection.getresponse()
        data = answer.read()
        assert answer.status < 400, data
        return data

    return ask
