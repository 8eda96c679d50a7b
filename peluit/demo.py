"""`make run`: a demo office on loopback, started, watched and stopped together."""

import ctypes
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from peluit.demo_folder import demo_folder
from peluit.demo_office import open_office
from peluit.demo_welcome import welcome
from peluit.errors import PortForbiddenError, PortTakenError, SamePortError, ServerStoppedError
from peluit.serve import command, environment, of_folder, of_source

_HOST = "127.0.0.1"
_STOP_SECONDS = 10
_PR_SET_PDEATHSIG = 1
# Seconds. Whoever tries it out should not wait for a day; the welcome says so.
_BOARD_EVERY = "60"


def run(folder: Path | None, source_port: int, journalist_port: int, noscript_port: int | None = None) -> int:
    """Runs until Ctrl-C, SIGTERM or a closed terminal; without `noscript_port` without that door.

    SamePortError, PortTakenError, PortForbiddenError, ServerStoppedError, and those of `open_office`.
    """
    ports = {"source": source_port, "journalist": journalist_port}
    if noscript_port is not None:
        ports["noscript"] = noscript_port
    for port in ports.values():
        if list(ports.values()).count(port) > 1:
            raise SamePortError(port)
    for app, port in ports.items():
        _check_free(port, f"{app.upper()}_PORT")
    urls = {app: _url(port) for app, port in ports.items()}
    office = open_office(demo_folder(folder), urls.get("noscript"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    source = of_source(f"{_HOST}:{source_port}")
    data = of_folder(office.server)
    servers = {app: _start(app, port, source if app == "noscript" else data) for app, port in ports.items()}
    try:
        for app, port in ports.items():
            _wait_until_open(app, servers[app], port, stop)
        if not stop.is_set():
            sys.stdout.write(welcome(office, urls))
            sys.stdout.flush()
        while not stop.wait(0.5):
            for app, server in servers.items():
                if server.poll() is not None:
                    raise ServerStoppedError(app, server.returncode)
    finally:
        _stop(servers.values())
    sys.stdout.write("\nStopped. The data stays; a second `make run` goes on with it.\n")
    return 0


def _check_free(port: int, variable: str) -> None:
    with socket.socket() as probe:
        # as gunicorn does: a socket of an earlier run in TIME_WAIT is no reason to refuse
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except PermissionError:
            raise PortForbiddenError(port, variable) from None
        except OSError:
            raise PortTakenError(port, variable) from None


def _url(port: int) -> str:
    return f"http://{_HOST}:{port}/"


def _start(app: str, port: int, told: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C comes to this process only, which then stops all in order
    return subprocess.Popen(  # noqa: S603  our own interpreter, no shell
        command(app, f"{_HOST}:{port}"),
        env={"PELUIT_BOARD_EVERY": _BOARD_EVERY} | environment(app, told),
        start_new_session=True,
        preexec_fn=_end_with_parent,  # no thread has been started yet
    )


def _end_with_parent() -> None:
    """When this program is killed, the kernel ends what it started: no port stays taken (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _wait_until_open(app: str, server: subprocess.Popen[bytes], port: int, stop: threading.Event) -> None:
    while not stop.is_set():
        if server.poll() is not None:
            raise ServerStoppedError(app, server.returncode)
        with socket.socket() as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                return
        stop.wait(0.05)


def _stop(servers: Iterable[subprocess.Popen[bytes]]) -> None:
    running = [server for server in servers if server.poll() is None]
    for server in running:
        server.terminate()
    for server in running:
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
