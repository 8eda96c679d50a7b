"""An office's tor in a folder, as `peluit tor setup --to` makes it, and started without a network."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peluit.tor import service
from peluit.tor.place import Place, place
from tests.peluit.running import PELUIT, run


@pytest.fixture
def office(tmp_path: Path) -> Place:
    """Set up, not started."""
    folder = tmp_path / "tor"
    done = run(PELUIT, "tor", "setup", "--to", folder, "--sockets", tmp_path / "run")
    assert (done.returncode, done.stderr) == (0, "")
    return place(folder)


@pytest.fixture
def start(office: Place) -> Iterator[Callable[[], None]]:
    """Starts it, or starts it anew; done when tor has read everything. Nothing leaves the machine."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> None:
        end()
        process = subprocess.Popen(
            [
                *("tor", "--defaults-torrc", os.devnull, "-f", str(office.torrc)),
                *("--DisableNetwork", "1", "--Log", "notice stdout", "--ShutdownWaitLength", "0"),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout
        assert any("Bootstrapped 0%" in line for line in process.stdout), "tor did not start"
        assert service.running(office)

    def end() -> None:
        if started:
            process = started.pop()
            process.terminate()
            process.communicate()

    yield begin
    end()
