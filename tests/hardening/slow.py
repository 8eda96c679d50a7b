"""Slow clients: many half-sent requests that go on at a byte now and then, from one thread."""

import selectors
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

Connect = Callable[[], socket.socket]


class Drip:
    """Requests that are never finished. `gone`: how many of them the server has ended."""

    def __init__(self, connect: Connect, begins: Sequence[bytes], every: float) -> None:
        self._lines = [connect() for _ in begins]
        for line, begin in zip(self._lines, begins, strict=True):
            with suppress(OSError):  # the server may have ended it already
                line.sendall(begin)
            line.setblocking(False)
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self.gone = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        for line in self._lines:
            line.close()

    def _go_on(self) -> None:
        with selectors.DefaultSelector() as ended:
            living = set(self._lines)
            for line in living:
                ended.register(line, selectors.EVENT_READ)
            while not self._over.wait(self._every):
                for key, _ in ended.select(0):
                    assert isinstance(key.fileobj, socket.socket)
                    ended.unregister(key.fileobj)
                    living.discard(key.fileobj)
                    self.gone += 1
                for line in living:
                    with suppress(OSError):
                        line.send(b"x")


@contextmanager
def dripping(connect: Connect, begins: Sequence[bytes], every: float = 0.2) -> Iterator[Drip]:
    """Slow clients, one for each beginning of a request, for the length of the block."""
    drip = Drip(connect, begins, every)
    drip.start()
    try:
        yield drip
    finally:
        drip.stop()


def slowly(connect: Connect, request: bytes, pieces: int, wait: Callable[[], object]) -> bytes:
    """The answer to a request that is sent in so many pieces, with a `wait` before each."""
    step = -(-len(request) // pieces)
    with connect() as line:
        for begin in range(0, len(request), step):
            wait()
            line.sendall(request[begin : begin + step])
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65_536), b""))
