"""A paper: what a register, recap or statement says, before it becomes lines, CSV, HTML or PDF."""

from collections.abc import Sequence
from dataclasses import dataclass

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Table:
    """Rows of cells under a head, all of the same length. `right`: the columns that hold numbers; `bars`: one
    length for each row if a chart stands beside the table, which says nothing that the table does not."""

    title: str
    head: Sequence[str]
    rows: Rows
    right: tuple[int, ...] = ()
    bars: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paper:
    """`lead`: sentences above the tables; `name`: the beginning of a file's name, in ASCII."""

    name: str
    title: str
    lead: Sequence[str]
    tables: Sequence[Table]
