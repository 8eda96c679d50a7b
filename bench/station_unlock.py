"""Unlocking the station, and what comes after: opening the vault, listing the cases; with 10 and with 1,000.

The key file has the cost that the ceremony finds for this computer, about a second of Argon2id, which is also
measured alone. For the first list of all cases each case's key and head are opened. The page's list is asked
over its own HTTP, as the first page after unlocking and again; so is the page of what is due.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from bench.figures import median, seconds
from bench.line import Line, at_most, plain
from bench.station_filled import REVIEWER, SECRET, filled
from crypto.fields import ReviewerId
from tests.workstation.office import Desk
from tests.workstation.page.client import running
from workstation import calibration, cases, identity
from workstation.keyfile import Cost
from workstation.layout import Layout
from workstation.station import unlock

_COUNTS: Final = (10, 1_000)
_RUNS, _LATER, _LONGEST, _LIST, _PAGE = 5, 20, 2.0, 0.5, 200


def measure() -> Iterator[Line]:
    """Medians of alternating runs."""
    cost = calibration.calibrate()
    yield plain("station_unlock_memory", cost.memory // 1_024, "MiB of Argon2id")
    yield plain("station_unlock_passes", cost.passes, "passes")
    with ExitStack() as stack:
        desks = {count: stack.enter_context(filled(count)) for count in _COUNTS}
        for desk in desks.values():
            _give_cost(desk, cost)
        argon, runs = [], []
        for _ in range(_RUNS):
            argon.append(seconds(lambda: _stretch(cost)))
            runs.append({count: _unlock(desk) for count, desk in desks.items()})
        yield plain("station_unlock_argon2id", median(argon), "s (median)")
        for count, desk in desks.items():
            whole = median([unlocking for run in runs for unlocking, _ in [run[count]]])
            listing = median([listed for run in runs for _, listed in [run[count]]])
            yield at_most(f"station_unlock_{count}_cases", whole, "s (median)", _LONGEST)
            yield at_most(f"station_unlock_{count}_first_list", listing, "s (median)", _LIST)
            first, later, due = _page(desk)
            yield at_most(f"station_list_{count}_first", first * 1_000, "ms (median)", 2 * _PAGE)
            yield at_most(f"station_list_{count}_later", later * 1_000, "ms (median)", _PAGE)
            yield at_most(f"station_due_{count}", due * 1_000, "ms (median)", _PAGE)


def _give_cost(desk: Desk, cost: Cost) -> None:
    """Writes the reviewer's key file anew with this cost."""
    with unlock(desk.folder, REVIEWER, SECRET) as station:
        sealed = identity.seal_reviewer(station.keys, SECRET, cost)
    Layout(desk.folder).reviewer_key(ReviewerId(REVIEWER)).write_bytes(sealed)


def _stretch(cost: Cost) -> bytes:
    return hash_secret_raw(SECRET.encode(), bytes(16), cost.passes, cost.memory, 1, 32, Type.ID, version=0x13)


def _unlock(desk: Desk) -> tuple[float, float]:
    """Seconds of unlocking, and of the first list."""
    begin = time.perf_counter()
    with unlock(desk.folder, REVIEWER, SECRET) as station:
        opened = time.perf_counter()
        assert list(cases.readable(station))
        return opened - begin, time.perf_counter() - opened


def _page(desk: Desk) -> tuple[float, float, float]:
    """Seconds of the page's list: the first after unlocking, and later ones; and of what is due."""
    first, later, due = [], [], []
    with running(desk.folder) as page:
        page.begin()
        for _ in range(_RUNS):
            page.unlock(REVIEWER)
            first.append(seconds(lambda: page.ask("/cases")))
            later += [seconds(lambda: page.ask("/cases")) for _ in range(_LATER // _RUNS)]
            due += [seconds(lambda: page.ask("/due")) for _ in range(_LATER // _RUNS)]
            assert all("data-case" in page.ask(path).text for path in ("/cases", "/due"))
            page.post("/lock")
    return median(first), median(later), median(due)
