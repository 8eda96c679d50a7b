"""Answers that take a whole number of steps: how long one takes does not tell what was found on the way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STEP: Final = 0.1
"""In seconds. Opening replies takes 2 ms each on the reference machine, everything else of a thread 13 ms."""


@contextmanager
def evenly() -> Iterator[None]:
    """Lets the block end when a whole number of steps has gone by since it began."""
    begun = time.monotonic()
    yield
    time.sleep(STEP - (time.monotonic() - begun) % STEP)
