"""`make run`: a demo office on loopback, started, watched and stopped together."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from peluit.demo_folder import demo_folder
from peluit.demo_office import DemoOffice, open_office
from peluit.errors import NotWritableError, PortTakenError, ServerStoppedError
from peluit.serve import command, environment

_HOST = "127.0.0.1"
_STOP_SECONDS = 10


def run(folder: Path | None, source_port: int, journalist_port: int) -> int:
    """Runs until Ctrl-C or SIGTERM; PortTakenError, NotWritableError, ServerStoppedError."""
    chosen = demo_folder(folder)
    ports = {"source": source_port, "journalist": journalist_port}
    for app, port in ports.items():
        _check_free(port, f"{app.upper()}_PORT")
    try:
        office = open_office(chosen)
    except PermissionError:
        raise NotWritableError(chosen) from None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    servers = {app: _start(app, office, port) for app, port in ports.items()}
    try:
        for app, port in ports.items():
            _wait_until_open(app, servers[app], port, stop)
        if not stop.is_set():
            sys.stdout.write(_welcome(office, source_port, journalist_port))
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
        except OSError:
            raise PortTakenError(port, variable) from None


def _start(app: str, office: DemoOffice, port: int) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C comes to this process only, which then stops both in order
    return subprocess.Popen(  # noqa: S603  our own interpreter, no shell
        command(app, f"{_HOST}:{port}"),
        env=environment(app, office.server),
        start_new_session=True,
    )


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


def _welcome(office: DemoOffice, source_port: int, journalist_port: int) -> str:
    peluit = Path(sys.executable).with_name("peluit")
    here = Path.cwd()
    program = peluit.relative_to(here) if peluit.is_relative_to(here) else peluit
    reviewer = office.account
    station = f"{program} station"
    return f"""
Peluit demo office: Inspektorat Kota Contoh. For trying out on this machine; without Tor nothing is hidden.

  Reporters    http://{_HOST}:{source_port}/
  Reviewers    http://{_HOST}:{journalist_port}/
               name         {reviewer}
               passphrase   {office.web_passphrase}
               six digits   {office.code()}   (new every 30 seconds: {program} demo-code)
  Root key     {" ".join(office.root_digits)}

Next steps
  1. Open the reporters' address, write a report and send it. Keep the eight words.
  2. Open the reviewers' address, sign in, download everything new as one bundle.
  3. Be the air-gapped station, in a second terminal, in this folder:
       export PELUIT_STATION={office.station}
       me="--as {reviewer} --passphrase-file {office.passphrase_file(reviewer)}"
       {station} import BUNDLE $me
       {station} cases $me
       {station} show CASE $me
       {station} reply CASE --text "Terima kasih. Kami telaah." $me
       {station} bundle --to {office.stick} $me
  4. Upload that bundle at the reviewers' address ("Import").
  5. Come back at the reporters' address with the eight words and read the reply.

Ctrl-C stops both. A second `make run` goes on with the same data (in {office.folder});
`make clean` removes it.
"""
