"""Firefox's process: a fresh profile in a folder of its own, a free port for Marionette, and a clean end."""

import os
import signal
import subprocess
from pathlib import Path

from .errors import BrowserError, BrowserMissing
from .firefox_prefs import Prefs, as_user_js
from .processes import family, is_running
from .waiting import PATIENCE, until

PROGRAM = Path("/usr/bin/firefox-esr")

START = 60.0
"""Seconds that Firefox may take to start."""

_SWITCHES = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
_ENVIRONMENT = {
    "MOZ_CRASHREPORTER_DISABLE": "1",
    # Without it a release ignores the preference services.settings.server and asks Mozilla's.
    "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",
}


class FirefoxProcess:
    """A running Firefox, which keeps everything it writes in `folder`; it must be ended by `end()`."""

    def __init__(self, folder: Path, prefs: Prefs) -> None:
        if not PROGRAM.exists():
            raise BrowserMissing(f"{PROGRAM} is missing: install Debian's package firefox-esr")
        profile = folder / "profile"
        profile.mkdir()
        # Port 0: Firefox finds a free one and writes it down, so that no two sessions can collide.
        (profile / "user.js").write_text(as_user_js({**prefs, "marionette.port": 0}))
        self._port_file = profile / "MarionetteActivePort"
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, *_SWITCHES, "--profile", profile],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **_ENVIRONMENT, "HOME": str(folder)},
                start_new_session=True,
            )

    def port(self) -> int:
        """Wait for Marionette's port on 127.0.0.1; raise BrowserError with Firefox's log if there is none."""

        def written() -> str:
            if self._process.poll() is not None:
                raise BrowserError(f"Firefox ended at once:\n{self._last_words()}")
            return self._port_file.read_text() if self._port_file.exists() else ""

        port = until(written, START)
        if not port:
            raise BrowserError(f"Firefox opened no port within {START:g} s:\n{self._last_words()}")
        return int(port)

    def ids(self) -> list[int]:
        """Firefox and all its children, as process ids."""
        return family([self._process.pid])

    def end(self) -> None:
        """End Firefox and its children, which write to the profile until they are gone."""
        members = self.ids()
        self._process.terminate()
        if not until(lambda: self._process.poll() is not None and not any(map(is_running, members))):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-1000:]
