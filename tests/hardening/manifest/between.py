"""Servers that stand between a checker and a site: one that changes answers, and a small SOCKS5 proxy."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

Change = Callable[[str, bytes], bytes | list[bytes]]
"""The path asked for and the site's whole answer → what is sent instead, in pieces if it is a list."""


@contextlib.contextmanager
def listening(handle: Callable[[socket.socket], Any]) -> Iterator[int]:
    """Runs `handle` for each connection; the port on 127.0.0.1."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                handle(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def changing(port: int, change: Change) -> contextlib.AbstractContextManager[int]:
    """Hands requests on to the site at `port`, and its answers changed."""

    def handle(client: socket.socket) -> None:
        request = _head(client)
        path = request.split(b" ")[1].decode()
        with socket.create_connection(("127.0.0.1", port)) as site:
            site.sendall(request)
            answer = b"".join(iter(lambda: site.recv(65_536), b""))
        pieces = change(path, answer)
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            client.sendall(piece)

    return listening(handle)


@contextlib.contextmanager
def socks_proxy(port: int, asked: list[tuple[str, int]]) -> Iterator[int]:
    """A SOCKS5 proxy that leads every name to `port`; notes what it was asked for, and by whom."""

    def handle(client: socket.socket) -> None:
        version, methods = _exactly(client, 2)
        assert version == 5 and 2 in _exactly(client, methods)
        client.sendall(b"\x05\x02")
        _version, length = _exactly(client, 2)
        name = _exactly(client, length)
        _exactly(client, _exactly(client, 1)[0])
        client.sendall(b"\x01\x00")
        _version, command, _reserved, kind = _exactly(client, 4)
        assert (command, kind) == (1, 3), "a name, not an address"
        host = _exactly(client, _exactly(client, 1)[0])
        asked.append((host.decode(), int.from_bytes(_exactly(client, 2))))
        assert len(name) == 16
        with socket.create_connection(("127.0.0.1", port)) as site:
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            site.sendall(_head(client))
            while data := site.recv(65_536):
                client.sendall(data)

    with listening(handle) as own:
        yield own


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        assert piece
        data += piece
    return data


def _head(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        assert piece
        data += piece
    return data
