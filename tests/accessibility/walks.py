"""Which browser walks in which language: each in each."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.e2e.browsers import Browser, Chromium, Firefox


def _quick_firefox() -> Firefox:
    """With four times the usual frames a second: a walk waits for two at each press of Tab."""
    return Firefox(prefs={"layout.frame_rate": 240})


BROWSERS: Final[dict[str, Callable[[], Browser]]] = {"chromium": Chromium, "firefox": _quick_firefox}

WALKS: Final = [
    pytest.param((browser, language), id=f"{browser}-{language}")
    for browser in BROWSERS
    for language in ("id", "en")
]
