"""What processes cost, as the kernel counts it (proc(5))."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_SECONDS = 0.01

MIB = 2**20


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes so far; the kernel gives hundredths of a second."""
    return sum(_cpu_seconds(pid) for pid in pids)


def rss(pid: int) -> int:
    """Resident bytes of a process; pages that it shares with others count in full."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def pss(pid: int) -> int:
    """Resident bytes of a process; a page that n processes share counts 1/n in each.

    PermissionError: the servers let nobody but root look (hardening/process.py).
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = next(line for line in lines if line.startswith("Pss:"))
    return int(found.split()[1]) * 1024


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@dataclass
class Growth:
    """How much each process grew, in bytes: the highest of many samples less the one at the beginning."""

    before: dict[int, int]
    highest: dict[int, int] = field(default_factory=dict)

    @property
    def largest(self) -> int:
        return max(self.highest[pid] - size for pid, size in self.before.items())

    def sample(self) -> None:
        for pid in self.before:
            # A process that has ended grows no more.
            with suppress(FileNotFoundError, ProcessLookupError):
                self.highest[pid] = max(self.highest.get(pid, 0), rss(pid))


@contextmanager
def growing(pids: Iterable[int]) -> Iterator[Growth]:
    """Samples the resident size of these processes while the block runs."""
    growth = Growth({pid: rss(pid) for pid in pids})
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            growth.sample()

    watcher = threading.Thread(target=watch)
    growth.sample()
    watcher.start()
    try:
        yield growth
    finally:
        over.set()
        watcher.join()
        growth.sample()


def _cpu_seconds(pid: int) -> float:
    # the program's name, in brackets, may hold anything; utime and stime are fields 14 and 15
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
