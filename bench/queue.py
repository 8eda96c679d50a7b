"""The reviewers' queue page with 100, 10,000 and 100,000 sealed things: its time must not grow with them.

The whole page as the app makes it, in one process and without a network: session, store, template. The things
came on 30 days, on two channels; what they hold is left out, because no page reads it.
"""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.figures import median
from bench.line import Line, at_most, plain
from crypto import calendar
from crypto.constants import ID_SIZE
from tests.journalist_app.conftest import Server, Visitor, make_server, signed_in
from tests.journalist_app.station import OFFICE, TODAY

_COUNTS = (100, 10_000, 100_000)
_DAYS, _TURNS, _GOAL = 30, 60, 1.5
_ADD = """
INSERT INTO item (office, kind, id, channel, day, size, deletion) VALUES (?, ?, ?, ?, ?, ?, zeroblob(32))
"""


def measure() -> Iterator[Line]:
    """Milliseconds for each page and number, and how many times as long the most take as the fewest."""
    first = calendar.add_days(TODAY, 1 - _DAYS)
    pages = {
        "first_page": "",
        # The rest still fills a page.
        "later_page": f"after={calendar.add_days(TODAY, -19)}.{'0' * 2 * ID_SIZE}.item",
        "filtered": f"channel=aspirasi&kind=item&size=small&first={first}",
    }
    found = _times(pages)
    for name in pages:
        for count in _COUNTS:
            yield plain(f"queue_{name}_{count}", found[count][name] * 1_000, "ms (median)")
        ratio = found[_COUNTS[-1]][name] / found[_COUNTS[0]][name]
        yield at_most(f"queue_{name}_ratio", ratio, "times as long for 100,000 as for 100", _GOAL)


def _times(pages: dict[str, str]) -> dict[int, dict[str, float]]:
    """The median seconds for each number and page; in turns, so that what slows one down slows all."""
    with ExitStack() as stack:
        visitors = {count: _visitor(stack, count) for count in _COUNTS}
        found: dict[int, dict[str, list[float]]] = {count: {name: [] for name in pages} for count in _COUNTS}
        for _ in range(_TURNS):
            for count, visitor in visitors.items():
                for name, query in pages.items():
                    found[count][name].append(_seconds(visitor, f"/en/queue?{query}"))
    return {count: {name: median(times) for name, times in by.items()} for count, by in found.items()}


def _visitor(stack: ExitStack, count: int) -> Visitor:
    """A reviewer of a server with so many things in the queue."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
    server = make_server(Path(folder) / "data")
    _fill(server, count)
    visitor = signed_in(server, "rina")
    stack.callback(visitor.client.application.extensions["peluit"].close)
    return visitor


def _fill(server: Server, count: int) -> None:
    """Two texts of each channel to one file of each of three sizes, spread over the days."""
    sorts: list[tuple[str, str | None, int]] = [
        ("item", channel, 12_000) for channel in ("aduan", "aspirasi") for _ in range(2)
    ]
    sorts += [("blob", None, size) for size in (2**16, 2**21, 2**28)]
    days = [calendar.add_days(TODAY, -back) for back in range(_DAYS)]
    parts = server.parts()
    with parts.database.write() as connection:
        for number in range(count):
            kind, channel, size = sorts[number % len(sorts)]
            name = secrets.token_bytes(ID_SIZE)
            connection.execute(_ADD, (OFFICE, kind, name, channel, days[number % _DAYS], size))
    parts.database.compact()
    parts.close()


def _seconds(visitor: Visitor, path: str) -> float:
    begin = time.perf_counter()
    answer = visitor.get(path)
    seconds = time.perf_counter() - begin
    if answer.status_code != 200:
        raise RuntimeError("the queue did not answer")
    return seconds
