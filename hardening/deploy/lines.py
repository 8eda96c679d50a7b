"""Connections that know how fast they move, so that under an attack the slowest are cut first.

Somebody who sends a byte every few seconds would hold a thread for hours. Nothing is cut as long as there is
a thread for everybody: who is slow, but not in anybody's way, may take as long as it takes.
"""

import os
import socket
import time
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# In bytes a second. Tor seldom carries less for minutes; what is slower may be cut when others wait.
SLOW: Final = 8 * 2**10
# What each request is given in advance: it may pause for two seconds before it counts as slow.
_ADVANCE: Final = 2 * SLOW
_PIECE: Final = 2**16


class Line(socket.socket):
    """A client's connection. `waits`: a thread is waiting for it to take or bring something.

    `was_cut`: it was ended here, and its thread comes back when it notices.
    """

    waits = was_cut = False
    _begun = 0.0
    _moved = 0

    def begin(self, moved: int) -> None:
        """A request begins, of which so many bytes are here."""
        self._begun, self._moved = time.monotonic(), moved

    def speed(self, now: float) -> float:
        """Bytes a second of this request, both ways, with what it was given in advance."""
        return (_ADVANCE + self._moved) / max(now - self._begun, 0.001)

    def cut(self) -> None:
        """Ends it from another thread: the one that waits finds it closed."""
        self.was_cut = True
        try:
            self.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        self.waits = True
        try:
            data = super().recv(size, flags)
        finally:
            self.waits = False
        self._moved += len(data)
        return data

    def sendall(self, data: "ReadableBuffer", flags: int = 0, /) -> None:
        view = memoryview(data)
        self.waits = True
        try:
            for begin in range(0, len(view), _PIECE):
                piece = view[begin : begin + _PIECE]
                super().sendall(piece, flags)
                self._moved += len(piece)
        finally:
            self.waits = False

    def sendfile(  # type: ignore[override]  # whole files only
        self, file: IO[bytes], offset: int = 0, count: int | None = None
    ) -> int:
        left = os.fstat(file.fileno()).st_size - offset if count is None else count
        sent = 0
        self.waits = True
        try:
            while left > 0 and (moved := super().sendfile(file, offset + sent, min(left, _PIECE))):
                sent, left = sent + moved, left - moved
                self._moved += moved
        finally:
            self.waits = False
        return sent
