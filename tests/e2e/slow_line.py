"""A bad line on loopback, as a reporter far from a mast has it: slow, late, and broken again and again."""

import asyncio
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

RATE, ROUND_TRIP, CUT_EVERY = 30_000, 1.5, 20.0
"""Bytes a second each way, seconds, seconds."""

_PIECE = 1_500
"""As much as travels in one packet."""

_ON_ITS_WAY = 64
"""Packets that the line takes in before it makes the sender wait: two seconds' worth."""

_BUFFER = 16_384

Travelling = asyncio.Queue[tuple[float, bytes]]
"""Packets with the time at which each comes out; an empty one is the end."""


class Clock(Protocol):
    """What the line takes the time from."""

    def now(self) -> float: ...

    async def sleep_until(self, when: float) -> None: ...


class LoopClock:
    """Real seconds."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep_until(self, when: float) -> None:
        await asyncio.sleep(max(0.0, when - self.now()))


@dataclass
class Way:
    """One direction, which all connections share: `rate` bytes a second, each `delay` seconds late."""

    rate: float
    delay: float
    free: float = 0.0
    carried: int = 0

    def arrival(self, now: float, size: int) -> float:
        """When so many bytes that are given to the line now have all come out of it."""
        self.free = max(self.free, now) + size / self.rate
        self.carried += size
        return self.free + self.delay


class SlowLine:
    """Relay 127.0.0.1:`port` to `target_port` over such a line. A new connection costs a round trip first.

    `sent` and `received` are the bytes that went in from the browser's side and from the server's; `cuts`
    is how many connections were broken, with all that was on its way in them.
    """

    def __init__(self, target_port: int, *, clock: Clock | None = None) -> None:
        self._target = target_port
        self._clock = clock or LoopClock()
        self._up, self._down = Way(RATE, ROUND_TRIP / 2), Way(RATE, ROUND_TRIP / 2)
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._relays: set[asyncio.Task[None]] = set()
        self.port = 0
        self.cuts = 0

    @property
    def url(self) -> str:
        """Where to point the browser, without a final slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> int:
        return self._up.carried

    @property
    def received(self) -> int:
        return self._down.carried

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self.stop)
        self._thread.join()

    async def serve(self) -> None:
        """Carries until `stop`; what `with` does in a thread of its own."""
        self._loop = asyncio.get_running_loop()
        listening = socket.socket()
        # Otherwise the kernel takes hundreds of kilobytes off the sender, who believes that they are gone.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.start_server(self._accept, sock=listening, limit=_BUFFER)
        self.port = server.sockets[0].getsockname()[1]
        cutter = asyncio.ensure_future(self._cut_again_and_again())
        self._ready.set()
        await self._over.wait()
        server.close()
        cutter.cancel()
        await self._break_all()

    def stop(self) -> None:
        self._over.set()

    async def _cut_again_and_again(self) -> None:
        when = self._clock.now()
        while True:
            when += CUT_EVERY
            await self._clock.sleep_until(when)
            self.cuts += len(self._relays)
            await self._break_all()

    async def _break_all(self) -> None:
        broken = list(self._relays)
        for relay in broken:
            relay.cancel()
        await asyncio.gather(*broken, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.ensure_future(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends, work = [writer], list[asyncio.Task[None]]()
        try:
            await self._clock.sleep_until(self._clock.now() + ROUND_TRIP)
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target, limit=_BUFFER)
            ends.append(far_writer)
            for way, source, goal in ((self._up, reader, far_writer), (self._down, far_reader, writer)):
                travelling: Travelling = asyncio.Queue(_ON_ITS_WAY)
                work.append(asyncio.ensure_future(self._take_in(way, source, travelling)))
                work.append(asyncio.ensure_future(self._give_out(travelling, goal)))
            await asyncio.gather(*work)
        except OSError:
            return  # one end has gone; so does the other
        finally:
            for task in work:
                task.cancel()
            for end in ends:
                end.transport.abort()

    async def _take_in(self, way: Way, reader: asyncio.StreamReader, travelling: Travelling) -> None:
        while piece := await reader.read(_PIECE):
            await travelling.put((way.arrival(self._clock.now(), len(piece)), piece))
        await travelling.put((way.arrival(self._clock.now(), 0), b""))

    async def _give_out(self, travelling: Travelling, writer: asyncio.StreamWriter) -> None:
        while True:
            due, piece = await travelling.get()
            await self._clock.sleep_until(due)
            if not piece:
                writer.write_eof()
                return
            writer.write(piece)
            await writer.drain()
