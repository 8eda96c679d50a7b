"""Which proofs there are."""

import importlib
from collections.abc import Callable, Iterator
from typing import Final

from bench.line import Line

PROOFS: Final = (
    "two_worlds",
    "wire_sizes",
    "same_visit",
    "seizure_cold",
    "seizure_keys",
    "seizure_hot",
    "key_erasure",
    "logs",
    "flood",
    "faults",
    "hostile",
)


def proof(name: str) -> Callable[[bool], Iterator[Line]]:
    """What measures it: in full, or small."""
    measure: Callable[[bool], Iterator[Line]] = importlib.import_module(
        f"tests.privacy.proofs.{name}"
    ).measure
    return measure
