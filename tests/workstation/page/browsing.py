"""`peluit station open`, started as a person starts it, for a real browser."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.browsers import Browser

_PELUIT = str(Path(sys.executable).with_name("peluit"))


@contextmanager
def opened(folder: Path, language: str = "en", minutes: int = 10) -> Iterator[str]:
    """Gives the address with the one-time token; stops the page with Ctrl+C and sees that it said nothing."""
    line = [_PELUIT, "station", "--folder", str(folder), "--lang", language, "open", "--no-browser", "--json"]
    line += ["--idle", str(minutes)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield json.loads("".join(process.stdout.readline() for _ in range(3)))["address"]
    finally:
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (0, "", "")


def unlock(browser: Browser, address: str, reviewer: str, passphrase: str) -> None:
    """From the address to the overview."""
    browser.open(address)
    browser.wait_for("#unlock")
    browser.select("#reviewer", reviewer)
    browser.type("#passphrase", passphrase)
    browser.click("#unlock")
    browser.wait_for("#lock")


def import_from(browser: Browser, base: str, path: Path) -> None:
    """Through the form to the list of cases."""
    browser.open(f"{base}/import")
    browser.type("#path", str(path))
    browser.click("#import")
    browser.wait_for("#go-on", seconds=120)
    browser.click("#go-on")
    browser.wait_for("#find")
