"""Whoever reads the memory of every server process finds no text, no codename and no reviewer's key.

Of the door without scripts, which has texts and codenames during a request, nothing is left after it. What
browsers said of themselves is found in memory that was used before: how often is printed.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.line import Line, at_least, at_most, plain, tell
from tests.privacy.canaries import Hit, Search
from tests.privacy.proofs.seizing import Seized, told, traces

_SURELY_THERE = "hardening.deploy"


def measure(full: bool) -> Iterator[Line]:
    """In full every two words of every codename, in small the first ones."""
    with tempfile.TemporaryDirectory(prefix="peluit-hot-") as name, told(Path(name)) as seized:
        hits = search(seized, full)
        agents = found(seized.processes, Search(person.agent for person in seized.people))
        readable = {hit.where for hit in found(seized.processes, Search([_SURELY_THERE]))}
        processes = len(seized.processes)
    for hit in hits:
        tell(f"  found in {hit.where}: {hit.canary!r}")
    yield at_most("seizure_hot: texts, codenames and keys found", len(hits), "places", 0)
    yield at_least("seizure_hot: processes that could be searched", len(readable), "processes", processes)
    yield plain("seizure_hot: what browsers said of themselves, found", len(agents), "places")


def search(seized: Seized, full: bool = False) -> set[Hit]:
    """Where in memory anything is that must never be there, or not after a request."""
    canaries = [canary for person in seized.people for canary in person.said(None if full else 2)]
    return found(seized.processes, Search(canaries, traces(seized.keys, "a reviewer's key")))


def found(processes: Iterable[int], search: Search) -> set[Hit]:
    """The hits in the memory of processes."""
    return set().union(*(search.memory(pid) for pid in processes))
