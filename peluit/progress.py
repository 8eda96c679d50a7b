"""How far long work is: one line on a terminal that is written anew; nothing elsewhere."""

import sys
from typing import Final

_GIB: Final = 2**30
_MIB: Final = 2**20


class Progress:
    """`whole` in bytes; more may come than was thought."""

    def __init__(self, title: str, whole: int) -> None:
        self._title = title
        self._whole = max(whole, 1)
        self._done = 0
        self._shown = -1
        self._live = sys.stderr.isatty()

    def advance(self, size: int) -> None:
        """So many bytes more are done."""
        self._done += size
        percent = min(100, self._done * 100 // self._whole)
        if self._live and percent != self._shown:
            self._shown = percent
            sys.stderr.write(f"\r{self._title}: {percent} % of {readable(self._whole)}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leaves the line."""
        if self._live and self._shown >= 0:
            sys.stderr.write("\n")


def readable(size: int) -> str:
    """A number of bytes in words."""
    if size >= _GIB:
        return f"{size / _GIB:.1f} GiB"
    return f"{size / _MIB:.1f} MiB" if size >= _MIB else f"{size} bytes"
