"""What evidence padding hides and costs: Padmé with a least size of 64 KiB (docs/protocol.md section 7)."""

import math
import random
from collections.abc import Iterator
from itertools import pairwise

from bench.figures import median, percentile
from bench.line import Line, at_most, plain, tell
from bench.processes import MIB
from crypto.constants import MIN_BLOB_SIZE
from crypto.padding import padme

_SMALLEST, _LARGEST = 4 * 2**10, 5 * 2**30
_SAMPLE, _SEED = 200_000, 1
_OVERHEAD = 0.12


def measure() -> Iterator[Line]:
    """Files of 4 KiB to 5 GiB, log-uniform: how many padded sizes, and how much longer files get"""
    sizes = padded_sizes(_SMALLEST, _LARGEST)
    drawn = random.Random(_SEED)
    files = [round(math.exp(drawn.uniform(math.log(_SMALLEST), math.log(_LARGEST)))) for _ in range(_SAMPLE)]
    large = [padme(size) / size - 1 for size in files if size >= MIN_BLOB_SIZE]
    widest = max((after - before, after) for before, after in pairwise(sizes))
    tell(
        f"  Above 5 GiB less one step, {widest[0] / MIB:,.0f} MiB of lengths look alike. Below 64 KiB all do."
    )
    yield plain("padding_sizes", len(sizes), "different padded sizes from 4 KiB to 5 GiB")
    yield plain("padding_bits", math.log2(len(sizes)), "bits that a size can tell at most")
    yield at_most("padding_overhead_worst", worst_overhead(sizes), "of the size, from 64 KiB on", _OVERHEAD)
    yield plain("padding_overhead_median", median(large), "of the size, from 64 KiB on")
    yield plain("padding_overhead_p95", percentile(large, 95), "of the size, from 64 KiB on")
    total = sum(map(padme, files)) / sum(files) - 1
    yield plain("padding_overhead_total", total, "of all bytes of the sample, small files included")


def padded_sizes(smallest: int, largest: int) -> list[int]:
    """Every padded size of a file of `smallest` to `largest` bytes, by going from each to the next."""
    sizes = [padme(smallest)]
    while sizes[-1] < largest:
        sizes.append(padme(sizes[-1] + 1))
    return sizes


def worst_overhead(sizes: list[int]) -> float:
    """The most that is added, as a part of the size: to the shortest file of each padded size."""
    return max(after / (before + 1) - 1 for before, after in pairwise(sizes))
