"""Whoever takes the server's disks and has no key finds nothing of what people said or are.

Searched: a copy of the data, made while the servers run, and of their logs and temporary files. Sought: every
text, file name and word of a codename, what browsers and addresses were, the sealed bytes of what is erased,
and the reviewers' keys. What number and size still tell is printed.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line, at_least, at_most, plain, tell
from tests.privacy.canaries import Hit, Search
from tests.privacy.proofs.seizing import Seized, told, traces


def measure(full: bool) -> Iterator[Line]:
    """In full with files of 20 MB."""
    with tempfile.TemporaryDirectory(prefix="peluit-cold-") as name:
        folder = Path(name)
        with told(folder, 20_000_000 if full else 100_000) as seized:
            disk = copy(seized, folder / "disk")
        hits = search(seized, disk)
        for hit in hits:
            tell(f"  found in {hit.where}: {hit.canary!r}")
        yield at_most("seizure_cold: found of what people said, sent or are", len(hits), "places", 0)
        yield at_least("seizure_cold: planted canaries found", planted(disk, seized), "canaries", 3)
        yield from told_by_size(disk)


def copy(seized: Seized, to: Path) -> Path:
    """A copy of everything that the servers wrote."""
    shutil.copytree(seized.layout.root, to / "data", symlinks=True, ignore=shutil.ignore_patterns("run"))
    shutil.copytree(seized.temporary, to / "tmp")
    return to


def search(seized: Seized, disk: Path) -> set[Hit]:
    """Where on the disk anything is that must not be there."""
    secret = traces(seized.deleted, "erased") | traces(seized.keys, "a reviewer's key")
    return Search(seized.canaries(), secret).tree(disk)


def planted(disk: Path, seized: Seized) -> int:
    """How many of three planted canaries are found: if none were, the silence would mean nothing."""
    text, agent, words = (seized.people[0].canaries()[n] for n in (0, -2, 2))
    (disk / "data" / "one").write_bytes(text.encode("utf-16-le"))
    (disk / "data" / words).touch()
    (disk / "tmp" / "log").write_text(f"GET / {agent.encode().hex()}")
    return len({hit.canary for hit in search(seized, disk)} & {text, agent, words})


def told_by_size(disk: Path) -> Iterator[Line]:
    """What is not hidden: how many complete files there are and how large, how large the databases."""
    files = [path for path in (disk / "data" / "blobs" / "done").rglob("*") if path.is_file()]
    yield plain("seizure_cold: told without a key: sealed files", len(files), "files")
    sizes = {path.stat().st_size for path in files}
    yield plain("seizure_cold: told without a key: their different sizes", len(sizes), "sizes")
    for path in sorted((disk / "data").rglob("*.db")):
        yield plain(f"seizure_cold: told without a key: {path.name}", path.stat().st_size, "bytes")
