"""Reporters' requests, sent from other processes so that building them is not measured with the server.

A *conversation* is what goes over one connection, a *visit* the conversations of one reporter. Requests are
bytes made beforehand, with the headers that Tor Browser sends; answers are read whole and not looked at.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier, Event

Conversation = tuple[bytes, ...]
Visit = tuple[Conversation, ...]

_HOST = "127.0.0.1"
_PATIENCE = 60.0
_FORK = multiprocessing.get_context("fork")
_BROWSER = (
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept: */*",
    "Accept-Language: en-US,en;q=0.5",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: keep-alive",
    "Sec-Fetch-Dest: empty",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Site: same-origin",
)


class Refused(Exception):
    """The server's answer was not of the 200s, or no answer."""


@dataclass(frozen=True)
class Outcome:
    """One visit: when it began and ended (time.monotonic), and whether every answer was of the 200s."""

    begin: float
    end: float
    done: bool


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A request as Tor Browser writes it; a body is of the protocol's binary type unless `headers` say."""
    return _head(method, path, len(body), headers) + body


def _head(method: str, path: str, size: int, headers: Mapping[str, str] | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {_HOST}", *_BROWSER]
    if size:
        lines += [f"Content-Length: {size}", f"Origin: http://{_HOST}"]
        headers = {"Content-Type": "application/octet-stream"} | dict(headers or {})
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode()


class Connection:
    """One connection to the server, kept alive."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((_HOST, port), _PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, sent: bytes) -> bytes:
        """The answer's body; Refused, OSError."""
        self._socket.sendall(sent)
        return self._answer()

    def ask_long(self, method: str, path: str, body: bytes, size: int, headers: Mapping[str, str]) -> bytes:
        """The same for a body of `size` bytes, `body` over and over, that is never in memory as a whole."""
        self._socket.sendall(_head(method, path, size, headers))
        for begin in range(0, size, len(body)):
            self._socket.sendall(memoryview(body)[: size - begin])
        return self._answer()

    def _answer(self) -> bytes:
        head, body = self._head()
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
        pieces = [body]
        left = length - len(body)
        while left:
            piece = self._socket.recv(min(left, 2**18))
            if not piece:
                raise Refused
            pieces.append(piece)
            left -= len(piece)
        if not lines[0].startswith("http/1.1 2"):
            raise Refused(lines[0])
        return b"".join(pieces)

    def _head(self) -> tuple[bytes, bytes]:
        read = b""
        while b"\r\n\r\n" not in read:
            piece = self._socket.recv(2**16)
            if not piece:
                raise Refused
            read += piece
        head, _, body = read.partition(b"\r\n\r\n")
        return head, body


def make(port: int, visit: Visit) -> Outcome:
    """Makes a visit: its conversations one after the other, each over a connection of its own."""
    begin = time.monotonic()
    try:
        for conversation in visit:
            with Connection(port) as connection:
                for sent in conversation:
                    connection.ask(sent)
    except (OSError, Refused):
        return Outcome(begin, time.monotonic(), done=False)
    return Outcome(begin, time.monotonic(), done=True)


def crowd(port: int, visits: Sequence[Visit], reporters: int, processes: int = 2) -> list[Outcome]:
    """All visits, made by so many reporters at once, each beginning its next when its last is over."""
    barrier = _FORK.Barrier(processes)
    shares = [visits[number::reporters] for number in range(reporters)]
    pipes = [_child(_reporters, port, shares[number::processes], barrier) for number in range(processes)]
    return [outcome for pipe in pipes for outcome in pipe()]


def probing(port: int, visit: Visit, every: float) -> Callable[[], list[Outcome]]:
    """Makes a visit every so many seconds from another process, until the result is called for.

    A visit begins when it is due, also when the one before is not over: the wait for it counts.
    """
    over = _FORK.Event()
    result = _child(_probe, port, visit, every, over)

    def end() -> list[Outcome]:
        over.set()
        return result()

    return end


def _child(work: Callable[..., None], *arguments: object) -> Callable[[], list[Outcome]]:
    """Starts a process; the result waits for what it sends."""
    mine, its = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=work, args=(*arguments, its), daemon=True)
    process.start()
    its.close()

    def result() -> list[Outcome]:
        outcomes: list[Outcome] = mine.recv()
        process.join()
        return outcomes

    return result


def _reporters(port: int, shares: Sequence[Sequence[Visit]], barrier: Barrier, pipe: Pipe) -> None:
    with ThreadPoolExecutor(len(shares)) as threads:
        barrier.wait()
        made = threads.map(lambda share: [make(port, visit) for visit in share], shares)
        pipe.send([outcome for outcomes in made for outcome in outcomes])


def _probe(port: int, visit: Visit, every: float, over: Event, pipe: Pipe) -> None:
    def at(due: float) -> Outcome:
        made = make(port, visit)
        return Outcome(due, made.end, made.done)

    with ThreadPoolExecutor(32) as threads:
        probes = []
        due = time.monotonic()
        while not over.wait(max(0.0, due - time.monotonic())):
            probes.append(threads.submit(at, due))
            due += every
        pipe.send([probe.result() for probe in probes])
