"""Progress for a person at a terminal, or as plain lines for a log."""

import time
from typing import Final, TextIO

from workstation import progress, terminal
from workstation.texts import N_, _

_EVERY_SECONDS: Final = 0.2
_STEPS: Final = {
    progress.READING: N_("Reading and checking"),
    progress.OPENING: N_("Opening"),
    progress.SETTLING: N_("Putting evidence in place"),
    progress.EXPORTING: N_("Writing"),
}


class TerminalProgress(progress.Progress):
    """On a terminal one line that is written over; otherwise a line at each tenth."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._step = ""
        self._items = self._size = self._items_done = self._size_done = 0
        self._tenth = -1
        self._shown = 0.0

    def begin(self, step: str, items: int, size: int = 0) -> None:
        self._step, self._items, self._size = step, items, size
        self._items_done = self._size_done = 0
        self._tenth, self._shown = -1, 0.0
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
        now = time.monotonic()
        if self._live and now - self._shown >= _EVERY_SECONDS:
            self._shown = now
            self._stream.write(f"\r{self._line()}\x1b[K")
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
        step = _(_STEPS[self._step])
        line = _("{step}: {done} of {all} items").format(step=step, done=self._items_done, all=self._items)
        if not self._size:
            return line
        done, whole = terminal.size(self._size_done), terminal.size(self._size)
        return line + ", " + _("{done} of {all}").format(done=done, all=whole)
