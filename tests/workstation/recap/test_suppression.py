"""R22. No hidden count can be told from what is shown, even by somebody who knows the rule."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.recap.suppression import SMALLEST, suppress, total

Shown = tuple[int | None, ...]


def shown(counts: tuple[int, ...]) -> Shown:
    return tuple(suppress({str(n): count for n, count in enumerate(counts)}).values())


@pytest.mark.parametrize(("cells", "largest"), [(2, 40), (3, 24), (4, 10)])
def test_who_knows_the_rule_and_the_total_still_has_two_answers_for_each_hidden_cell(
    cells: int, largest: int
) -> None:
    """Every table up to a size, sorted by what is published of it: in no group does a hidden cell have one
    value. (A group at the edge of what is tried is as large as it is: its total is small enough.)"""
    groups: dict[tuple[int, Shown], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(largest + 1), repeat=cells):
        if SMALLEST <= sum(counts) <= largest:
            groups[sum(counts), shown(counts)].append(counts)
    hidden = 0
    for (_whole, published), tables in groups.items():
        for cell, value in enumerate(published):
            if value is None:
                hidden += 1
                assert len({table[cell] for table in tables}) >= 2, (published, tables)
    assert hidden


@given(st.lists(st.integers(0, 60), min_size=2, max_size=60))
def test_nothing_below_five_is_shown_and_what_is_shown_is_true(counts: list[int]) -> None:
    published = shown(tuple(counts))
    for count, value in zip(counts, published, strict=True):
        assert value is None or (value == count >= SMALLEST)
    assert published.count(None) != 1


@given(st.lists(st.integers(0, 60), min_size=2, max_size=60).filter(lambda counts: sum(counts) >= SMALLEST))
def test_a_plain_attacker_subtracts_in_vain(counts: list[int]) -> None:
    """With the total and all that is shown, no hidden cell is fixed: their sum can be shared otherwise."""
    published = shown(tuple(counts))
    left = sum(counts) - sum(value for value in published if value is not None)
    hidden = published.count(None)
    assert hidden == 0 or (hidden >= 2 and left >= 1)


def test_a_total_of_quarters_that_are_each_known_to_be_small() -> None:
    assert total(9, 4, 0) == 9
    assert total(16, 4, 0) is None
    assert total(8, 2, 0) is None
    assert total(8, 2, 1) == 8
    assert total(4, 0, 4) is None
    assert total(15, 4, 0) == 15


@pytest.mark.parametrize("quarters", [2, 3, 4])
def test_no_quarter_can_be_told_from_its_year(quarters: int) -> None:
    groups: dict[int | None, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(SMALLEST), repeat=quarters):
        groups[total(sum(counts), quarters, 0)].append(counts)
    for tables in groups.values():
        assert all(len({table[quarter] for table in tables}) >= 2 for quarter in range(quarters))
