"""Strange requests meet no fault; a fault would be counted."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.privacy.proofs import hostile
from tests.privacy.proofs.hostile import Program


def test_no_strange_request_meets_a_fault() -> None:
    lines = list(hostile.measure(False))
    assert len(lines) == 9
    # How long answers take is judged in `make privacy` only: a busy machine would be blamed on the server.
    assert [line for line in lines if line.unit != "s" and not line.met] == []


class Faulty(BaseHTTPRequestHandler):
    """Fails at everything that it can read."""

    def do_GET(self) -> None:
        self.send_error(500)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


def test_a_fault_would_be_counted() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Faulty) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        program = Program("a faulty one", server.server_port, [])
        for method in (b"GET", b"POST"):
            program.ask(method + b" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        server.shutdown()
        thread.join()
    assert (program.asked, len(program.faults)) == (2, 2)
