"""One tor process of the private network."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.e2e.browsers import until
from tests.tor.control import Control, ControlError

TOR = shutil.which("tor", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin") or "tor"
BUSY = 180.0
"""Seconds until tor must have done something, on a busy machine: the end of a wait, never its length."""

ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""What a command line begins with so that the kernel ends the program should the tests be killed."""


class Daemon:
    """A tor in a folder of its own, which holds its torrc, its data and all that it says.

    `torrc` is read as it stands, after `defaults`, with which a private network differs from the public one.
    """

    def __init__(self, folder: Path, defaults: str, torrc: str) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.folder, self._said = folder, folder / "said"
        (folder / "defaults").write_text(defaults)
        self.write(torrc)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def write(self, torrc: str) -> None:
        """Another torrc, for the next start or SIGHUP."""
        (self.folder / "torrc").write_text(torrc)

    def start(self) -> None:
        files = ("--defaults-torrc", str(self.folder / "defaults"), "-f", str(self.folder / "torrc"))
        line = [*ENDS_WITH_US, TOR, *files]
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
            )

    def hang_up(self) -> None:
        """SIGHUP: tor reads its torrc and its services' folders again; Debian's logrotate does it daily."""
        os.kill(self.pid, signal.SIGHUP)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends a tor at once, in order; SIGKILL as a power failure does."""
        if self._process is None:
            return
        if self.running:
            os.kill(self.pid, how)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def said(self) -> str:
        """Everything that it wrote to standard output and error."""
        return self._said.read_text(errors="replace")

    def control(self) -> Control:
        """For a tor whose torrc has a control socket there."""
        return Control(self.folder / "control")

    def info(self, key: str) -> str:
        """What GETINFO says, or nothing while tor is not listening; AssertionError once it has ended."""
        assert self.running, f"tor ended: {self.said()[-2000:]}"
        try:
            with self.control() as control:
                return control.info(key)
        except (OSError, ControlError):
            return ""

    def wait_until(self, key: str, holds: str) -> None:
        """Until what GETINFO says of a key holds these words."""
        assert until(lambda: holds in self.info(key), BUSY), f"{key}: {self.info(key)}\n{self.said()[-2000:]}"
