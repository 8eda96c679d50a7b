"""Asks a site for one path as a reporter's browser would, and takes no more than an honest site sends.

A site that means harm may send without end, slowly, packed or somewhere else: each has a bound and a name.
"""

import http.client
import secrets
import socket
import ssl
import threading
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from python_socks import ProxyError, ProxyTimeoutError, ProxyType
from python_socks.sync import Proxy

from hardening.manifest.checking import Answer
from peluit.manifest.errors import NotASiteError

LARGEST: Final = 8 * 2**20
"""Of an answer, packed or not, in bytes: many times what the largest script has."""

SECONDS: Final = 120
"""For one answer from the first byte asked to the last; a circuit of Tor may take long."""

_PIECE: Final = 65_536
# What Tor Browser says (its ESR 140): whoever checks a site should look like whoever uses it.
_HEADERS: Final = (
    ("User-Agent", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-US,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Connection", "close"),
)


class UnreachableError(Exception):
    """Nothing answers there; its text says why."""


class HostileError(Exception):
    """Something answers, and not as any honest site does; its text says how."""


@dataclass(frozen=True)
class Place:
    """A site, and the SOCKS proxy it is reached through."""

    secure: bool
    host: str
    port: int
    socks: tuple[str, int] | None
    seconds: float = SECONDS
    # Tor gives other credentials another circuit: a run looks like one visitor, and like a new one.
    visit: str = ""

    @classmethod
    def of(cls, address: str, socks: tuple[str, int] | None, seconds: float = SECONDS) -> "Place":
        """NotASiteError; `address` has no path, and an onion is only reached through a proxy."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise NotASiteError(address) from None
        if parts.scheme not in {"http", "https"} or not host or parts.path not in {"", "/"}:
            raise NotASiteError(address)
        secure = parts.scheme == "https"
        return cls(secure, host, port or (443 if secure else 80), socks, seconds, secrets.token_hex(8))

    @property
    def name(self) -> str:
        """What the Host header says."""
        return self.host if self.port == (443 if self.secure else 80) else f"{self.host}:{self.port}"


def fetch(place: Place, path: str) -> Answer:
    """The answer to GET; redirects are answers, and never followed. UnreachableError, HostileError."""
    connection = _connect(place)
    late = threading.Event()

    def end() -> None:
        late.set()
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            connection.close()

    # A timeout of the socket begins anew with every byte; this one does not.
    limit = threading.Timer(place.seconds, end)
    limit.start()
    try:
        answer = _ask(connection, place, path)
    except HostileError as error:
        trouble = str(error)
    except (http.client.HTTPException, OSError, ValueError, zlib.error) as error:
        trouble = f"is no whole answer ({type(error).__name__})"
    else:
        # A connection that was cut may look like a short answer.
        if not late.is_set():
            return answer
        trouble = ""
    finally:
        limit.cancel()
        connection.close()
    raise HostileError(
        f"has not come to an end within {place.seconds:.0f} seconds" if late.is_set() else trouble
    )


def _connect(place: Place) -> socket.socket:
    try:
        if place.socks is None:
            connection = socket.create_connection((place.host, place.port), timeout=place.seconds)
        else:
            proxy = Proxy(
                proxy_type=ProxyType.SOCKS5,
                host=place.socks[0],
                port=place.socks[1],
                username=place.visit,
                password=place.visit,
                rdns=True,  # the proxy finds the name: it never reaches this machine's resolver
            )
            connection = proxy.connect(place.host, place.port, timeout=place.seconds)
        connection.settimeout(place.seconds)
        if place.secure:
            return ssl.create_default_context().wrap_socket(connection, server_hostname=place.host)
    except (OSError, ProxyError, ProxyTimeoutError, UnicodeError) as error:
        raise UnreachableError(f"cannot be reached ({type(error).__name__})") from None
    return connection


def _ask(connection: socket.socket, place: Place, path: str) -> Answer:
    asking = http.client.HTTPConnection(place.host, place.port)
    asking.sock = connection
    asking.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in (("Host", place.name), *_HEADERS):
        asking.putheader(name, value)
    asking.endheaders()
    # http.client takes 100 header lines of 64 KiB each at most.
    answer = asking.getresponse()
    headers = tuple((name.lower(), value) for name, value in answer.getheaders())
    packed = b""
    while piece := answer.read(_PIECE):
        packed += piece
        if len(packed) > LARGEST:
            raise HostileError(f"is longer than {LARGEST // 2**20} MiB")
    if answer.length:
        raise HostileError(f"ends {answer.length} bytes before its end")
    encodings = [value for name, value in headers if name == "content-encoding"]
    return Answer(answer.status, headers, _unpacked(packed, encodings))


def _unpacked(packed: bytes, encodings: list[str]) -> bytes:
    if not encodings:
        return packed
    if encodings != ["gzip"]:
        raise HostileError("is packed in a way that the site never uses")
    reader = zlib.decompressobj(wbits=31)
    plain = reader.decompress(packed, LARGEST + 1)
    if len(plain) > LARGEST:
        raise HostileError(f"unpacks to more than {LARGEST // 2**20} MiB")
    if not reader.eof or reader.unused_data:
        raise HostileError("is packed, and not as one whole file")
    return plain
