"""The bad line does what it says: its clock is the test's, so that no second passes and none is measured."""

import asyncio
import contextlib
import heapq
import random
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from tests.e2e.slow_line import CUT_EVERY, RATE, ROUND_TRIP, SlowLine, Way

SIZE = 15_000
CUTTER = 1
"""Who always sleeps: until the next cut."""


class Steps:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep_until(self, when: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (when, id(woken), woken))
        try:
            await woken
        finally:
            self._sleepers = [each for each in self._sleepers if each[2] is not woken]
            heapq.heapify(self._sleepers)

    async def pass_until(self, done: Callable[[], bool], *, idle: int) -> None:
        """To the next moment at which somebody wakes, again and again, as long as more than `idle` sleep."""
        while not done():
            await asyncio.sleep(0)
            waiting = [each for each in self._sleepers if not each[2].done()]
            if len(waiting) > idle and not done():
                when, _, woken = min(waiting)
                self._now = max(self._now, when)
                woken.set_result(None)


class Far:
    """A server at the far end that writes down what came, and sends it back."""

    def __init__(self) -> None:
        self.received = b""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(SIZE):
                self.received += piece
                writer.write(piece)
        writer.close()


class TestWay:
    def test_bytes_leave_one_after_another_and_arrive_late(self) -> None:
        way = Way(rate=1000, delay=0.5)
        assert [way.arrival(0, 1000), way.arrival(0, 500)] == [1.5, 2.0]

    def test_a_line_that_was_idle_owes_nothing(self) -> None:
        way = Way(rate=1000, delay=0.5)
        way.arrival(0, 1000)
        assert way.arrival(10, 1000) == 11.5

    def test_the_rate_is_that_of_all_connections_together(self) -> None:
        way = Way(rate=RATE, delay=0)
        pieces = [way.arrival(0, 1_500) for _ in range(60)]
        assert pieces[-1] == pytest.approx(60 * 1_500 / RATE)
        assert way.carried == 90_000


def test_what_goes_there_and_back_arrives_whole_and_no_sooner_than_the_line_allows() -> None:
    async def there_and_back() -> None:
        clock, far, data = Steps(), Far(), random.randbytes(SIZE)
        async with far_end(far) as port, carrying(SlowLine(port, clock=clock)) as line:
            reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
            writer.write(data)
            await clock.pass_until(lambda: len(far.received) == SIZE, idle=CUTTER)
            assert clock.now() >= ROUND_TRIP + SIZE / RATE + ROUND_TRIP / 2
            back = asyncio.ensure_future(reader.readexactly(SIZE))
            await clock.pass_until(back.done, idle=CUTTER)
            assert clock.now() >= ROUND_TRIP + SIZE / RATE + ROUND_TRIP
            assert (far.received, back.result()) == (data, data)
            assert (line.sent, line.received, line.cuts) == (SIZE, SIZE, 0)
            writer.close()

    asyncio.run(there_and_back())


def test_every_connection_is_cut_again_and_again_and_a_new_one_is_let_in() -> None:
    async def twice() -> None:
        clock, far = Steps(), Far()
        async with far_end(far) as port, carrying(SlowLine(port, clock=clock)) as line:
            for cut in (1, 2):
                ends = [await asyncio.open_connection("127.0.0.1", line.port) for _ in range(3)]
                for _, writer in ends:
                    writer.write(b"x")
                await clock.pass_until(partial(_is, lambda: len(far.received), 3 * cut), idle=CUTTER)
                await clock.pass_until(partial(_is, lambda: line.cuts, 3 * cut), idle=0)
                assert clock.now() == cut * CUT_EVERY
                for reader, writer in ends:
                    with contextlib.suppress(ConnectionResetError):
                        await reader.read()  # it ends: the test would hang otherwise
                    writer.close()

    asyncio.run(twice())


def _is(figure: Callable[[], int], expected: int) -> bool:
    return figure() == expected


@contextlib.asynccontextmanager
async def far_end(far: Far) -> AsyncIterator[int]:
    server = await asyncio.start_server(far.answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@contextlib.asynccontextmanager
async def carrying(line: SlowLine) -> AsyncIterator[SlowLine]:
    serving = asyncio.ensure_future(line.serve())
    while not line.port:
        await asyncio.sleep(0)
    yield line
    line.stop()
    await serving
