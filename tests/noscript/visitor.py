"""A browser without scripts, as plain HTTP: it opens pages, fills in forms and sends them."""

import http.client
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from flask.testing import FlaskClient

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    type: str = "image/jpeg"


class Page(HTMLParser):
    """A page: its text, its tags, the ids of its elements, the fields of its forms with their values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.words: list[str] = []
        self.values: dict[str, str] = {}
        self._marked: list[tuple[str, str]] = []
        self._inside: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def marked(self, name: str) -> list[str]:
        """The text of the elements of a class."""
        return [text for found, text in self._marked if found == name]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in ("meta", "link", "input"):
            self._inside.append((tag, attributes))
        if tag == "option" and "selected" in attributes:
            select = next(found for name, found in reversed(self._inside) if name == "select")
            self.values[select["name"] or ""] = attributes["value"] or ""

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        tag, attributes = self._inside[-1] if self._inside else ("", {})
        if tag == "li" and any(found.get("id") == "codename-words" for _, found in self._inside):
            self.words.append(data)
        self._marked.append((attributes.get("class") or "", data))
        if tag == "textarea":
            self.values[attributes.get("name") or attributes["id"] or ""] = data.removeprefix("\n")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    page: Page = field(repr=False)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Visitor(ABC):
    """What a person without scripts can do."""

    @abstractmethod
    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer: ...

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def codename(self, language: str = "id", place: str = "kota-contoh/aduan") -> str:
        words = self.get(f"/{language}/codename/{place}").page.words
        assert len(words) == 8
        return " ".join(words)

    def post(self, path: str, *pairs: tuple[str, str]) -> Answer:
        body = urlencode([(name, value.replace("\n", "\r\n")) for name, value in pairs]).encode()
        return self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def attach(self, path: str, upload: Upload | None, *pairs: tuple[str, str]) -> Answer:
        boundary = new_boundary()
        return self.ask("POST", path, multipart(boundary, pairs, upload), **multipart_type(boundary))


class PlainVisitor(Visitor):
    """In this process."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        found = self._client.open(path, method=method, data=body, headers=headers, buffered=True)
        return Answer(found.status_code, found.headers, Page(found.text))


class HttpVisitor(Visitor):
    """Over real HTTP, on a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        self._connection.request(method, path, body, headers)
        found = self._connection.getresponse()
        return Answer(found.status, found.headers, Page(found.read().decode()))

    def open(self) -> socket.socket:
        """A connection on which nothing has been said yet."""
        return socket.create_connection(("127.0.0.1", self.port), 60)

    def cut_off(self, request: bytes) -> bytes:
        """Sends the beginning of a request and no more; the bytes of the answer to that."""
        with self.open() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def close(self) -> None:
        self._connection.close()


def new_boundary() -> str:
    """As Firefox makes them."""
    return f"----geckoformboundary{secrets.token_hex(16)}"


def multipart_type(boundary: str) -> dict[str, str]:
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def multipart(boundary: str, pairs: Pairs, upload: Upload | None = None, file_first: bool = False) -> bytes:
    """A body as browsers make it (HTML, multipart/form-data encoding algorithm)."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in pairs
    ]
    if upload is not None:
        name = upload.name.replace('"', "%22")
        head = (
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {upload.type}'
        )
        parts.insert(0 if file_first else len(parts), head.encode() + b"\r\n\r\n" + upload.data)
    dashes = f"--{boundary}".encode()
    return b"".join(dashes + b"\r\n" + part + b"\r\n" for part in parts) + dashes + b"--\r\n"
