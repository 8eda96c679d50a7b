"""HTTP through a tor client, with tor's own words for why an onion service cannot be reached.

SOCKS 5 (RFC 1928) as Tor Browser speaks it: the name goes to the proxy, and a user name (RFC 1929) stands for
a visit, which gets circuits of its own (tor's IsolateSOCKSAuth).
"""

import http.client
import socket
from dataclasses import dataclass

PATIENCE = 120
"""Seconds for one connection or answer: tor itself gives up after 120."""

NO_KEY, WRONG_KEY = 0xF4, 0xF5
"""Of tor's ExtendedErrors: the service wants a client's key; it is for others than this one."""
_PASSING = {
    *(0x01, 0x04, 0x06),  # general failure, host unreachable, TTL expired
    *(
        0xF0,
        0xF2,
        0xF3,
        0xF7,
    ),  # no descriptor; introduction failed; rendezvous failed; introduction timed out
}


class SocksError(ConnectionError):
    """The proxy said no; `code` is the reply field, or one of tor's ExtendedErrors."""

    def __init__(self, code: int) -> None:
        super().__init__(f"SOCKS reply 0x{code:02X}")
        self.code = code

    @property
    def passing(self) -> bool:
        """Whether another try may do better: a circuit broke, or a descriptor is not there yet."""
        return self.code in _PASSING


@dataclass(frozen=True)
class Proxy:
    """A tor client's SOCKS port."""

    host: str
    port: int

    def connect(self, onion: str, visit: str = "") -> socket.socket:
        """A stream to port 80 of an onion service; SocksError, and OSError if tor is not there."""
        stream = socket.create_connection((self.host, self.port), PATIENCE)
        try:
            _greet(stream, visit.encode())
            name = onion.encode()
            stream.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + (80).to_bytes(2))
            _, code, _, kind = _exactly(stream, 4)
            if code:
                raise SocksError(code)
            _exactly(stream, {1: 6, 4: 18}[kind])
        except BaseException:
            stream.close()
            raise
        return stream

    def get(self, onion: str, path: str = "/", visit: str = "") -> tuple[int, bytes]:
        """Status and body of the answer to one request; SocksError, OSError, http.client.HTTPException."""
        connection = _OnionConnection(self, onion, visit)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class _OnionConnection(http.client.HTTPConnection):
    """HTTP over a stream of its own."""

    def __init__(self, proxy: Proxy, onion: str, visit: str) -> None:
        super().__init__(onion, timeout=PATIENCE)
        self._proxy, self._visit = proxy, visit

    def connect(self) -> None:
        self.sock = self._proxy.connect(self.host, self._visit)


def _greet(stream: socket.socket, visit: bytes) -> None:
    stream.sendall(b"\x05\x01\x02" if visit else b"\x05\x01\x00")
    assert _exactly(stream, 2) == (b"\x05\x02" if visit else b"\x05\x00")
    if visit:
        stream.sendall(b"\x01" + bytes([len(visit)]) + visit + b"\x01-")
        assert _exactly(stream, 2) == b"\x01\x00"


def _exactly(stream: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = stream.recv(count - len(found))
        if not piece:
            raise ConnectionError("the SOCKS port closed the connection")
        found += piece
    return found
