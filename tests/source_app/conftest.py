"""One installation, the app in this process, and the app under a real gunicorn."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from source_app import create_app
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.store.installation import Installation, install

ROOT = Path(__file__).parents[2]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return install(Layout(tmp_path / "data"))


@pytest.fixture
def layout(installation: Installation) -> Layout:
    return installation.layout


@pytest.fixture
def app(layout: Layout) -> Flask:
    return create_app(layout)


class ReadingClient(FlaskClient):
    """Reads every answer to its end, as a browser does."""

    def open(self, *args, buffered: bool = True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = ReadingClient
    return app.test_client()


@pytest.fixture
def reader(layout: Layout) -> Iterator[InboxReader]:
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    yield InboxReader(database, layout)
    database.close()


@dataclass
class Server:
    """gunicorn with two workers on a Unix socket. `log` holds all that it wrote."""

    process: subprocess.Popen[bytes]
    address: Path
    log: Path

    def connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        try:
            connection.connect(str(self.address))
        except OSError:
            connection.close()
            raise
        return connection

    def talk(self, request: bytes) -> bytes:
        """The bytes of the answer to a raw request; the sending side is closed after it."""
        with self.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: x.onion", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body)}")
        return self.talk("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self) -> str:
        """Ends the server; what it has written."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return self.log.read_text()


def start(
    layout: Layout,
    folder: Path,
    app: str = "source_app.wsgi:app",
    config: str = "tests.source_app.ready",
    settings: tuple[str, ...] = (),
    **more: str,
) -> Server:
    """Starts gunicorn and returns when it answers; the socket is bound before any worker runs."""
    address, log = folder / "s", folder / "log"
    environment = {
        "PATH": os.environ["PATH"],
        "PELUIT_DATA": str(layout.root),
        "PELUIT_BIND": f"unix:{address}",
    }
    ready_read, ready_write = os.pipe()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", f"python:{config}", *settings, app],
            cwd=ROOT,
            env=environment | {"READY": str(ready_write)} | more,
            stdout=output,
            stderr=output,
            pass_fds=[ready_write],
        )
    os.close(ready_write)
    # Each worker writes one byte when it serves; the end of the pipe means that gunicorn has died.
    arrived = b""
    workers = int(more.get("PELUIT_WORKERS", "2"))
    while len(arrived) < workers and (byte := os.read(ready_read, 1)):
        arrived += byte
    os.close(ready_read)
    assert len(arrived) == workers, log.read_text()
    return Server(process, address, log)


@pytest.fixture
def server(layout: Layout) -> Iterator[Server]:
    # A Unix socket's path has at most 107 bytes; pytest's folders may be longer.
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        made = start(layout, Path(folder))
        yield made
        if made.process.poll() is None:
            made.stop()
