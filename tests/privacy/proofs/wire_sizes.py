"""Answers differ in length as little as docs/wire-sizes.md says, good and bad ones, of both doors.

Length is all that somebody sees who watches an encrypted line.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line, at_most, plain, tell
from store.layout import Layout
from tests.privacy.proofs.answers import Answers, collect

DOCUMENT = Path(__file__).parents[3] / "docs" / "wire-sizes.md"
_ROW = re.compile(r"^\| `([^`]+)` \| (\d+) \| (\d+) \|", re.MULTILINE)


def measure(full: bool) -> Iterator[Line]:
    """The same in full and small: there are only so many kinds of answers."""
    with tempfile.TemporaryDirectory(prefix="peluit-sizes-") as folder:
        found = collect(Layout(Path(folder) / "data"))
    wrong = beyond(found)
    for said in wrong:
        tell(f"  {said}")
    yield at_most("wire_sizes: kinds of answers that differ more than the docs say", len(wrong), "kinds", 0)
    yield plain("wire_sizes: kinds of answers", len(found.bodies), "kinds")
    lengths = sum(len(found.bodies[kind]) for kind in found.bodies)
    yield plain("wire_sizes: lengths of bodies, over all kinds", lengths, "lengths")


def allowed() -> dict[str, tuple[int, int]]:
    """By kind of answer, how many lengths of bodies and of heads the document grants."""
    rows = _ROW.findall(DOCUMENT.read_text("utf-8"))
    return {kind: (int(bodies), int(heads)) for kind, bodies, heads in rows}


def beyond(found: Answers) -> list[str]:
    """The kinds that have more lengths than the document says, are missing there, or stand there in vain."""
    granted = allowed()
    wrong = [f"{kind}: in the document only" for kind in granted.keys() - found.bodies.keys()]
    for kind in sorted(found.bodies):
        bodies, heads = granted.get(kind, (0, 0))
        if len(found.bodies[kind]) > bodies or len(found.heads[kind]) > heads:
            wrong.append(f"{kind}: bodies {sorted(found.bodies[kind])}, heads {sorted(found.heads[kind])}")
    return wrong
