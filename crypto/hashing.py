"""SHA-256 beside other work: hashing and copying are the two long halves of carrying evidence.

hashlib lets other threads run while it works on a large piece, so that one piece is hashed while the next is
read, written or sent.
"""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final

# As many pieces may wait to be hashed; with pieces of 1 MiB that bounds the memory.
_MOST_WAITING: Final = 4
# Handing a piece over takes longer than hashing a smaller one.
_SMALL: Final = 2**16


class Hashing:
    """Hashes several things, one after the other, in a thread of its own; a context that ends the thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        self._digest = hashlib.sha256()

    def __enter__(self) -> "Hashing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self) -> None:
        """The next thing begins."""
        self._drain(0)
        self._digest = hashlib.sha256()

    def update(self, piece: bytes) -> None:
        """Its next piece, which must not change any more."""
        if len(piece) <= _SMALL and not self._waiting:
            self._digest.update(piece)
            return
        self._drain(_MOST_WAITING - 1)
        self._waiting.append(self._thread.submit(self._digest.update, piece))

    def digest(self) -> bytes:
        """SHA-256 of all pieces since `begin`."""
        self._drain(0)
        return self._digest.digest()

    def _drain(self, left: int) -> None:
        while len(self._waiting) > left:
            self._waiting.popleft().result()
