"""A demo office, started as a person starts it, for tests and measurements."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pyotp

from tests.e2e.browsers import until

PELUIT = str(Path(sys.executable).with_name("peluit"))


def free_port() -> int:
    """A port on loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Office:
    """A running demo: two web apps with their data, and the station's folder."""

    folder: Path
    source_port: int
    journalist_port: int
    process: subprocess.Popen[str]
    used_steps: list[int] = field(default_factory=lambda: [0])

    @property
    def source(self) -> str:
        return f"http://127.0.0.1:{self.source_port}/"

    @property
    def journalist(self) -> str:
        return f"http://127.0.0.1:{self.journalist_port}/"

    @property
    def sign_in(self) -> dict[str, str]:
        account: dict[str, str] = json.loads((self.folder / "sign-in.json").read_text())
        return account

    def code(self) -> str:
        """Six digits that the demo account has not used yet: each is good once, around its half minute."""
        secret = pyotp.TOTP(self.sign_in["totp"])
        step = max(secret.timecode(datetime.now(UTC)) - 1, *self.used_steps, 0) + 1
        assert until(lambda: secret.timecode(datetime.now(UTC)) + 1 >= step, seconds=60)
        self.used_steps.append(step)
        return pyotp.HOTP(self.sign_in["totp"]).at(step)

    def station(self, *words: str, reviewer: str = "inspektur") -> Any:
        """Runs one station command with --json and returns the document it prints."""
        secret = self.folder / "passphrases" / reviewer
        line = [PELUIT, "station", "--folder", str(self.folder / "station"), *words, "--as", reviewer]
        return json.loads(_output([*line, "--passphrase-file", str(secret), "--json"]))

    def publish_board(self) -> None:
        """Does now what the server does at its fixed times."""
        subprocess.run([PELUIT, "publish-board", str(self.folder / "server")], check=True)

    def server_processes(self) -> list[int]:
        """The pids of every process of the two servers."""
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]


@contextlib.contextmanager
def demo(folder: Path, temporary: Path | None = None) -> Iterator[Office]:
    """Starts `peluit demo` in a folder and stops it with Ctrl-C; `temporary` becomes its TMPDIR."""
    source, journalist = free_port(), free_port()
    log = Path(tempfile.mkdtemp()) / "demo.log" if temporary is None else temporary / "demo.log"
    line = [PELUIT, "demo", "--folder", str(folder)]
    line += ["--source-port", str(source), "--journalist-port", str(journalist), "--noscript-port", "0"]
    environment = dict(os.environ) | ({"TMPDIR": str(temporary)} if temporary else {})
    environment["PELUIT_BOARD_EVERY"] = "86400"  # replies appear when a test publishes them, not in between
    if os.geteuid() != 0:
        environment["PELUIT_SEARCHABLE"] = "1"  # root reads the memory of hardened processes, others do not
    with log.open("w") as errors:
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        assert process.stdout
        try:
            while "Ctrl-C" not in (said := process.stdout.readline()):
                if not said:
                    raise AssertionError(f"the demo did not start: {log.read_text()}")
            yield Office(folder, source, journalist, process)
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.wait(30)
            process.stdout.close()
    assert ended == 0, log.read_text()
    assert log.read_text() == "", "the servers said something that they should not"


def _output(line: list[str]) -> str:
    done = subprocess.run(line, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return done.stdout


def originals(folder: Path) -> list[Path]:
    """What the station exported into a folder, without the custody notes beside it."""
    return [path for path in folder.iterdir() if not path.name.endswith(".custody.txt")]
