"""Waiting for a condition up to a deadline: the only place in these tests that lets time pass."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds a wait lasts unless the caller says otherwise. What comes is seen at once; on a busy machine,
loading the word lists alone may take more than ten."""

_PAUSE = 0.02


def until(condition: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Ask `condition` again and again until its answer is true in a condition, and return that answer.

    It is asked at least once. After `seconds` the last answer is returned, so that the caller can say
    what was missing; errors of `condition` pass through.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer or time.monotonic() >= deadline:
            return answer
        time.sleep(_PAUSE)
