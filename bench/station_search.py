"""Search over 10,000 messages in 1,000 cases, on the station's page and as the command's work.

The page is asked over its own HTTP. First: the search that comes after unlocking and the overview, which
every unlocking shows; it opens the words of every case. Later: other words, while the station stays unlocked.
The command's time is that of the work behind `peluit station search`, from an unlocked station to the cases;
it opens each case's key too. BENCH_STATION_CASES sets another number of cases, for a quick look.
"""

import os
from collections.abc import Iterator
from functools import partial
from typing import Final

from bench.figures import median, seconds
from bench.line import Line, at_most, plain
from bench.station_filled import REVIEWER, SECRET, VOCABULARY, filled
from tests.workstation.office import Desk
from tests.workstation.page.client import Page, running
from workstation import cases
from workstation.searching import Finder
from workstation.station import unlock

_CASES: Final = int(os.environ.get("BENCH_STATION_CASES", "1000"))
_MESSAGES: Final = 10
_FIRST, _LATER, _GOAL = 7, 40, 200


def measure() -> Iterator[Line]:
    """Medians in milliseconds; a page has at most 50 of the cases found."""
    with filled(_CASES, _MESSAGES) as desk:
        first, later = _on_page(desk)
        command = [_command(desk) for _ in range(_FIRST)]
    yield plain("station_search_messages", _CASES * _MESSAGES, "messages")
    yield at_most("station_search_page_first", median(first) * 1_000, "ms (median)", _GOAL)
    yield at_most("station_search_page_later", median(later) * 1_000, "ms (median)", _GOAL)
    yield at_most("station_search_command", median(command) * 1_000, "ms (median)", _GOAL)


def _on_page(desk: Desk) -> tuple[list[float], list[float]]:
    """Seconds of first and of later searches: one word, two words, and one that is nowhere."""
    queries = [
        *VOCABULARY[-_LATER // 2 :],
        *("+".join(VOCABULARY[-n - 2 : -n]) for n in range(1, _LATER // 2)),
    ]
    first = []
    with running(desk.folder) as page:
        page.begin()
        for _ in range(_FIRST):
            assert page.unlock(REVIEWER).to == "/"
            assert page.ask("/").status == 200
            first.append(seconds(lambda: _search(page, "bendahara", _CASES)))
            page.post("/lock")
        page.unlock(REVIEWER)
        _search(page, "bendahara", _CASES)
        later = [seconds(partial(_search, page, query)) for query in (*queries, "xyzzy")]
    return first, later


def _search(page: Page, query: str, wanted: int | None = None) -> None:
    answer = page.ask(f"/cases?q={query}")
    assert answer.status == 200
    assert wanted is None or f"{wanted} of {_CASES}" in answer.text


def _command(desk: Desk) -> float:
    with unlock(desk.folder, REVIEWER, SECRET) as station:
        found: list[int] = []

        def work() -> None:
            found.extend(c.number for c in Finder().find(station, list(cases.readable(station)), "bendahara"))

        spent = seconds(work)
        assert len(found) == _CASES
    return spent
