"""A running page in this process, and a client that sends exactly what a test says."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from tests.workstation.office import PASSPHRASE
from workstation.page.app import create_app
from workstation.page.server import Server
from workstation.page.session import Session
from workstation.page.visit import COOKIE, FIELD, Visit


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def to(self) -> str | None:
        return self.headers.get("Location")


@dataclass
class Page:
    """The page, its clock, and a browser without a screen."""

    app: Flask
    session: Session
    visit: Visit
    port: int
    hours: list[float]
    cookie: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, form: Mapping[str, str] | None = None, method: str = "", **changed: str | None
    ) -> Answer:
        """A GET, or a POST of a form; `changed` headers (None: none) replace what a browser would send."""
        own = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": None if form is None else f"http://127.0.0.1:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method or ("GET" if form is None else "POST"), path, skip_host=True)
        body = b"" if form is None else urlencode(form).encode()
        if form is not None:
            own |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        for name, value in own.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith(f"{COOKIE}="):
                self.cookie = value.split(";")[0]
        return Answer(answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace"))

    def post(self, path: str, /, **form: str) -> Answer:
        """A form as the page itself would send it."""
        return self.ask(path, {FIELD: self.visit.proof(), **form})

    def begin(self) -> Answer:
        return self.ask(self.visit.address.partition(str(self.port))[2], Sec_Fetch_Site="none")

    def unlock(self, reviewer: str = "r1") -> Answer:
        return self.post("/unlock", reviewer=reviewer, passphrase=PASSPHRASE.format(reviewer))

    def await_end(self) -> Answer:
        """The page that tells how long work ended."""
        work = self.session.work
        assert work is not None
        work.join()
        return self.ask("/working")


@contextmanager
def running(folder: Path) -> Iterator[Page]:
    """The page of a station, locked, with nobody there yet."""
    hours = [0.0]
    session = Session(folder, clock=lambda: hours[0] * 3600)
    server = Server(session.lock_if_idle)
    visit = Visit(server.origin)
    app = create_app(session, visit)
    thread = threading.Thread(target=server.serve, args=[app, 0.02])
    thread.start()
    try:
        yield Page(app, session, visit, server.server_port, hours)
    finally:
        server.shutdown()
        thread.join()
        server.end(session.lock)
