"""Tables for the public: no count below 5, and none that can be worked out from the others. Pure.

A table has a total T that is known, and cells in an order that does not depend on the counts.

1. Every cell below 5 is hidden, zeros too; a hidden cell says nothing but that it is hidden.
2. A table that hides nothing is shown as it is.
3. Let k cells be hidden, s their sum. With k = 1, or s at an end (s ≤ 1 or s ≥ 4k - 1), whoever knows this
   rule could tell what some of them are: then the first cell of the order that is not hidden is hidden too.

So for every hidden cell at least two values are possible, also for somebody who knows this rule and the
total: decision 0038 has the proof, tests/workstation/recap/test_suppression.py tries every small table.
Tables over the same cases have nothing but the total in common (each counts another thing), and two
publications never count the same case (statistics.py): what holds for one table holds for all together.
"""

from collections.abc import Mapping
from typing import Final

SMALLEST: Final = 5
"""The smallest count that is published."""


def suppress(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The table with None for what is hidden; the order of the mapping is the table's."""
    hidden = {name for name, count in counts.items() if count < SMALLEST}
    if hidden and _tells(len(hidden), sum(counts[name] for name in hidden)):
        hidden |= set([name for name in counts if name not in hidden][:1])
    return {name: None if name in hidden else count for name, count in counts.items()}


def total(whole: int, below: int, others: int) -> int | None:
    """The total of some quarters whose cases are counted together; None if it stays hidden.

    `below`: how many of them were published on their own with a hidden total, so that each is known to be
    below 5; `others`: how many were not. If all are known to be below 5 and as high as that allows, the sum
    would tell each.
    """
    if whole < SMALLEST or (not others and whole == (SMALLEST - 1) * below):
        return None
    return whole


def _tells(cells: int, whole: int) -> bool:
    """Whether so many counts below 5 with this sum could be told one by one."""
    return cells == 1 or whole <= 1 or whole >= (SMALLEST - 1) * cells - 1
