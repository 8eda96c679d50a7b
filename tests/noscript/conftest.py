"""An installation, the door in this process and under a real gunicorn, and the reviewers' keys."""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from crypto.blob import BlobId
from crypto.item import Context
from crypto.message import Evidence, Message
from crypto.open.blob import open_blob
from crypto.open.item import open_message
from source_app.noscript import create_app
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.e2e.browsers import until
from tests.e2e.office import PELUIT, free_port
from tests.noscript.visitor import HttpVisitor, PlainVisitor
from tests.store.installation import INSTANCE, KEYS, OFFICE, Installation, install


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return install(Layout(tmp_path / "data"))


@pytest.fixture
def layout(installation: Installation) -> Layout:
    return installation.layout


@pytest.fixture
def app(layout: Layout) -> Flask:
    return create_app(layout)


@pytest.fixture
def visitor(app: Flask) -> PlainVisitor:
    return PlainVisitor(app.test_client())


class Station:
    """Reads what has arrived, with the reviewers' own keys."""

    def __init__(self, reader: InboxReader, layout: Layout, installation: Installation) -> None:
        self._reader, self._layout, self._office = reader, layout, installation.directory.office

    def messages(self, reviewer: str = "r1") -> list[Message]:
        found = []
        for entry in self._reader.page(OFFICE):
            if entry.channel is not None:
                channel = self._office.channel(entry.channel)
                assert channel is not None
                item = self._reader.body(OFFICE, entry.id)
                key, context = KEYS[reviewer], Context(INSTANCE, OFFICE, channel.id)
                found.append(open_message(item, key, context, channel.recipients, reviewer))
        return found

    def file(self, evidence: Evidence) -> bytes:
        with self._layout.blob(OFFICE, BlobId(evidence.blob)).open("rb") as blob:
            return b"".join(open_blob(evidence, blob))

    def leavings(self) -> list[Path]:
        """Everything of evidence that is on the disk, complete or not."""
        folders = (self._layout.incoming, self._layout.done)
        return [path for folder in folders for path in folder.rglob("*") if path.is_file()]

    @property
    def counts(self) -> tuple[int, int]:
        counts = self._reader.counts(OFFICE)
        return counts.items, counts.blobs


@pytest.fixture
def station(layout: Layout, installation: Installation) -> Iterator[Station]:
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    yield Station(InboxReader(database, layout), layout, installation)
    database.close()


@dataclass
class Server:
    """`peluit serve noscript`, as it is run; `log` holds all that it said."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    visitors: list[HttpVisitor] = field(default_factory=list)

    def visitor(self) -> HttpVisitor:
        self.visitors.append(HttpVisitor(self.port))
        return self.visitors[-1]

    def processes(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def stop(self) -> str:
        """Ends the door; all that it has said."""
        for visitor in self.visitors:
            visitor.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return self.log.read_text()


def serve(layout: Layout, folder: Path, *options: str) -> Server:
    """Starts the door; `folder` takes its log and is its TMPDIR."""
    port, log = free_port(), folder / "log"
    line = [PELUIT, "serve", "noscript", "--folder", str(layout.root), "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {"TMPDIR": str(folder)}
    if os.geteuid() != 0:
        environment["PELUIT_SEARCHABLE"] = "1"
    with log.open("wb") as output:
        process = subprocess.Popen([*line, *options], stdout=output, stderr=output, env=environment)
    server = Server(process, port, log)
    assert until(lambda: process.poll() is not None or server.visitor().answers()), log.read_text()
    assert process.poll() is None, log.read_text()
    return server


@pytest.fixture
def server(layout: Layout, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "tmp"
    folder.mkdir()
    running = serve(layout, folder)
    yield running
    if running.process.poll() is None:
        assert running.stop() == ""
