"""Which browser walks in which language: each of them on every run, the other pairs with `make slow`."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.e2e.browsers import Browser, Chromium, Firefox

BROWSERS: Final[dict[str, Callable[[], Browser]]] = {"chromium": Chromium, "firefox": Firefox}

WALKS: Final = [
    pytest.param(("chromium", "id"), id="chromium-id"),
    pytest.param(("firefox", "en"), id="firefox-en"),
    pytest.param(("chromium", "en"), id="chromium-en", marks=pytest.mark.slow),
    pytest.param(("firefox", "id"), id="firefox-id", marks=pytest.mark.slow),
]
