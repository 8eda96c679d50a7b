"""What Argon2id may cost on this computer so that unlocking takes about a second (RFC 9106 section 4)."""

import os
import time
from collections.abc import Callable
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from workstation.keyfile import DEFAULT_COST, HIGHEST_COST, Cost

SECONDS: Final = 1.0
_MOST_MEMORY: Final = 262_144  # 256 MiB: a laptop has it to spare, a guessing machine not a thousand times
_SHARE: Final = 8  # of this computer's memory


def calibrate(measure: Callable[[Cost], float] | None = None) -> Cost:
    """The cost that takes about a second here, never less than `DEFAULT_COST`.

    As much memory as this computer can spare with at least one pass in the time, then as many passes as fit,
    unless memory times passes would then be less than those of `DEFAULT_COST`.
    `measure` gives the seconds that a cost takes; HashingError if there is no memory for it.
    """
    seconds = measure or _measure
    memory = _MOST_MEMORY
    while memory > DEFAULT_COST.memory:
        try:
            taken = seconds(Cost(memory, 1))
        except HashingError:
            taken = SECONDS + 1
        cost = Cost(memory, _passes(taken))
        if taken <= SECONDS and cost.memory * cost.passes >= DEFAULT_COST.memory * DEFAULT_COST.passes:
            return cost
        memory //= 2
    return Cost(DEFAULT_COST.memory, max(DEFAULT_COST.passes, _passes(seconds(Cost(DEFAULT_COST.memory, 1)))))


def _passes(taken: float) -> int:
    return max(1, min(HIGHEST_COST.passes, round(SECONDS / max(taken, 1e-9))))


def _measure(cost: Cost) -> float:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_024
    if cost.memory > physical // _SHARE:
        raise HashingError
    began = time.perf_counter()
    hash_secret_raw(b"calibration", bytes(16), cost.passes, cost.memory, 1, 32, Type.ID, version=0x13)
    return time.perf_counter() - began
