"""The cost of unlocking fits the computer on which the ceremony is held."""

from collections.abc import Callable

import pytest
from argon2.exceptions import HashingError

from tests.workstation.office import CHEAP
from workstation import keyfile
from workstation.calibration import calibrate
from workstation.keyfile import DEFAULT_COST, HIGHEST_COST, Cost


def computer(seconds_a_gib: float, spare: int = 2**20) -> Callable[[Cost], float]:
    """One that fills a GiB in so many seconds and has so many KiB to spare."""

    def measure(cost: Cost) -> float:
        if cost.memory > spare:
            raise HashingError
        return seconds_a_gib * cost.memory * cost.passes / 2**20

    return measure


@pytest.mark.parametrize(
    ("measure", "cost"),
    [
        (computer(1.0), Cost(262_144, 4)),
        (computer(0.1), Cost(262_144, 16)),
        (computer(5.0), Cost(131_072, 2)),
        (computer(7.5), DEFAULT_COST),
        (computer(9.0), Cost(65_536, 3)),
        (computer(100.0), DEFAULT_COST),
        (computer(1.0, spare=131_072), Cost(131_072, 8)),
        (computer(1.0, spare=65_536), Cost(65_536, 16)),
    ],
)
def test_about_a_second(measure: Callable[[Cost], float], cost: Cost) -> None:
    assert calibrate(measure) == cost


def test_on_this_computer() -> None:
    cost = calibrate()
    assert DEFAULT_COST.memory <= cost.memory
    assert DEFAULT_COST.memory * DEFAULT_COST.passes <= cost.memory * cost.passes
    assert cost.passes <= HIGHEST_COST.passes
    file = keyfile.seal({"a": 1}, "r1", "kuda nil makan rumput", cost)
    assert keyfile.cost_of(file, "r1") == cost
    assert keyfile.open_(file, "r1", "kuda nil makan rumput") == {"a": 1}


def test_a_key_file_says_its_cost() -> None:
    assert keyfile.cost_of(keyfile.seal({}, "r1", "kuda nil makan rumput", CHEAP), "r1") == CHEAP
