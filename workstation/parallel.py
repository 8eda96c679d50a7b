"""Numbered work on all cores, each piece of it ended in the order of the numbers.

Every thread takes the next number, does its part beside the others, waits for its turn, and ends its part
alone. So what must see the pieces in order (a hash, a progress bar) needs no queue and no copies, and nobody
is ever more than one piece per thread ahead.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Piece = TypeVar("Piece")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def in_order(
    count: int,
    worker: Callable[[], Callable[[int], Piece]],
    end: Callable[[int, Piece], None],
    threads: int | None = None,
) -> None:
    """Does pieces 0 to `count - 1`: each on some thread, then `end` on the same thread when it is its turn.

    `worker` is called once on each thread; what it gives may keep buffers, which nothing touches before `end`
    has returned. One piece, or one core, is done without threads. The first error stops all and is raised
    here, as an interrupt is; no thread is left at work then.
    """
    turns = _Turns(count)

    def work() -> None:
        try:
            do = worker()
            for number in turns.numbers():
                piece = do(number)
                with turns.wait_for(number):
                    end(number, piece)
        except _StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            turns.stop(error)

    team = min(threads or cores(), count)
    if team <= 1:
        work()
    else:
        _together([threading.Thread(target=work) for _ in range(team)], turns)
    if turns.error is not None:
        raise turns.error


def _together(team: list[threading.Thread], turns: "_Turns") -> None:
    """Runs the threads to their end, however often the user interrupts: the caller closes what they use."""
    with _interrupts_stop(turns):
        started = []
        try:
            for thread in team:
                thread.start()
                started.append(thread)
        except RuntimeError as error:  # the system has no more threads
            turns.stop(error)
        for thread in started:
            thread.join()


@contextmanager
def _interrupts_stop(turns: "_Turns") -> Iterator[None]:
    """Ctrl-C ends the threads instead of the wait for them."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: turns.stop(KeyboardInterrupt()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _StoppedError(Exception):
    """Another thread has failed, or the user has interrupted."""


class _Turns:
    def __init__(self, count: int) -> None:
        self._left = iter(range(count))
        self._turn = 0
        self._stopped = False
        self._changed = threading.Condition()
        self.error: BaseException | None = None

    def numbers(self) -> Iterator[int]:
        """The numbers that no other thread has taken."""
        while True:
            with self._changed:
                number = None if self._stopped else next(self._left, None)
            if number is None:
                return
            yield number

    @contextmanager
    def wait_for(self, number: int) -> Iterator[None]:
        """Blocks until every smaller number has ended; _StoppedError."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._turn == number)
            if self._stopped:
                raise _StoppedError
        yield
        with self._changed:
            self._turn += 1
            self._changed.notify_all()

    def stop(self, error: BaseException | None) -> None:
        """Ends all threads at their next step; the first error is kept."""
        with self._changed:
            self.error = self.error or error
            self._stopped = True
            self._changed.notify_all()
