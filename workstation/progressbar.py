"""Progress for a person at a terminal, or as plain lines for a log."""

import math
import shutil
import time
from collections.abc import Callable
from typing import Final, TextIO

from workstation import progress, terminal
from workstation.texts import N_, _, n_

_EVERY_SECONDS: Final = 0.2
# Before that, a speed would be a guess.
_FIRST_SPEED: Final = 2.0
STEPS: Final = {
    progress.READING: N_("Reading and checking"),
    progress.JOINING: N_("Joining"),
    progress.OPENING: N_("Opening"),
    progress.SETTLING: N_("Putting evidence in place"),
    progress.MENDING: N_("Comparing"),
    progress.EXPORTING: N_("Writing"),
    progress.BACKING_UP: N_("Backing up"),
    progress.REHEARSING: N_("Reading the backup"),
    progress.DRAWING: N_("Reading the file in the sandbox, which can take up to two minutes"),
}


class TerminalProgress(progress.Progress):
    """On a terminal one line that is written over; otherwise a line at each tenth."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._live = stream.isatty()
        self._step = ""
        self._items = self._size = self._items_done = self._size_done = 0
        self._tenth = -1
        self._shown = self._began = 0.0

    def title(self, text: str) -> None:
        self._stream.write(terminal.safe(text) + "\n")
        self._stream.flush()

    def begin(self, step: str, items: int, size: int = 0) -> None:
        self._step, self._items, self._size = step, items, size
        self._items_done = self._size_done = 0
        self._tenth, self._shown, self._began = -1, -math.inf, self._clock()
        self._show()

    def advance(self, items: int, size: int = 0) -> None:
        self._items_done += items
        self._size_done += size
        self._show()

    def end(self) -> None:
        if self._live and self._step:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._step = ""

    def _show(self) -> None:
        if not self._step or not self._items:
            return
        now = self._clock()
        if self._live and now - self._shown >= _EVERY_SECONDS:
            self._shown = now
            columns = shutil.get_terminal_size().columns
            self._stream.write(f"\r{terminal.fit(self._line(), columns - 1)}\x1b[K")
            self._stream.flush()
        tenth = self._done() * 10 // self._all()
        if not self._live and tenth != self._tenth:
            self._tenth = tenth
            self._stream.write(self._line() + "\n")
            self._stream.flush()

    def _done(self) -> int:
        return self._size_done if self._size else self._items_done

    def _all(self) -> int:
        return self._size or self._items

    def _line(self) -> str:
        step = _(STEPS[self._step])
        if not self._size:
            return _("{step}: {done} of {all} items").format(
                step=step, done=self._items_done, all=self._items
            )
        done, whole = terminal.size(self._size_done), terminal.size(self._size)
        return f"{step}: " + _("{done} of {all}").format(done=done, all=whole) + self._pace()

    def _pace(self) -> str:
        """How fast it goes and how long it will take, once that can be said."""
        seconds = self._clock() - self._began
        if seconds < _FIRST_SPEED or not self._size_done:
            return ""
        speed = self._size_done / seconds
        left = max(0, self._size - self._size_done) / speed
        return ", " + _("{size}/s").format(size=terminal.size(int(speed))) + ", " + _time_left(left)


def _time_left(seconds: float) -> str:
    """In seconds, minutes or hours: a guess needs no more."""
    if seconds < 60:
        return n_("{count} s left", "{count} s left", round(seconds))
    minutes = round(seconds / 60)
    if minutes < 90:
        return n_("{count} min left", "{count} min left", minutes)
    return n_("{count} h left", "{count} h left", round(minutes / 60))
