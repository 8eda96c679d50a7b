"""The processes of a running browser, read from Linux's /proc."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_PROC = Path("/proc")


def family(roots: Iterable[int]) -> list[int]:
    """The running processes among `roots` and all their descendants, as sorted process ids."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    queue = [pid for pid in roots if is_running(pid)]
    while queue:
        pid = queue.pop()
        if pid not in found:
            found.add(pid)
            queue += children.get(pid, [])
    return sorted(found)


def mentioning(words: str) -> list[int]:
    """The processes whose command line contains `words`, such as the path of a profile."""
    wanted = os.fsencode(words)
    found = []
    for pid in _pids():
        try:
            if wanted in (_PROC / str(pid) / "cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def is_running(pid: int) -> bool:
    """Whether the process exists and is not a zombie that only waits to be reaped."""
    return _state_and_parent(pid)[0] not in ("gone", "Z", "X")


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _parents() -> Iterator[tuple[int, int]]:
    for pid in _pids():
        state, parent = _state_and_parent(pid)
        if state not in ("gone", "Z", "X"):
            yield pid, parent


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return "gone", 0
    # The program's name stands in brackets and may itself hold brackets and spaces: proc_pid_stat(5).
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)
