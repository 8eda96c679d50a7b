"""An installation, the door in this process and under a real gunicorn, and the reviewers' keys."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from crypto.blob import BlobId
from crypto.item import Context
from crypto.message import Evidence, Message
from crypto.open.blob import open_blob
from crypto.open.item import open_message
from source_app.app import create_app as create_source
from source_app.noscript import create_app
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from store.space import DEFAULT_LIMITS, Limits
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


class Quiet(WSGIRequestHandler):
    """Tells nothing of a request."""

    def log_request(self, *_: object) -> None:
        pass


@contextmanager
def source_of(layout: Layout, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """The source application of a folder, over real HTTP but in this process; where it listens."""
    app = create_source(layout, limits)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Opener = Callable[..., PlainVisitor]


@pytest.fixture
def visitor_with(layout: Layout) -> Iterator[Opener]:
    """A visitor of a door whose source application, or which itself, has other limits."""
    with ExitStack() as stack:

        def made(limits: Limits = DEFAULT_LIMITS, **largest: int) -> PlainVisitor:
            source = stack.enter_context(source_of(layout, limits))
            return PlainVisitor(create_app(source, **largest).test_client())

        yield made


@pytest.fixture
def visitor(visitor_with: Opener) -> PlainVisitor:
    return visitor_with()


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
    """`peluit serve noscript` and its source app, as they are run; `log` holds all that they said."""

    process: subprocess.Popen[bytes]
    source: subprocess.Popen[bytes]
    port: int
    log: Path
    visitors: list[HttpVisitor] = field(default_factory=list)

    def visitor(self) -> HttpVisitor:
        self.visitors.append(HttpVisitor(self.port))
        return self.visitors[-1]

    def processes(self) -> list[int]:
        """The pids of both."""
        return self.door() + _with_workers(self.source)

    def door(self) -> list[int]:
        """The pids of the door."""
        return _with_workers(self.process)

    def stop(self) -> str:
        """Ends both; all that they have said."""
        for visitor in self.visitors:
            visitor.close()
        for process in (self.process, self.source):
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        return self.log.read_text()


def as_user(uid: int | None) -> list[str]:
    """What a command line begins with to run as another user, without any group but its own; needs root."""
    return [] if uid is None else ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--"]


def _with_workers(process: subprocess.Popen[bytes]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [process.pid, *map(int, children.split())]


def serve(layout: Layout, folder: Path, users: tuple[int, int] | None = None) -> Server:
    """Starts both; `folder` takes their log and is their TMPDIR. `users` are the uids of source and door."""
    port, source, log = free_port(), f"127.0.0.1:{free_port()}", folder / "log"
    environment = os.environ | {"TMPDIR": str(folder)}
    if os.geteuid() != 0:
        environment["PELUIT_SEARCHABLE"] = "1"

    def start(app: str, bind: str, user: int | None, *told: str) -> subprocess.Popen[bytes]:
        line = [*as_user(user), PELUIT, "serve", app, "--bind", bind, *told]
        with log.open("ab") as output:
            return subprocess.Popen(line, stdout=output, stderr=output, env=environment)

    uids = users or (None, None)
    behind = start("source", source, uids[0], "--folder", str(layout.root))
    process = start("noscript", f"127.0.0.1:{port}", uids[1], "--source", source)
    server = Server(process, behind, port, log)
    assert until(lambda: behind.poll() is not None or HttpVisitor(int(source[10:])).answers())
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
