"""The only thing of the station that listens: on 127.0.0.1, on a port that the system chooses.

Threads read requests, so that a connection on which nothing comes (browsers open some in advance) holds up
nobody; one thread answers them all, because the vault's connection and the session belong to one.
"""

import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK: Final = "127.0.0.1"
LARGEST_FORM: Final = 2 * 2**20
_SLOWEST_SECONDS: Final = 20


class Server(ThreadingMixIn, WSGIServer):
    """Serves one app; `now_and_then` is called about every second on the thread that answers."""

    daemon_threads = True

    def __init__(self, now_and_then: Callable[[], None]) -> None:
        """OSError if there is no loopback."""
        self._now_and_then = now_and_then
        self._answering = ThreadPoolExecutor(max_workers=1, thread_name_prefix="station")
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def server_bind(self) -> None:
        """Without the look-up of a name that the standard library makes here."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])
        self.setup_environ()

    def serve(self, app: WSGIApplication, pause: float = 1.0) -> None:
        """Until it is interrupted; `pause`: seconds without a request before it looks up."""

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            length = environ.get("CONTENT_LENGTH") or "0"
            size = int(length) if length.isdecimal() else 0
            body = environ["wsgi.input"].read(size) if size <= LARGEST_FORM else b""
            environ["wsgi.input"] = io.BytesIO(body)
            return self._answering.submit(_whole, app, environ, start_response).result()

        self.set_app(answer)
        self.serve_forever(poll_interval=pause)

    def service_actions(self) -> None:
        self._answering.submit(self._now_and_then)

    def end(self, last: Callable[[], None]) -> None:
        """Does `last` on the thread that answers, after everything else, and listens no more."""
        self._answering.submit(last).result()
        self._answering.shutdown()
        self.server_close()

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A connection that broke off: nobody needs to know, and what it said stays unsaid."""


class _Handler(WSGIRequestHandler):
    timeout = _SLOWEST_SECONDS

    def log_message(self, *_arguments: object) -> None:
        """No log: it would tell what was read when."""

    def get_stderr(self) -> Any:
        """Where the server would write tracebacks: nowhere (failures.py says what failed, without data)."""
        return io.StringIO()


def _whole(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    pieces = app(environ, start_response)
    close = getattr(pieces, "close", None)
    try:
        return list(pieces)
    finally:
        if close is not None:
            close()


def report(error: BaseException) -> None:
    """The kind of an unforeseen error and where it arose, for whoever mends it; never what it says."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" ({last.tb_frame.f_code.co_filename}:{last.tb_lineno})" if last is not None else ""
    sys.stderr.write(f"{type(error).__name__}{place}\n")
