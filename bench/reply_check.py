"""A look at the board, with few replies on it and with many: files that the kernel sends, no search."""

import secrets
from collections.abc import Iterator

from bench.figures import median
from bench.line import Line, at_most, plain, tell
from bench.load import make
from bench.processes import cpu_seconds
from bench.server import Server, started
from bench.visits import reply_check
from crypto.board import Slot
from crypto.constants import HINT_SIZE, PAGE_SLOTS, SLOT_SIZE

_REPLIES = (10, 1_000, 10_000)
_CHECKS, _RUNS, _WARM = 400, 3, 20


def measure() -> Iterator[Line]:
    """CPU seconds of the server for the index and one page; median of three runs of 400."""
    costs: dict[int, float] = {}
    with started() as server:
        for replies in _REPLIES:
            slots = replies + -replies % PAGE_SLOTS
            server.board.publish(
                [Slot(secrets.token_bytes(HINT_SIZE), secrets.token_bytes(SLOT_SIZE)) for _ in range(slots)]
            )
            _check(server, _WARM)
            costs[replies] = median([_check(server, _CHECKS) for _ in range(_RUNS)])
            size = server.board.index().stat().st_size
            tell(f"  {replies} replies with the dummies that fill the last page: an index of {size:,} bytes")
            yield plain(f"reply_check_{replies}", costs[replies], "CPU s per check")
    tell(
        "  The index has 32 bytes a reply and is fetched whole, so that a visit tells nothing: what grows\n"
        "  is what the kernel copies into the socket. No row is read and nothing is computed, whoever asks."
    )
    few, _some, many = (costs[replies] for replies in _REPLIES)
    yield at_most("reply_check_10000_to_10", many / few, "times", 3)


def _check(server: Server, count: int) -> float:
    visits = [(reply_check(server),) for _ in range(count)]
    before = cpu_seconds(server.source)
    assert all(make(server.port, visit).done for visit in visits), "a check failed"
    return (cpu_seconds(server.source) - before) / count
