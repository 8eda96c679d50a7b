"""Slow clients by the hundred, and reporters at the speed of a slow Tor circuit among them."""

import socket
import threading
import time
from collections.abc import Iterator

from bench.line import Line, at_most, tell
from bench.server import started
from bench.visits import posts
from tests.hardening.slow import dripping, slowly

_CLIENTS = 500
_REPORTERS = 24
_PIECE = 4_096
_BYTES_A_SECOND = 20_000
_HEAD = b"POST /api/item/kota-contoh/aduan-integritas HTTP/1.1\r\nHost: x\r\nX: "
_BODY = _HEAD + b"x\r\nContent-Type: application/octet-stream\r\nContent-Length: 30000\r\n\r\n"


def measure() -> Iterator[Line]:
    """500 clients that send a byte every 3 s, half in their heads, half in their bodies."""
    with started() as server:

        def connect() -> socket.socket:
            line = socket.create_connection(("127.0.0.1", server.port))
            line.settimeout(180)
            return line

        reports = posts(server, _REPORTERS)
        took: list[float] = []
        begins = [_HEAD, _BODY] * (_CLIENTS // 2)
        with dripping(connect, begins, every=3.0) as slow:

            def reporter(report: bytes) -> None:
                begin = time.monotonic()
                pace = threading.Event()
                pieces = -(-len(report) // _PIECE)
                answer = slowly(connect, report, pieces, lambda: pace.wait(_PIECE / _BYTES_A_SECOND))
                if answer.startswith(b"HTTP/1.1 204"):
                    took.append(time.monotonic() - begin)

            threads = [threading.Thread(target=reporter, args=(report,)) for report in reports]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            gone = slow.gone
    slowest = max(took, default=float("inf"))
    tell(f"  {gone} of {_CLIENTS} slow clients were ended; the slowest report took {slowest:.1f} s")
    yield at_most("slow_clients_failures", _REPORTERS - len(took), "reports", 0)
    yield at_most("slow_clients_slowest_report", slowest, "s", 60)
