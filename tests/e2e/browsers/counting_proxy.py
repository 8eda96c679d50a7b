"""A TCP relay on loopback that counts what a browser sends and receives, the same way for each browser."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_PIECE = 1 << 18


class CountingProxy:
    """Relay 127.0.0.1:`port` to `target_host`:`target_port` and count the bytes of each direction.

    A proxy can also stand in the way: `hold_at` stops what the browser sends, `cut` breaks what is open.

    `sent` and `received` are seen from the browser and count everything that TCP carries: request lines,
    headers, chunk framing and bodies, over all connections since the start or the last `reset()`. With
    `keep=True` what the browser sent stays readable as `kept`, to look for what must never be sent.
    The browser sees the proxy's own port in its Host and Origin headers.
    """

    def __init__(self, target_host: str, target_port: int, *, keep: bool = False) -> None:
        self._target = (target_host, target_port)
        self._keep = keep
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="counting-proxy", daemon=True)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._over = asyncio.Event()
        self._relays: set[asyncio.Task[None]] = set()
        self._kept = bytearray()
        self._hold: int | None = None
        self._open = asyncio.Event()
        self._open.set()
        self.port = 0
        self.sent = 0
        self.received = 0

    @property
    def url(self) -> str:
        """Where to point the browser, without a final slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def kept(self) -> bytes:
        """All that was sent so far, connections interleaved as they came; empty without `keep=True`."""
        return bytes(self._kept)

    def reset(self) -> None:
        """Count from zero again, and forget what was kept."""
        self.sent = self.received = 0
        self._kept.clear()

    def hold_at(self, count: int) -> None:
        """Lets nothing more through to the server when so many bytes have been `sent`, until `let_go`."""
        self._hold = count

    def let_go(self) -> None:
        """Lets everything through again."""
        self._hold = None
        self._loop.call_soon_threadsafe(self._open.set)

    @property
    def holding(self) -> bool:
        """Whether something is being held."""
        return not self._open.is_set()

    def cut(self) -> None:
        """Breaks every connection that is open now."""
        self._loop.call_soon_threadsafe(lambda: [relay.cancel() for relay in self._relays])

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.ensure_future(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            with suppress(OSError):
                target_reader, target_writer = await asyncio.open_connection(*self._target)
                ends.append(target_writer)
                await asyncio.gather(
                    self._pump(reader, target_writer, self._count_sent, held=True),
                    self._pump(target_reader, writer, self._count_received),
                )
        finally:
            # After an orderly end nothing is left to write; after a broken one, both sides shall know.
            for end in ends:
                end.transport.abort()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        count: Callable[[bytes], None],
        *,
        held: bool = False,
    ) -> None:
        while piece := await reader.read(_PIECE):
            if held:
                await self._pass()
            count(piece)
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async def _pass(self) -> None:
        if self._hold is not None and self.sent >= self._hold:
            self._open.clear()
        await self._open.wait()

    def _count_sent(self, piece: bytes) -> None:
        self.sent += len(piece)
        if self._keep:
            self._kept += piece

    def _count_received(self, piece: bytes) -> None:
        self.received += len(piece)
