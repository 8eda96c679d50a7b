"""A gunicorn worker that tells nothing and that slow clients do not hold up.

No Server or Date header, no echo of bad requests, no log of them.

The Date header would give a stranger the server's clock to the second, and its drift names the machine
(Murdoch, "Hot or Not: Revealing Hidden Services by their Clock Skew", CCS 2006). Clients of the protocol
use their own clock.
"""

import errno
import selectors
import socket
import sys
import time
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]
from gunicorn.workers import gthread  # type: ignore[import-untyped]

from crypto.constants import PIECE_SIZE
from hardening import logs, refusals
from hardening.deploy.lines import SLOW, Line
from hardening.headers import Kind, headers

# A stalled connection gives its thread back after so many seconds without a byte. Tor circuits pause for tens
# of seconds when they are congested; a chunk that comes slowly but comes is not cut off.
STALL_SECONDS: Final = 60.0

# A whole head must have come after so many seconds. Browsers send it at once, in one or two packets.
HEAD_SECONDS: Final = 30.0
_HEAD: Final = 8 * 2**10
_HEAD_END: Final = b"\r\n\r\n"

# gunicorn receives bodies up to 1 MiB at a time, into memory that the kernel hands out and clears anew each
# time (840 page faults for each MiB). With a piece at a time the memory stays: a MiB costs 0.6 ms, not 2.4.
_RECEIVE: Final = PIECE_SIZE

_HIDDEN: Final = ("Server:", "Date:")
_BODY: Final = refusals.body("bad-request")


class QuietResponse(wsgi.Response):  # type: ignore[misc]
    """An answer without gunicorn's own Server and Date."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith(_HIDDEN)]


class QuietConnection(gthread.TConn):  # type: ignore[misc]
    """A connection whose `head` is gathered before a thread deals with it."""

    sock: Line

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.data_ready = True
        self.head = b""

    def init(self) -> None:
        super().init()
        self.sock.settimeout(STALL_SECONDS)
        self.parser.unreader.unread(self.head)
        self.head = b""


class QuietWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """gthread, with the two classes above and constant answers to what is no HTTP.

    The head of a request is gathered by the loop that waits for all connections; a thread is taken by whole
    heads only. When more requests have one than there are threads, the slowest make room (lines.py); when
    there are too many connections, those that have been gathering for longest.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._busy: set[QuietConnection] = set()

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ECONNABORTED):
                return
            raise
        if self.nr_conns >= self.worker_connections - 1:
            self._drop_one()
        self.nr_conns += 1
        line = Line(fileno=accepted.detach())
        self._gather(QuietConnection(self.cfg, line, client, listener.getsockname()))

    def on_client_socket_readable(self, conn: QuietConnection, client: Line) -> None:
        """A kept connection brings its next request."""
        if client.fileno() < 0:  # dropped in this very turn of the loop
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def on_pending_socket_readable(self, conn: QuietConnection, client: Line) -> None:
        """More of a head is here; one that ends too early is for the parser to judge."""
        if client.fileno() < 0:  # dropped in this very turn of the loop
            return
        try:
            data = client.recv(_HEAD)
        except BlockingIOError:
            return
        except OSError:
            data = conn.head = b""
        conn.head += data
        if data and _HEAD_END not in conn.head and len(conn.head) < _HEAD:
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if conn.head:
            self.enqueue_req(conn)
        else:
            self._close(conn)

    def enqueue_req(self, conn: QuietConnection) -> None:
        self._busy.add(conn)
        super().enqueue_req(conn)
        self._make_room()

    def handle(self, conn: QuietConnection) -> object:
        """Runs in a thread; what came before it did is not the client's slowness."""
        conn.sock.begin(len(conn.head))
        return super().handle(conn)

    def finish_request(self, conn: QuietConnection, fs: "Future[object]") -> None:
        self._busy.discard(conn)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Called once in each turn of the loop."""
        super().murder_pending()
        self._make_room()

    def _cap_keepalive(self, deadline: float) -> None:
        """Called when the worker is to end: who has not finished a head by then comes too late."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _gather(self, conn: QuietConnection) -> None:
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _make_room(self) -> None:
        """Cuts as many slow requests as there are others without a thread."""
        wanted = len(self._busy) - self.cfg.threads
        if wanted <= 0:
            return
        now = time.monotonic()
        slow = [
            (speed, conn.sock)
            for conn in self._busy
            if conn.sock.waits and (speed := conn.sock.speed(now)) < SLOW and not conn.sock.was_cut
        ]
        cut = sum(conn.sock.was_cut for conn in self._busy)
        for _speed, line in sorted(slow, key=lambda one: one[0])[: max(0, wanted - cut)]:
            line.cut()

    def _drop_one(self) -> None:
        """The connection that has been without a whole request for longest."""
        for waiting in (self.pending_conns, self.keepalived_conns):
            if waiting:
                conn = waiting.popleft()
                self.poller.unregister(conn.sock)
                self._close(conn)
                return

    def _close(self, conn: QuietConnection) -> None:
        self.nr_conns -= 1
        conn.close()

    def init_process(self) -> None:
        wsgi.Response = QuietResponse
        gthread.TConn = QuietConnection
        SocketUnreader.max_body_chunk = _RECEIVE
        super().init_process()

    def handle_error(self, _req: object, client: socket.socket, _addr: object, exc: BaseException) -> None:
        if type(exc).__module__.partition(".")[0] != "gunicorn":
            logs.report(exc)
        lines = [
            f"HTTP/1.1 {refusals.status(400)}",
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
