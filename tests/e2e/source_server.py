"""The reporters' server alone, to be started, stopped and cut off at will."""

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

from tests.e2e.browsers import until
from tests.e2e.office import PELUIT, free_port


class SourceServer:
    """The source app under gunicorn, on the data folder of an office; the port stays the same.

    `settings` are what the environment tells it, such as PELUIT_EVIDENCE_PER_DAY.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self.settings = folder, free_port(), settings
        self.url = f"http://127.0.0.1:{self.port}/en/"

    def start(self) -> None:
        line = [PELUIT, "serve", "source", "--folder", str(self.folder), "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(line, start_new_session=True, env={**os.environ, **self.settings})
        assert until(self._answers)

    def cut_off(self) -> None:
        """As by a power failure."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert until(lambda: not self._answers())

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
