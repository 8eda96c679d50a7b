"""The pieces of a blob cover it, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.blob import blob_size, piece_count, run_size
from crypto.constants import CHUNK_SIZE, MAX_BLOB_SIZE, MAX_PIECES, PIECE_SIZE, TAG_SIZE
from crypto.padding import padme

PADDED = st.integers(0, 2**33).map(padme)


def test_a_sealed_chunk_is_one_full_request() -> None:
    assert MAX_PIECES * PIECE_SIZE == CHUNK_SIZE + TAG_SIZE


@pytest.mark.parametrize(
    ("padded", "count", "last"),
    [(65_536, 2, 15), (2**20, 16, PIECE_SIZE), (2**20 + 2**16, 18, 15), (MAX_BLOB_SIZE, 2**24, PIECE_SIZE)],
)
def test_known_sizes(padded: int, count: int, last: int) -> None:
    assert piece_count(padded) == count
    assert run_size(padded, count - 1, 1) == last


@given(PADDED, st.integers(1, 40))
def test_runs_cover_a_blob(padded: int, step: int) -> None:
    count = piece_count(padded)
    assert run_size(padded, 0, count) == blob_size(padded)
    begin = max(0, count - 3 * step)
    sizes = [run_size(padded, first, step) for first in range(begin, count, step)]
    assert sum(sizes) == blob_size(padded) - begin * PIECE_SIZE
    assert all(0 < size <= step * PIECE_SIZE for size in sizes)


@given(PADDED, st.integers(0, 100), st.integers(0, 20))
def test_nothing_lies_beyond_the_end(padded: int, beyond: int, count: int) -> None:
    assert run_size(padded, piece_count(padded) + beyond, count) == 0
