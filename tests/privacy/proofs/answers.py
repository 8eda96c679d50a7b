"""Every kind of request to both doors, good and bad, and the answers as they come over the line."""

import http.client
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch
from urllib.parse import urlencode

from crypto.binding import b64
from store.layout import Layout
from tests.noscript import conftest as door
from tests.noscript.test_pages import PAGES
from tests.privacy.proofs.two_worlds import OCTETS
from tests.source_app import sealed
from tests.source_app.conftest import Server, start
from tests.store.installation import CHANNEL, OFFICE, OTHER, SMALL_CHANNEL, install

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PADDED = 65_536
_LONG_PATH = f"/{'a' * 3_000}"


@dataclass
class Answers:
    """By kind of answer: the lengths of bodies and of heads (status line and headers) in bytes."""

    bodies: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    heads: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    logs: list[str] = field(default_factory=list)
    """What each server wrote."""

    def note(self, kind: str, answer: bytes) -> bytes:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 "), answer[:100]
        self.bodies[kind].add(len(body))
        # How long the body is and what it is are told by its kind already.
        self.heads[kind].add(len(re.sub(rb"(?m)^Content-Length: \d+\r$", b"Content-Length: N\r", head)))
        return body


AGENT = "Peramban/kenari-7731"
"""What every client calls itself."""


class Calling(Server):
    """A server that everybody calls with their user agent."""

    def talk(self, request: bytes) -> bytes:
        return super().talk(request.replace(b"\r\n", f"\r\nUser-Agent: {AGENT}\r\n".encode(), 1))


def collect(layout: Layout, settings: Mapping[str, str] = MappingProxyType({})) -> Answers:
    """Asks a new installation everything. `settings` stand in the environment of all servers."""
    install(layout)
    found = Answers()
    with _source(found, layout, settings) as server:
        _items(found, server)
        _evidence(found, server)
        _public(found, server)
        _refused(found, server)
    with _source(found, layout, {**settings, "PELUIT_RESERVE": str(2**60)}) as full:
        _full(found, full)
    with tempfile.TemporaryDirectory(prefix="p") as folder, patch.dict(os.environ, settings):
        running = door.serve(layout, Path(folder))
        try:
            _door(found, running)
        finally:
            found.logs.append(running.stop())
    return found


