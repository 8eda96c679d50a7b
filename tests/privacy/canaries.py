"""Searches files and process memory for things that must not be there.

A canary is a text that only the reporter knows. It is looked for as UTF-8, as programs keep strings
in memory, as hex and as base64 (in each of the three alignments): software that leaks seldom leaks politely.
"""

import base64
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_PIECE = 2**24


@dataclass(frozen=True)
class Hit:
    """One place where a canary was found; `where` is a path or a process."""

    canary: str
    where: str


class Search:
    """Looks for a set of canaries (each at least 6 characters: shorter ones would be found by chance).

    `traces` are bytes that are looked for as they are, each under the name that a hit gives.
    """

    def __init__(self, canaries: Iterable[str], traces: Mapping[bytes, str] | None = None) -> None:
        self._traces = dict(traces or {})
        self._forms: dict[bytes, str] = {}
        for canary in canaries:
            assert len(canary) >= 6, "too short to mean anything"
            for form in _spellings(canary):
                self._forms[form] = canary
        alternatives = b"|".join(re.escape(form) for form in sorted(self._forms, key=len, reverse=True))
        self._pattern = re.compile(alternatives or rb"(?!)")
        self._overlap = max(map(len, [*self._forms, *self._traces])) - 1

    def data(self, pieces: Iterable[bytes], where: str) -> set[Hit]:
        """The hits in a stream of bytes."""
        hits: set[Hit] = set()
        tail = b""
        for piece in pieces:
            window = tail + piece
            hits.update(Hit(self._forms[found[0]], where) for found in self._pattern.finditer(window))
            # One after the other is faster where each begins differently.
            hits.update(Hit(name, where) for trace, name in self._traces.items() if trace in window)
            tail = window[-self._overlap :]
        return hits

    def tree(self, folder: Path) -> set[Hit]:
        """The hits in every file below a folder, and in the names of files and folders.

        Servers may be at work in it: when something went away between its name and its bytes, it may only
        have moved behind the search, so the whole folder is searched anew, and what was found stays found.
        """
        hits: set[Hit] = set()
        while True:
            try:
                for path in folder.rglob("*"):
                    hits |= self.data([os.fsencode(path.name)], f"name {path}")
                    if path.is_file() and not path.is_symlink():
                        hits |= self.data(_file(path), str(path))
                return hits
            except FileNotFoundError:
                continue

    def memory(self, pid: int) -> set[Hit]:
        """The hits in the readable memory of a process; PermissionError if this user may not look."""
        return self.data(_memory(pid), f"process {pid}")


def _spellings(canary: str) -> Iterator[bytes]:
    raw = canary.encode()
    yield raw
    # as Python keeps strings in memory, whichever width it chose, and JavaScript's UTF-16
    yield from (canary.encode(width) for width in ("utf-16-le", "utf-32-le"))
    if max(map(ord, canary)) < 256:
        yield canary.encode("latin-1")
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw)
        # what does not depend on the bytes before and behind
        inner = encoded[4 if shift else 0 :].rstrip(b"=")[:-2]
        if len(inner) >= 6:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _memory(pid: int) -> Iterator[bytes]:
    with (
        Path(f"/proc/{pid}/maps").open() as maps,
        Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory,
    ):
        for line in maps:
            span, rights, _offset, _device, inode = line.split()[:5]
            if "r" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            if "w" not in rights and inode != "0":  # a program's or library's own bytes, as in its file
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            for at in range(start, end, _PIECE):
                try:
                    memory.seek(at)
                    yield memory.read(min(_PIECE, end - at))
                except OSError:  # a guard page, or unmapped since
                    break
