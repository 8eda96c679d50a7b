"""A server that lives through a day, and everything that whoever takes its disk sees of that."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from source_app import housekeeping
from source_app.services import open_services
from store import keyfile
from store.files import descriptor, forget_times, names_in, read_quietly
from store.layout import Layout
from store.space import DEFAULT_LIMITS
from tests.source_app.conftest import Server, start
from tests.store.pages_of import clear_pages

Event = Callable[[Server], None]
"""Something that a reporter does: a few requests."""

# In the header of the decrypted database, behind the salt: how often page 1 was written, how often the file
# was rewritten, and the former once more (sqlite.org/fileformat2.html 1.3). Sums since the installation.
COUNTERS = tuple(slice(at - 16, at - 12) for at in (24, 40, 92))
# The log's index: blocks of page numbers and a hash table of them; before the first a header with random
# salts and checksums of encrypted pages (sqlite.org/walformat.html 2.1).
_BLOCK, _NUMBERS, _INDEX_HEADER = 32_768, 16_384, 136


@dataclass
class World:
    """One server's life. `day`: from the first arrival to the tidying after it, as the file system counts."""

    layout: Layout
    arrivals: list[Event] = field(default_factory=list)
    day: tuple[int, int] = (0, 0)

    @property
    def clear_pages(self) -> list[bytes]:
        first, *others = clear_pages(self.layout.inbox, keyfile.read(self.layout.inbox_key))
        head = bytearray(first)
        for counter in COUNTERS:
            head[counter] = bytes(4)
        return [bytes(head), *others]


def like(template: Layout, folder: Path) -> World:
    """The same installation once more; that it was read to be copied is forgotten."""
    shutil.copytree(template.root, folder)
    for path in _walk(folder):
        if path.stat().st_mtime_ns == 0:
            forget_times(path)
    return World(Layout(folder))


@contextmanager
def serving(world: World) -> Iterator[Server]:
    # A Unix socket's path has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = start(world.layout, Path(folder))
        try:
            yield server
        finally:
            assert server.stop() == ""


def tidy(layout: Layout) -> None:
    """What the server's workers do every hour and at midnight, by another process."""
    services = open_services(layout, DEFAULT_LIMITS)
    for chore in housekeeping.chores(services):
        chore()
    # Not closed: that would end the server's log, which nobody does every hour.


def live(world: World, server: Server, events: Sequence[Event], at_once: int = 1) -> None:
    """Lets the events happen in their order, so many at once, each at a moment that file times tell apart."""
    first = _tick(world)
    _tick(world)
    left = list(reversed(events))
    lock = threading.Lock()
    failures: list[BaseException] = []

    def work() -> None:
        while True:
            with lock:
                if not left:
                    return
                event = left.pop()
                _tick(world)
            try:
                event(server)
            except BaseException as error:
                failures.append(error)
                return
            with lock:
                world.arrivals.append(event)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    world.day = (first, _tick(world))


def _tick(world: World) -> int:
    """The time of a file that is later than any file's before."""
    probe = world.layout.root.parent / f"clock of {world.layout.root.name}"
    before = probe.stat().st_ctime_ns if probe.exists() else 0
    probe.touch()
    while (now := probe.stat().st_ctime_ns) <= before:
        probe.touch()
    return now


def picture(world: World) -> dict[str, object]:
    """Everything but file times of the kernel's own: names, kinds, rights, sizes, set times, and contents.

    Names of blanks are random, so only how many there are counts.
    """
    found: dict[str, object] = {}
    for path in sorted(_walk(world.layout.root)):
        name = path.relative_to(world.layout.root).as_posix()
        if path.is_relative_to(world.layout.blanks) and path.is_file():
            name = f"blank {sum(key.startswith('blank ') for key in found)}"
        status = path.stat()
        times = (status.st_atime_ns, status.st_mtime_ns) if status.st_mtime_ns == 0 else ()
        size = status.st_size if path.is_file() else len(names_in(path))
        found[name] = (status.st_mode, status.st_nlink, size, times, _content(path))
    found.update({f"inbox.db page {n}": page for n, page in enumerate(world.clear_pages, 1)})
    return found


def _content(path: Path) -> str:
    if not path.is_file() or path.name == "inbox.db":
        return ""
    data = read_quietly(path)
    return hashlib.sha256(_pages_in(data) if path.name == "inbox.db-shm" else data).hexdigest()


def _pages_in(index: bytes) -> bytes:
    """Which pages the index names; how SQLite's cache spread one rewriting over it is left out."""
    blocks = [index[at : at + _NUMBERS] for at in range(0, len(index), _BLOCK)]
    blocks[0] = blocks[0][_INDEX_HEADER:]
    numbers = memoryview(b"".join(blocks)).cast("I")
    return repr(sorted(set(numbers))).encode()


def listings(world: World) -> dict[str, list[str]]:
    """In which order folders name what is in them; of those that hold random names nothing."""
    found = {}
    for folder in _walk(world.layout.root):
        if folder.is_dir() and not folder.is_relative_to(world.layout.blanks):
            handle = descriptor(folder, os.O_DIRECTORY)
            with os.scandir(handle) as entries:
                found[folder.relative_to(world.layout.root).as_posix()] = [entry.name for entry in entries]
            os.close(handle)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below a folder, without a trace of having looked."""
    for name in names_in(folder):
        yield folder / name
        if (folder / name).is_dir():
            yield from _walk(folder / name)


def times_of_the_day(world: World) -> list[str]:
    """The times of files and folders, birth included, that lie between the first arrival and the tidying."""
    paths = [world.layout.root, *_walk(world.layout.root)]
    line = ["stat", "--format=%.9W %n", *map(str, paths)]
    said = subprocess.run(line, capture_output=True, text=True, check=True, env={"LC_ALL": "C"}).stdout
    found = []
    for each, path in zip(said.splitlines(), paths, strict=True):
        status = path.stat()
        born = int(each.split()[0].replace(".", "").replace("-", "0"))
        times = {
            "atime": status.st_atime_ns,
            "mtime": status.st_mtime_ns,
            "ctime": status.st_ctime_ns,
            "birth": born,
        }
        first, last = world.day
        name = path.relative_to(world.layout.root)
        found += [f"{kind} {name}" for kind, time in times.items() if first <= time < last]
    return found
