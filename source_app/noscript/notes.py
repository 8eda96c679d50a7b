"""The office's notes (docs/protocol.md section 4): paragraphs and lists, and no markup at all."""

import re
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Block:
    """A paragraph or a list, line by line; to be shown as text."""

    is_list: bool
    lines: tuple[str, ...]


def blocks(notes: str) -> list[Block]:
    """An empty line parts paragraphs; lines that begin with `- ` are the items of a list."""
    return [
        Block(is_list, tuple(line.removeprefix("- ") for line in lines))
        for paragraph in re.split(r"\n\s*\n", notes.strip("\n"))
        for is_list, lines in groupby(paragraph.splitlines(), lambda line: line.startswith("- "))
    ]
