"""Under the real gunicorn: what only a server can get wrong."""

import os
import secrets
import select
import signal
import tempfile
import threading
from pathlib import Path

import pytest

from crypto import calendar
from crypto.binding import b64
from hardening import refusals
from hardening.headers import Kind, headers
from source_app.services import open_services
from store import keyfile, site
from store.inbox import InboxWriter
from store.layout import Layout
from store.reader import InboxReader
from store.space import DEFAULT_LIMITS
from store.uploads import Uploads
from tests.e2e.browsers import until
from tests.source_app.conftest import Server, start
from tests.source_app.sealed import DELETION, item, new_blob, runs, whole_blob
from tests.store.installation import CHANNEL, OFFICE
from tests.store.uploading import new_upload, put_all

OCTETS = {"Content-Type": "application/octet-stream"}
PADDED = 2 * 2**20


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def head(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


class Blob:
    """A blob with a ticket on a server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.id = new_blob()
        request = f'{{"blob":"{b64(self.id)}","office":"{OFFICE}","size":{PADDED}}}'.encode()
        answer = server.ask("POST", "/api/ticket", {"Content-Type": "application/json"}, request)
        self.ticket = body(answer).decode().partition('"ticket":"')[2].rstrip('"}')
        self.path = f"/api/blob/{OFFICE}/{self.id.hex()}/{PADDED}"
        self.headers = OCTETS | {"Peluit-Ticket": self.ticket}

    def head(self, number: int, data: bytes) -> bytes:
        """The beginning of a request that brings these pieces, up to its body."""
        lines = [f"PUT {self.path}/{number} HTTP/1.1", "Host: x.onion", f"Content-Length: {len(data)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def put(self, number: int, data: bytes) -> bytes:
        return self.server.ask("PUT", f"{self.path}/{number}", self.headers, data)

    def finish(self) -> bytes:
        return self.server.ask("POST", f"{self.path}/done", self.headers, DELETION)


def evidence(layout: Layout) -> list[Path]:
    """The files that hold something of a blob."""
    return [path for part in (layout.incoming, layout.done) for path in part.rglob("*") if path.is_file()]


def test_a_report_with_evidence_arrives(server: Server, layout: Layout, reader: InboxReader) -> None:
    sealed = item()
    assert status(server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, DELETION + sealed)) == 204
    blob = Blob(server)
    for number, data in runs(blob.id, PADDED):
        assert status(blob.put(number, data)) == 204
    assert status(blob.finish()) == 204
    assert layout.blob(OFFICE, blob.id).read_bytes() == whole_blob(blob.id, PADDED)
    counts = reader.counts(OFFICE)
    assert (counts.items, counts.blobs) == (1, 1)


def test_many_report_at_once(server: Server, reader: InboxReader) -> None:
    answers = []

    def report() -> None:
        for _ in range(4):
            answers.append(
                status(server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, DELETION + item()))
            )

    threads = [threading.Thread(target=report) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [204] * 64
    assert reader.counts(OFFICE).items == 64


def test_two_workers_finish_at_once(server: Server, layout: Layout, reader: InboxReader) -> None:
    for _ in range(5):
        blob, answers = Blob(server), []
        for number, data in runs(blob.id, PADDED):
            blob.put(number, data)
        threads = [threading.Thread(target=lambda: answers.append(status(blob.finish()))) for _ in range(6)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [204] * 6
        assert layout.blob(OFFICE, blob.id).read_bytes() == whole_blob(blob.id, PADDED)
    assert reader.counts(OFFICE).blobs == 5
    assert len(evidence(layout)) == 5


@pytest.mark.parametrize("sent", [0, 1, 300_000, 2**20 + 15])
def test_a_request_whose_connection_breaks_leaves_nothing(server: Server, layout: Layout, sent: int) -> None:
    blob = Blob(server)
    data = runs(blob.id, PADDED)[0][1]
    # The answer, if one comes, comes after the worker has dealt with what there was.
    server.talk(blob.head(0, data) + data[:sent])
    assert b'"pieces":[]' in server.ask("GET", blob.path, blob.headers)
    assert status(blob.put(0, data)) == 204


def test_a_worker_that_is_killed_in_the_middle_of_a_request_leaves_nothing_that_counts(
    server, layout
) -> None:
    blob = Blob(server)
    data = runs(blob.id, PADDED)[0][1]
    with server.connect() as connection:
        connection.sendall(blob.head(0, data) + data[:700_000])
        for worker in server.workers():
            handle = os.pidfd_open(worker)
            os.kill(worker, 9)
            select.select([handle], [], [])
            os.close(handle)
    assert b'"pieces":[]' in server.ask("GET", blob.path, blob.headers)
    for number, whole in runs(blob.id, PADDED):
        assert status(blob.put(number, whole)) == 204
    assert status(blob.finish()) == 204
    assert len(evidence(layout)) == 1


def test_a_server_that_restarts_in_the_middle_of_a_file(layout: Layout) -> None:
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        first = start(layout, Path(folder))
        blob = Blob(first)
        (begin, rest) = runs(blob.id, PADDED)[0], runs(blob.id, PADDED)[1:]
        assert status(blob.put(*begin)) == 204
        # Another request is under way when the server ends.
        number, data = rest[0]
        with first.connect() as connection:
            connection.sendall(blob.head(number, data) + data[: len(data) // 2])
            first.process.send_signal(signal.SIGTERM)
        assert first.stop() == ""
        second = start(layout, Path(folder))
        try:
            blob.server = second
            held = second.ask("GET", blob.path, blob.headers)
            assert body(held) == b'{"complete":false,"pieces":[[0,16]]}'
            for number, data in rest:
                assert status(blob.put(number, data)) == 204
            assert status(blob.finish()) == 204
        finally:
            assert second.stop() == ""
    assert layout.blob(OFFICE, blob.id).read_bytes() == whole_blob(blob.id, PADDED)


def test_a_drop_while_a_request_is_under_way(server: Server, layout: Layout) -> None:
    blob = Blob(server)
    (number, data) = runs(blob.id, PADDED)[0]
    with server.connect() as connection:
        connection.sendall(blob.head(number, data) + data[:500_000])
        # Something of it has arrived when its first pieces are on the disk.
        assert until(lambda: any(path.stat().st_size for path in layout.incoming.rglob("whole")), seconds=30)
        assert status(server.ask("DELETE", blob.path, blob.headers)) == 204
        connection.sendall(data[500_000:])
        assert status(connection.recv(65_536)) == 503
    assert b'"pieces":[]' in server.ask("GET", blob.path, blob.headers)
    assert evidence(layout) == []
    for number, data in runs(blob.id, PADDED):
        assert status(blob.put(number, data)) == 204
    assert status(blob.finish()) == 204
    assert server.stop() == ""


def test_a_server_that_starts_tidies_before_it_serves(layout: Layout) -> None:
    writer = InboxWriter(layout.inbox, keyfile.read(layout.inbox_key))
    uploads = Uploads(layout, writer, DEFAULT_LIMITS)
    before = calendar.today()
    old = new_upload(expires=calendar.add_days(before, -1))
    put_all(uploads, old, on=calendar.add_days(before, -4))
    writer.close()
    assert evidence(layout) != []
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        assert start(layout, Path(folder)).stop() == ""
    assert evidence(layout) == []
    for kept in (layout.blanks, layout.spent):
        # Two, if midnight passes in between.
        assert {path.name for path in kept.iterdir()} <= {before, calendar.today()}
    assert list(layout.blanks.iterdir()) != []


def test_the_offices_folders_are_made_before_anything_comes(layout: Layout) -> None:
    """Their birth would tell when an office got its first file."""
    assert list(layout.done.iterdir()) == []
    open_services(layout, DEFAULT_LIMITS)
    offices = {office.id for office in site.read(layout).offices}
    assert {path.name for path in layout.done.iterdir()} == offices


NOT_HTTP = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n",
    b"GET /canary HTTP/9.9\r\n\r\n",
    b"canary\r\n\r\n",
    b"GET /" + b"canary" * 100 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\ncan ary: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: canary\r\n" % n for n in range(60)) + b"\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"canary" * 1_000 + b"\r\n\r\n",
    b"POST /api/ticket HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/ticket HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\ncanary",
    b"POST /api/ticket HTTP/1.1\r\nTransfer-Encoding: canary\r\n\r\n",
    b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
]


def test_what_is_no_http_gets_our_answer_and_no_echo(server: Server) -> None:
    for request in NOT_HTTP:
        answer = server.talk(request)
        assert status(answer) == 400, request
        assert body(answer) == refusals.body("bad-request")
        expected = headers(Kind.DATA)
        assert {name: head(answer).get(name) for name in expected} == expected
        assert b"anary" not in answer
    assert "anary" not in server.stop()


@pytest.mark.parametrize(
    "request_line",
    [
        "GET / HTTP/1.1",
        "HEAD / HTTP/1.1",
        "GET /nothing HTTP/1.1",
        "GET // HTTP/1.1",
        "GET http://x.onion/ HTTP/1.1",
        "PUT / HTTP/1.1",
        "GET /%ff%00 HTTP/1.1",
        "GET /../x HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "POST /api/ticket HTTP/1.0",
    ],
)
def test_no_answer_tells_the_servers_time_or_name(server: Server, request_line: str) -> None:
    answer = server.talk(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    found = head(answer)
    assert {"Date", "Server", "Last-Modified", "ETag", "Set-Cookie", "Via", "Location"}.isdisjoint(found)
    assert b"unicorn" not in answer
    assert status(answer) in {200, 400, 404, 405, 415}
    assert found["Content-Security-Policy"]


def test_chunked_bodies_are_refused(server: Server) -> None:
    request = (
        f"POST /api/item/{OFFICE}/{CHANNEL} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    )
    assert status(server.talk(request.encode())) == 411


@pytest.mark.parametrize(
    "asked", [f"POST /api/item/{OFFICE}/{CHANNEL}", "POST /api/ticket", "GET /", "PUT /x"]
)
def test_a_garbled_chunked_body_gets_our_answer_and_no_line_in_the_log(server: Server, asked: str) -> None:
    lines = [f"{asked} HTTP/1.1", "Host: x", "Connection: close", "Transfer-Encoding: chunked"]
    answer = server.talk("\r\n".join([*lines, "Content-Type: application/json", "", "canary\r\n"]).encode())
    assert status(answer) in {200, 404, 411, 415}
    assert server.stop() == ""


def test_a_refused_body_is_read_away_and_the_connection_goes_on(server: Server) -> None:
    blob = Blob(server)
    with server.connect() as connection:
        request = f"PUT {blob.path}/0 HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
        request += f"Content-Length: {2**20}\r\n\r\n"
        connection.sendall(
            request.encode() + bytes(2**20) + b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        answers = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answers.count(b'{"error":"bad-ticket"}') == 1
    assert answers.count(b'{"error":"not-found"}') == 1


def test_the_log_of_a_busy_life_is_empty(server: Server, layout: Layout) -> None:
    canary = secrets.token_hex(8)
    server.ask("GET", f"/{canary}", {"User-Agent": canary, "X-Forwarded-For": canary})
    server.ask("POST", "/api/ticket", {"Content-Type": "application/json"}, canary.encode())
    server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, canary.encode())
    blob = Blob(server)
    blob.put(0, canary.encode())
    server.talk(f"GET /{canary} HTTP/9\r\n\r\n".encode())
    assert server.stop() == ""
    inside = [
        path for path in layout.root.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()
    ]
    assert inside == []


def test_nothing_is_written_outside_the_store(server: Server, layout: Layout) -> None:
    before = {path for path in layout.root.rglob("*") if path.is_file()}
    for path in ("/", "/board/index", "/site.json", f"/api/directory/{OFFICE}", "/nothing"):
        server.ask("GET", path)
    assert {path for path in layout.root.rglob("*") if path.is_file()} == before


def test_no_process_can_be_read_or_leaves_a_core(server: Server) -> None:
    # The first process too: the application is loaded there, and with it the keys.
    for process in (server.process.pid, *server.workers()):
        limits = Path(f"/proc/{process}/limits").read_text()
        (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]
        # Of a process that is not dumpable, /proc belongs to root, whoever runs it.
        assert Path(f"/proc/{process}/environ").stat().st_uid == 0
        status_text = Path(f"/proc/{process}/status").read_text()
        assert "Umask:\t0077" in status_text
