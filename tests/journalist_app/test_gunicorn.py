"""The app as it is served: gunicorn, its workers, a Unix socket."""

import hashlib
import io
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from crypto import bundle
from journalist_app import visit
from tests.journalist_app.conftest import PASSPHRASE, Server

ROOT = Path(__file__).parents[2]
GROWTH = 16 * 2**20
MULTIPART = "multipart/form-data; boundary=edge"
GUNICORN = ("-m", "gunicorn", "-c", "python:hardening.deploy.gunicorn", "journalist_app.wsgi:app")


class UnixConnection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("127.0.0.1")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Served:
    """A running server, and what a browser would hold of it."""

    server: Server
    bind: Path
    process: subprocess.Popen[str]
    cookies: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def asking(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", **more: str
    ) -> Iterator[HTTPResponse]:
        """An answer whose body is still to be read."""
        headers = {"Cookie": self.cookie()} | ({"Content-Type": kind} if kind else {})
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        connection = UnixConnection(self.bind)
        try:
            connection.request(method, path, body, headers)
            yield connection.getresponse()
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        with self.asking(method, path, body, kind) as answer:
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, headers, answer.read())

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def proof(self, path: str) -> str:
        found = re.search(rb'name="proof" value="([^"]*)"', self.ask("GET", path).body)
        assert found
        return found[1].decode()

    def send(self, path: str, form: dict[str, str], on: str) -> Answer:
        body = urlencode(form | {"proof": self.proof(on)}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def sign_in(self) -> None:
        self.server.clock.now = time.time()
        form = {"name": "rina", "passphrase": PASSPHRASE, "code": self.server.code()}
        assert self.send("/en/sign-in", form, "/en/sign-in").status == 303
        assert visit.SESSION in self.cookies

    def form(self, bundle: bytes) -> bytes:
        """The body that uploads a bundle."""
        head = "--edge\r\nContent-Disposition: form-data; name="
        proof = f'{head}"proof"\r\n\r\n{self.proof("/en/import")}\r\n'
        file = f'{head}"bundle"; filename="b"\r\nContent-Type: application/x-tar\r\n\r\n'
        return (proof + file).encode() + bundle + b"\r\n--edge--\r\n"

    def upload(self, bundle: bytes) -> Answer:
        answer = self.ask("POST", "/en/import", self.form(bundle), MULTIPART)
        if answer.status != 303:
            return answer
        found = re.search(rb'name="digest" value="([^"]*)"', self.ask("GET", "/en/import/preview").body)
        assert found
        return self.send("/en/import/publish", {"digest": found[1].decode()}, "/en/import/preview")

    def resident(self) -> int:
        """The largest worker's memory in bytes."""
        workers = psutil.Process(self.process.pid).children()
        return max(worker.memory_info().rss for worker in workers)


@pytest.fixture
def bind() -> Iterator[Path]:
    """A socket's path, short enough to be one."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "socket"


@pytest.fixture
def served(server: Server, bind: Path, tmp_path: Path) -> Iterator[Served]:
    environment = {
        "PATH": os.environ["PATH"],
        "PELUIT_DATA": str(server.layout.root),
        "PELUIT_BIND": f"unix:{bind}",
        "TMPDIR": str(tmp_path / "tmp"),
    }
    (tmp_path / "tmp").mkdir()
    line = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:hardening.deploy.gunicorn",
        "journalist_app.wsgi:app",
    ]
    said = tmp_path / "said"
    with said.open("w") as output:
        process = subprocess.Popen(line, env=environment, cwd=ROOT, stdout=output, stderr=output, text=True)
    try:
        wait_for(bind, process, said)
        yield Served(server, bind, process)
    finally:
        process.terminate()
        process.wait(30)
    assert said.read_text() == ""
    assert list((tmp_path / "tmp").iterdir()) == []


def wait_for(bind: Path, process: subprocess.Popen[str], said: Path) -> None:
    """Until somebody listens; asks again and again, for as long as the process lives."""
    while process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(bind)) == 0:
                return
    raise AssertionError(said.read_text())


def test_a_large_bundle_streams(served: Served) -> None:
    """A blob of 96 MiB: the right bytes, a length from the start, and no worker that grows with it."""
    blob = served.server.add_blob(96 * 2**20)
    items = [served.server.add_item() for _ in range(5)]
    served.sign_in()
    location = served.send("/en/bundles", {}, "/en/import").headers["location"]
    name = re.search(rb"peluit-in-[a-z0-9-]+\.tar", served.ask("GET", location).body)
    assert name
    path = f"{location}/{name[0].decode()}"
    before = served.resident()
    digest, size = hashlib.sha256(), 0
    with served.asking("GET", path) as answer:
        length = int(answer.headers["Content-Length"])
        while piece := answer.read(2**20):
            digest.update(piece)
            size += len(piece)
    assert size == length > len(blob)
    assert served.resident() - before < GROWTH
    again = served.ask("GET", path).body
    assert hashlib.sha256(again).digest() == digest.digest()
    assert all(part in again for part in (blob, *items))


def test_a_download_that_broke_off_goes_on(served: Served) -> None:
    """Cut again and again, as by Tor: each time the rest is asked for, and what comes together opens."""
    blob = served.server.add_blob(24 * 2**20)
    items = [served.server.add_item() for _ in range(3)]
    served.sign_in()
    location = served.send("/en/bundles", {}, "/en/import").headers["location"]
    found = re.search(rb'href="([^"]*)" download', served.ask("GET", location).body)
    assert found
    path = found[1].decode()
    have, tag, length = bytearray(), "", 0
    while not have or len(have) < length:
        asked = {"Range": f"bytes={len(have)}-", "If_Range": tag} if have else {}
        with served.asking("GET", path, **asked) as answer:
            assert answer.status == (206 if have else 200)
            tag = answer.headers["ETag"]
            length = length or int(answer.headers["Content-Length"])
            assert int(answer.headers["Content-Length"]) == length - len(have)
            assert not {"Date", "Server", "Last-Modified"} & set(answer.headers.keys())
            have += answer.read(5_000_000)
    with served.asking("GET", path, Range=f"bytes={length}-") as answer:
        assert answer.status == 416
    reader = bundle.BundleReader(io.BytesIO(have))
    assert {b"".join(pieces) for _, pieces in reader.entries()} == {blob, *items}


def test_answers_tell_no_time_and_no_program(served: Served) -> None:
    for path in ("/en/sign-in", "/style.css", "/en/nothing", "/en/queue"):
        headers = set(served.ask("GET", path).headers)
        assert "content-security-policy" in headers
        assert not headers & {"date", "server", "last-modified", "etag", "x-powered-by", "via"}


@pytest.mark.parametrize("path", ["/en/sign-in", "/en/import", "/en/sign-out"])
def test_chunked_bodies_are_refused(served: Served, path: str) -> None:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Transfer-Encoding: chunked"]
    lines += ["Content-Type: application/x-www-form-urlencoded", "", "canary\r\n"]
    with socket.socket(socket.AF_UNIX) as browser:
        browser.connect(str(served.bind))
        browser.sendall("\r\n".join(lines).encode())
        assert browser.recv(65_536).startswith(b"HTTP/1.1 411 ")


def test_an_upload_is_taken_once(served: Served) -> None:
    served.sign_in()
    bundle = served.server.station.outbound()
    assert b'id="imported"' in served.upload(bundle).body
    assert b'data-already="yes"' in served.upload(bundle).body


def test_an_upload_that_breaks_off_leaves_nothing(served: Served) -> None:
    """The file has no name, so it is nowhere; the next upload works."""
    served.sign_in()
    mark = secrets.token_bytes(2**20)
    body = served.form(mark)
    lines = [
        *("POST /en/import HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {served.cookie()}"),
        *(f"Content-Type: {MULTIPART}", f"Content-Length: {2**25}"),
    ]
    before = set(served.server.layout.root.rglob("*"))
    with socket.socket(socket.AF_UNIX) as browser:
        browser.connect(str(served.bind))
        browser.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    assert b'id="imported"' not in served.ask("GET", "/en/import").body
    assert set(served.server.layout.root.rglob("*")) == before
    assert not [path for path in before if path.is_file() and mark[:64] in path.read_bytes()]
    assert b'id="imported"' in served.upload(served.server.station.outbound()).body


def test_too_large_an_upload_is_told_so(served: Served) -> None:
    """Also to a browser that shows no answer before it has sent everything."""
    served.sign_in()
    answer = served.upload(bytes(80 * 2**20))
    assert answer.status == 413
    assert b'data-status="413"' in answer.body


def test_sessions_hold_for_every_worker(served: Served) -> None:
    """Nothing is kept in a process's memory."""
    served.sign_in()
    assert len(psutil.Process(served.process.pid).children()) == 2
    assert {served.ask("GET", "/en/queue").status for _ in range(20)} == {200}
    served.send("/en/sign-out", {}, "/en/queue")
    assert {served.ask("GET", "/en/queue").status for _ in range(20)} == {303}
