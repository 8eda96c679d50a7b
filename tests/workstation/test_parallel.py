"""Numbered work on all cores: every piece once, ended in order, never far ahead, and over when it is over."""

import os
import signal
import threading
from collections.abc import Callable

import pytest

from workstation import parallel

TEAMS = [1, 2, 3, 16]


def squares() -> Callable[[int], int]:
    return lambda number: number * number


@pytest.mark.parametrize("threads", TEAMS)
@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_every_piece_is_done_once_and_ended_in_order(count: int, threads: int) -> None:
    ended: list[tuple[int, int]] = []
    parallel.in_order(count, squares, lambda number, piece: ended.append((number, piece)), threads)
    assert ended == [(number, number * number) for number in range(count)]


@pytest.mark.parametrize("threads", TEAMS)
def test_nobody_is_more_than_a_piece_per_thread_ahead(threads: int) -> None:
    begun: list[int] = []
    ahead: list[int] = []

    def worker() -> Callable[[int], None]:
        return begun.append

    parallel.in_order(300, worker, lambda number, _: ahead.append(len(begun) - number), threads)
    assert max(ahead) <= threads


@pytest.mark.parametrize("threads", TEAMS)
def test_what_a_worker_keeps_is_its_own_until_its_piece_has_ended(threads: int) -> None:
    def worker() -> Callable[[int], bytearray]:
        kept = bytearray(1)

        def work(number: int) -> bytearray:
            kept[0] = number % 256
            return kept

        return work

    seen: list[int] = []
    parallel.in_order(500, worker, lambda _, kept: seen.append(kept[0]), threads)
    assert seen == [number % 256 for number in range(500)]


@pytest.mark.parametrize("threads", TEAMS)
@pytest.mark.parametrize("where", ["worker", "work", "end"])
def test_an_error_ends_everything_and_is_raised(threads: int, where: str) -> None:
    ended: list[int] = []

    def fail(here: str, number: int) -> None:
        if here == where and number == 7:
            raise ValueError(here)

    def worker() -> Callable[[int], None]:
        fail("worker", 7)
        return lambda number: fail("work", number)

    def end(number: int, _: None) -> None:
        fail("end", number)
        ended.append(number)

    with pytest.raises(ValueError, match=where):
        parallel.in_order(100, worker, end, threads)
    assert ended == list(range(len(ended)))
    assert len(ended) <= 7
    assert threading.active_count() == 1


def test_one_piece_is_done_without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def worker() -> Callable[[int], threading.Thread]:
        return lambda _: threading.current_thread()

    where: list[threading.Thread] = []
    monkeypatch.setattr(parallel, "cores", lambda: 8)
    parallel.in_order(1, worker, lambda _, thread: where.append(thread))
    assert where == [threading.main_thread()]
    parallel.in_order(2, worker, lambda _, thread: where.append(thread))
    assert threading.main_thread() not in where[1:]


def test_an_interrupt_ends_the_threads_first() -> None:
    def end(number: int, _: int) -> None:
        if number == 3:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        parallel.in_order(100_000, squares, end, 4)
    assert threading.active_count() == 1


def test_all_cores_are_used() -> None:
    assert parallel.cores() == len(os.sched_getaffinity(0))
