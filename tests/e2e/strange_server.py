"""A server in front of the reporters' server that gives some answers of its own: garbage, late, or none."""

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HOP_BY_HOP = {"connection", "content-length", "content-encoding", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True)
class Answer:
    """What goes to the browser."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200


Rule = Callable[[Answer], Answer | None]
"""From the true answer to the one that is given; None to break the connection without a word."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes


@dataclass
class StrangeServer:
    """127.0.0.1:`port` is what the browser talks to; `target` is the true server's port there.

    `rules` are tried in their order: a pattern for "METHOD /path", and what becomes of the answer. The true
    server is asked in any case, unless the pattern is in `instead`. `asked` is every request so far.
    """

    target: int
    rules: dict[str, Rule] = field(default_factory=dict)
    instead: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/en/"

    def say(self, pattern: str, answer: Answer) -> None:
        """Gives this answer without asking the true server."""
        self.rules[pattern] = lambda _: answer
        self.instead.add(pattern)

    def behave(self) -> None:
        """Hands through what the true server says, from now on."""
        self.rules.clear()
        self.instead.clear()

    @contextmanager
    def running(self) -> Iterator[Self]:
        handler = type("Handler", (_Handler,), {"strange": self})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            self.port = server.server_port
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def late(released: threading.Event) -> Rule:
    """The true answer, once this event has come."""

    def wait(answer: Answer) -> Answer:
        released.wait()
        return answer

    return wait


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    strange: StrangeServer

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.strange.asked.append(Asked(self.command, self.path, body))
        name = f"{self.command} {self.path}"
        pattern = next((one for one in self.strange.rules if re.fullmatch(one, name)), None)
        headers, answer = ({}, Answer(b"")) if pattern in self.strange.instead else self._true_answer(body)
        given = self.strange.rules[pattern](answer) if pattern else answer
        if given is None:
            self.close_connection = True
            return
        self._give(given, headers)

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def _true_answer(self, body: bytes) -> tuple[dict[str, str], Answer]:
        connection = http.client.HTTPConnection("127.0.0.1", self.strange.target, timeout=60)
        sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        # Scripts are changed on the way: they come as they are, not compressed.
        connection.request(self.command, self.path, body or None, {**sent, "Accept-Encoding": "identity"})
        found = connection.getresponse()
        data = found.read()
        headers = {name: value for name, value in found.getheaders() if name.lower() not in HOP_BY_HOP}
        connection.close()
        return headers, Answer(data, headers.pop("Content-Type", ""), found.status)

    def _give(self, answer: Answer, headers: dict[str, str]) -> None:
        self.send_response_only(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        try:
            self.wfile.write(answer.body)
        except ConnectionError:
            self.close_connection = True  # the browser has heard enough

    def log_message(self, *_: object) -> None:
        """Stay silent."""
