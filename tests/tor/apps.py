"""Real apps under gunicorn, each on a Unix socket, as they are run behind tor."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.e2e.browsers import until
from tests.e2e.office import PELUIT
from tests.tor.daemon import BUSY, ENDS_WITH_US

ROOT = Path(__file__).parents[2]


class App:
    """A command line that serves on a Unix socket. Everything that it says is added to `log`."""

    def __init__(self, line: list[str], place: Path, log: Path) -> None:
        self._line, self._socket, self._log = [*ENDS_WITH_US, *line], place, log
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        """The one that runs now, or ran last."""
        assert self._process
        return self._process

    def start(self) -> None:
        environment = os.environ | {
            "PELUIT_BOARD_EVERY": "86400"
        }  # replies appear when a test publishes them
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._line, stdout=log, stderr=log, text=True, env=environment, cwd=ROOT
            )
        assert until(self._answers, BUSY), self._log.read_text()

    def stop(self) -> None:
        """As systemd does it: requests that are under way are ended first."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(BUSY)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0


def peluit(name: str, place: Path, log: Path, *told: str) -> App:
    """`peluit serve NAME`; `told` are its further words."""
    return App([PELUIT, "serve", name, "--bind", f"unix:{place}", *told], place, log)


def mirror(place: Path, log: Path) -> App:
    """The app that shows what apps are told."""
    settings = ["--config", "python:hardening.deploy.gunicorn", "--bind", f"unix:{place}"]
    return App([sys.executable, "-m", "gunicorn", *settings, "tests.tor.mirror:app"], place, log)
