"""Which browser walks in which language: each of them on every run, the other pairs with `make slow`."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.e2e.browsers import Browser, Chromium, Firefox


def _quick_firefox() -> Firefox:
    """With four times the usual frames a second: a walk waits for two at each press of Tab."""
    return Firefox(prefs={"layout.frame_rate": 240})


BROWSERS: Final[dict[str, Callable[[], Browser]]] = {"chromium": Chromium, "firefox": _quick_firefox}

WALKS: Final = [
    pytest.param(("chromium", "id"), id="chromium-id"),
    pytest.param(("firefox", "en"), id="firefox-en"),
    pytest.param(("chromium", "en"), id="chromium-en", marks=pytest.mark.slow),
    pytest.param(("firefox", "id"), id="firefox-id", marks=pytest.mark.slow),
]
