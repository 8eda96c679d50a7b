"""A gunicorn worker that tells nothing: no Server or Date header, no echo of bad requests, no log of them.

The Date header would give a stranger the server's clock to the second, and its drift names the machine
(Murdoch, "Hot or Not: Revealing Hidden Services by their Clock Skew", CCS 2006). Clients of the protocol
use their own clock.
"""

import json
import socket
import sys
from typing import Any, Final

from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]
from gunicorn.workers import gthread  # type: ignore[import-untyped]

from crypto.constants import PIECE_SIZE
from hardening import logs
from hardening.headers import Kind, headers

# A stalled connection gives its thread back after so many seconds without a byte. Tor circuits pause for tens
# of seconds when they are congested; a chunk that comes slowly but comes is not cut off.
STALL_SECONDS: Final = 60.0

# gunicorn receives bodies up to 1 MiB at a time, into memory that the kernel hands out and clears anew each
# time (840 page faults for each MiB). With a piece at a time the memory stays: a MiB costs 0.6 ms, not 2.4.
_RECEIVE: Final = PIECE_SIZE

_HIDDEN: Final = ("Server:", "Date:")
_BODY: Final = json.dumps({"error": "bad-request"}, separators=(",", ":")).encode()


class QuietResponse(wsgi.Response):  # type: ignore[misc]
    """An answer without gunicorn's own Server and Date."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith(_HIDDEN)]


class QuietConnection(gthread.TConn):  # type: ignore[misc]
    """A connection that does not hold a thread forever."""

    def init(self) -> None:
        super().init()
        self.sock.settimeout(STALL_SECONDS)


class QuietWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """gthread, with the two classes above and constant answers to what is no HTTP."""

    def init_process(self) -> None:
        wsgi.Response = QuietResponse
        gthread.TConn = QuietConnection
        SocketUnreader.max_body_chunk = _RECEIVE
        super().init_process()

    def handle_error(self, _req: object, client: socket.socket, _addr: object, exc: BaseException) -> None:
        if type(exc).__module__.partition(".")[0] != "gunicorn":
            logs.report(exc)
        lines = [
            "HTTP/1.1 400 Bad Request",
            "Connection: close",
            "Content-Type: application/json",
            f"Content-Length: {len(_BODY)}",
            *(f"{name}: {value}" for name, value in headers(Kind.DATA).items()),
        ]
        try:
            write_nonblock(client, "\r\n".join([*lines, "", ""]).encode("latin-1") + _BODY)
        except OSError:
            return


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger under the log discipline, at every level; there is no access log at all."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.be_quiet()

    def exception(self, _msg: object, *_args: object, **_kwargs: object) -> None:
        error = sys.exception()
        # Clients come and go: that is no error, and its time would be a trace.
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            logs.report(error)

    def access(self, *_args: object) -> None:
        return