@contextmanager
def _source(found: Answers, layout: Layout, settings: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = Calling(**vars(start(layout, Path(folder), **settings)))
        try:
            yield server
        finally:
            found.logs.append(server.stop())


def _items(found: Answers, server: Server) -> None:
    """New, again, of every size, for a channel with many readers or few."""
    for payload in (8_192, 32_768, 131_072):
        for channel, readers in ((CHANNEL, 3), (SMALL_CHANNEL, 2)):
            body = sealed.DELETION + sealed.item(readers, payload)
            for _ in range(2):
                found.note("stored", server.ask("POST", f"/api/item/{OFFICE}/{channel}", OCTETS, body))
    tokens = b"".join(bytes([n // 256, n % 256]) * 16 for n in range(4_096))
    found.note("erased", server.ask("POST", f"/api/deletion/{OFFICE}", OCTETS, tokens))


def _evidence(found: Answers, server: Server) -> None:
    found.note("intake", server.ask("GET", "/api/intake"))
    for padded in (PADDED, 2**20 + 2**19):
        blob = sealed.new_blob()
        ticket = {"Peluit-Ticket": new_ticket(found, server, blob, padded)}
        address = f"/api/blob/{OFFICE}/{blob.hex()}/{padded}"
        found.note("holdings: nothing", server.ask("GET", address, ticket))
        found.note("refused", server.ask("POST", f"{address}/done", OCTETS | ticket, sealed.DELETION))
        for first, data in sealed.runs(blob, padded):
            for _ in range(2):
                found.note("stored", server.ask("PUT", f"{address}/{first}", OCTETS | ticket, data))
        for _ in range(2):
            found.note("stored", server.ask("POST", f"{address}/done", OCTETS | ticket, sealed.DELETION))
        found.note(f"holdings: all of {padded:,} bytes", server.ask("GET", address, ticket))
        for method, path, more, body in (
            ("PUT", f"{address}/0", OCTETS, sealed.runs(blob, padded)[0][1]),
            ("PUT", f"{address}/99", OCTETS, b"x"),
            ("PUT", f"{address}/0", OCTETS, b"x" * 2_000_000),
            ("DELETE", address, {}, b""),
            ("GET", address.replace(blob.hex(), "00" * 16), {}, b""),
        ):
            found.note("refused", server.ask(method, path, more | ticket, body))
    blob = sealed.new_blob()
    ticket = {"Peluit-Ticket": new_ticket(found, server, blob, PADDED)}
    found.note("stored", server.ask("DELETE", f"/api/blob/{OFFICE}/{blob.hex()}/{PADDED}", ticket))


def _public(found: Answers, server: Server) -> None:
    """Of these each address has its own size, the same for everybody."""
    version = found.note("board: index", server.ask("GET", "/board/index"))[8:24].hex()
    for page in (0, 1):
        found.note("board: page", server.ask("GET", f"/board/{version}/{page}"))
    found.note("site", server.ask("GET", "/site.json"))
    found.note("slice", server.ask("GET", f"/api/directory/{OFFICE}"))
    for path in ("/", "/id/", "/en/", "/id/statistics/", "/en/statistics/"):
        for coding in ("identity", "gzip, deflate"):
            found.note(
                f"page {path} {coding.split(',')[0]}", server.ask("GET", path, {"Accept-Encoding": coding})
            )


def _refused(found: Answers, server: Server) -> None:
    item, deletion = f"/api/item/{OFFICE}/{CHANNEL}", f"/api/deletion/{OFFICE}"
    good = sealed.DELETION + sealed.item()
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = [
        ("POST", item, OCTETS, good[:-1]),
        ("POST", item, OCTETS, sealed.DELETION + sealed.item(2)),
        ("POST", item, OCTETS, sealed.DELETION + sealed.item(epoch=1)),
        ("POST", item, OCTETS, good + bytes(200_000)),
        ("POST", item, {}, good),
        ("POST", item, OCTETS | {"Sec-Fetch-Site": "cross-site"}, good),
        ("GET", item, {}, b""),
        ("POST", f"/api/item/{OFFICE}/unknown", OCTETS, good),
        ("POST", f"/api/item/unknown/{CHANNEL}", OCTETS, good),
        ("POST", deletion, OCTETS, b"x"),
        ("POST", "/api/deletion/unknown", OCTETS, bytes(131_072)),
        ("GET", "/api/directory/unknown", {}, b""),
        ("GET", f"/api/directory/{OTHER}", {}, b""),
        ("GET", f"/board/{'0' * 32}/0", {}, b""),
        ("POST", "/api/ticket", JSON, b"{}"),
        ("POST", "/api/ticket", JSON, b"[" * 900),
        ("GET", "/nothing", {}, b""),
        ("GET", _LONG_PATH, {}, b""),
        ("GET", "/../keys/inbox.key", {}, b""),
    ]
    for method, path, headers, body in asked:
        found.note("refused", server.ask(method, path, dict(headers), body))
    found.note(
        "refused",
        server.talk(
            f"POST {item} HTTP/1.1\r\nHost: x\r\nContent-Type: {OCTETS['Content-Type']}\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n".encode()
        ),
    )


def _full(found: Answers, server: Server) -> None:
    body = sealed.DELETION + sealed.item()
    found.note("refused", server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, body))
    found.note("intake: text only", server.ask("GET", "/api/intake"))
    found.note("refused", server.ask("POST", "/api/ticket", JSON, _ticket_request(sealed.new_blob(), PADDED)))


def _ticket_request(blob: bytes, padded: int) -> bytes:
    return f'{{"blob":"{b64(blob)}","office":"{OFFICE}","size":{padded}}}'.encode()


def new_ticket(found: Answers, server: Server, blob: bytes, padded: int) -> str:
    body = found.note("ticket", server.ask("POST", "/api/ticket", JSON, _ticket_request(blob, padded)))
    return body.split(b'"ticket":"')[1].split(b'"')[0].decode()


def _door(found: Answers, running: door.Server) -> None:
    port = running.port

    def ask(method: str, path: str, headers: Mapping[str, str] = FORM, body: bytes = b"") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            method, path, body or None, {"Connection": "close", "User-Agent": AGENT, **headers}
        )
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{k}: {v}" for k, v in answer.getheaders())]
        return "\r\n".join([*lines, "", ""]).encode() + data

    for path in PAGES:
        found.note("door: page", ask("GET", f"/en/{path}"))
        found.note("door: page", ask("GET", f"/id/{path}"))
    for path in ("/nothing", "/en/report/unknown/unknown", "/api/intake"):
        found.note("door: page", ask("GET", path))
    name = running.visitor().codename()
    wrong = urlencode({"codename": "kata yang salah", "answer-what": "x"}).encode()
    for path in (f"report/{OFFICE}/{CHANNEL}", f"thread/{OFFICE}", f"message/{OFFICE}", f"erasure/{OFFICE}"):
        found.note("door: page", ask("POST", f"/id/{path}", FORM, wrong))
        found.note("door: page", ask("POST", f"/id/{path}", {}, wrong))
    thread = urlencode({"codename": name}).encode()
    found.note("door: page", ask("POST", f"/id/thread/{OFFICE}", FORM, thread))
    typed = {"codename": name, "answer-what": "Pungli", "answer-who": "Loket"}
    for _ in range(2):
        sent = ask("POST", f"/id/report/{OFFICE}/{CHANNEL}", FORM, urlencode(typed).encode())
        assert sent.startswith(b"HTTP/1.1 303"), sent[:300]
        found.note("door: sent", sent)
    found.note("door: style", ask("GET", "/style.css"))
