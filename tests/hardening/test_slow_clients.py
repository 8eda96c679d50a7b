"""Under the deployed worker, with few threads: slow clients hold up nobody, and stay while nobody waits."""

import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.layout import Layout
from tests.e2e.browsers.waiting import until
from tests.hardening.slow import dripping, slowly
from tests.source_app.conftest import Server, start
from tests.source_app.sealed import DELETION, item
from tests.store.installation import CHANNEL, OFFICE, install

THREADS = 4
MOST = ("--worker-connections", "100")
PATH = f"/api/item/{OFFICE}/{CHANNEL}"
KIND = "Content-Type: application/octet-stream"
HEAD = b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nX: "
BODY = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{KIND}\r\nContent-Length: 30000\r\n\r\n".encode()


def report() -> bytes:
    """A whole request that is answered with 204."""
    body = DELETION + item()
    lines = [f"POST {PATH} HTTP/1.1", "Host: x", "Connection: close", KIND, f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One worker with few threads."""
    layout = install(Layout(tmp_path_factory.mktemp("slow") / "data")).layout
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = start(layout, Path(folder), settings=MOST, PELUIT_THREADS=str(THREADS), PELUIT_WORKERS="1")
        yield server
        assert server.stop() == ""


def threads(server: Server) -> int:
    (worker,) = server.workers()
    return len(list(Path(f"/proc/{worker}/task").iterdir()))


def arrived(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 204 ")


def test_half_a_head_holds_no_thread(few: Server) -> None:
    with dripping(few.connect, [HEAD] * 40) as slow:
        assert all(arrived(few.talk(report())) for _ in range(20))
        assert slow.gone == 0


def test_idle_connections_hold_no_thread(few: Server) -> None:
    idle = [few.connect() for _ in range(40)]
    assert arrived(few.talk(report()))
    # They are still served when they ask.
    idle[0].sendall(report())
    assert arrived(idle[0].recv(65_536))
    for line in idle:
        line.close()


def test_slow_bodies_give_way_to_others(few: Server) -> None:
    """Three times as many as there are threads; the reporters among them are slow too, but not that slow."""
    with dripping(few.connect, [BODY] * 3 * THREADS) as slow:
        answers: list[bytes] = []
        pause = threading.Event()

        def reporter() -> None:
            answers.append(slowly(few.connect, report(), 8, lambda: pause.wait(0.05)))

        reporters = [threading.Thread(target=reporter) for _ in range(2 * THREADS)]
        for one in reporters:
            one.start()
        for one in reporters:
            one.join()
        assert [arrived(answer) for answer in answers] == [True] * len(reporters)
        assert slow.gone > 0


def test_who_is_slow_and_alone_is_not_cut(few: Server) -> None:
    """Slower than the bound by far, on all threads but one, while others come and go on that one."""
    slow = [few.connect() for _ in range(THREADS - 1)]
    whole = report()
    for line in slow:
        line.sendall(whole[:1_000])
    # Long enough ago to count as slow: the advance of two seconds is used up.
    assert not select.select(slow, [], [], 3)[0]
    assert all(arrived(few.talk(report())) for _ in range(5))
    for line in slow:
        line.sendall(whole[1_000:])
        assert arrived(line.recv(65_536))
        line.close()


def test_the_slowest_goes_first(few: Server) -> None:
    """All threads taken: by one that sends a byte, and others that have sent much."""
    whole = report()
    others = [few.connect() for _ in range(THREADS - 1)]
    slowest = few.connect()
    slowest.sendall(BODY)
    for line in others:
        line.sendall(whole[:-1])
    assert not select.select([slowest, *others], [], [], 3)[0]
    assert arrived(few.talk(report()))
    # It got an answer, to a body that ended early, or none.
    assert select.select([slowest], [], [], 30)[0]
    for line in others:
        line.sendall(whole[-1:])
        assert arrived(line.recv(65_536))
        line.close()
    slowest.close()


def test_too_many_connections_lose_the_oldest_of_them(few: Server) -> None:
    """More than the server keeps: those that never finish a head go first."""
    with dripping(few.connect, [HEAD] * 150) as slow:
        assert all(arrived(few.talk(report())) for _ in range(5))
        assert until(lambda: slow.gone >= 50, seconds=60)


def test_an_answer_that_nobody_takes_gives_way(few: Server) -> None:
    """A large file is asked for and not read: its threads are there for others."""
    asked = b"GET /id/ HTTP/1.1\r\nHost: x\r\n\r\n" * 400
    lines = [few.connect() for _ in range(2 * THREADS)]
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.settimeout(1)
        line.sendall(asked[:10_000])
    assert all(arrived(few.talk(report())) for _ in range(5))
    for line in lines:
        line.close()
