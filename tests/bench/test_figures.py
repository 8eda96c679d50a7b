"""The helpers that the measurements rest on; speed itself is measured, never asserted."""

import json
import os

import pytest

from bench.figures import median, percentile
from bench.line import at_least, at_most, plain
from bench.load import request
from bench.padding import padded_sizes, worst_overhead
from bench.processes import cpu_seconds, growing, pss, rss
from crypto.padding import padme


@pytest.mark.parametrize(("values", "middle"), [([3.0], 3.0), ([9, 1, 2], 2), ([4, 1, 3, 2], 2.5)])
def test_median(values: list[float], middle: float) -> None:
    assert median(values) == middle


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (5, 1), (50, 10), (95, 19), (100, 20)])
def test_percentile_is_the_nearest_rank(percent: float, value: float) -> None:
    assert percentile(list(range(20, 0, -1)), percent) == value


def test_a_line_says_whether_its_goal_is_met() -> None:
    assert json.loads(at_most("a", 0.0200001, "s", 0.02).json())["met"] is False
    assert json.loads(at_least("b", 100, "reports/s", 100).json())["met"] is True
    record = json.loads(plain("c", 12.3456, "MiB").json())
    assert record == {"name": "c", "value": 12.3, "unit": "MiB", "goal": None, "met": None}


def test_whole_numbers_are_not_rounded() -> None:
    assert plain("sizes", 123_456, "sizes").value == 123_456


def test_a_body_brings_its_length_and_type() -> None:
    head, _, body = request("PUT", "/x", b"abc").partition(b"\r\n\r\n")
    assert body == b"abc"
    assert b"Content-Length: 3" in head
    assert b"Content-Type: application/octet-stream" in head


def test_padded_sizes_are_all_that_files_can_have() -> None:
    smallest, largest = 60_000, 200_000
    every = {padme(size) for size in range(smallest, largest + 1)}
    assert padded_sizes(smallest, largest) == sorted(every)
    worst = max(padme(size) / size - 1 for size in range(65_536, largest + 1))
    assert worst_overhead(padded_sizes(smallest, largest)) == worst


def test_the_kernel_counts_this_process() -> None:
    mine = [os.getpid()]
    before = cpu_seconds(mine)
    with growing(mine) as growth:
        kept = bytearray(b"x") * (32 * 2**20)
    assert growth.largest > 24 * 2**20
    assert len(kept) == 32 * 2**20
    assert cpu_seconds(mine) >= before
    assert 0 < pss(os.getpid()) <= rss(os.getpid()) + 2**20
