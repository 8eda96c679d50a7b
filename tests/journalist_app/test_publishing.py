"""The board is published at fixed times, whatever has happened, by one process of all."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import board
from crypto.fields import Day
from journalist_app import housekeeping
from journalist_app.parts import Parts, open_parts
from journalist_app.publishing import due_day, publish
from journalist_app.schedule import DAILY, Schedule
from store import publication
from store.board_day import BoardDay
from store.errors import StorageFullError
from tests.e2e.browsers import until
from tests.journalist_app.conftest import Server
from tests.journalist_app.station import TODAY, slots

HOUR = 3_600
MIDNIGHT = 20_000 * 86_400


@pytest.mark.parametrize(
    ("every", "now", "latest", "following"),
    [
        (86_400, 0, -4 * HOUR, 20 * HOUR),
        (86_400, 20 * HOUR - 1, -4 * HOUR, 20 * HOUR),
        (86_400, 20 * HOUR, 20 * HOUR, 44 * HOUR),
        (86_400, 43.99 * HOUR, 20 * HOUR, 44 * HOUR),
        (6 * HOUR, 3 * HOUR, 2 * HOUR, 8 * HOUR),
        (60, 61.5, 60, 120),
    ],
)
def test_times_are_fixed(every: int, now: float, latest: int, following: int) -> None:
    schedule = Schedule(every)
    assert schedule.latest(MIDNIGHT + now) == MIDNIGHT + latest
    assert schedule.next(MIDNIGHT + now) == MIDNIGHT + following


@pytest.mark.parametrize("days", [1, 2, 7])
def test_periods_of_days_keep_the_hour(days: int) -> None:
    due = Schedule(days * 86_400).next(MIDNIGHT)
    assert due % 86_400 == 20 * HOUR


@pytest.fixture
def parts(server: Server) -> Iterator[Parts]:
    made = server.parts()
    made.slots.add(slots(32), Day("2027-01-01"))
    yield made
    made.close()


def version(parts: Parts) -> str | None:
    return publication.current(parts.layout.board)


def test_the_same_slots_make_another_board_of_the_same_size(parts: Parts) -> None:
    publish(parts)
    first, size = version(parts), parts.board.index().stat().st_size
    publish(parts)
    assert version(parts) != first
    assert parts.board.index().stat().st_size == size


def test_expired_slots_leave_with_the_next_publication(server: Server, parts: Parts) -> None:
    parts.slots.add(slots(16), TODAY)
    publish(parts)
    assert len(board.read_index(parts.board.index().read_bytes())[1]) == 48
    server.clock.now += 86_400
    assert len(board.read_index(parts.board.index().read_bytes())[1]) == 48
    publish(parts)
    assert len(board.read_index(parts.board.index().read_bytes())[1]) == 32


def test_without_living_slots_the_board_stays(server: Server, parts: Parts) -> None:
    publish(parts)
    before = version(parts)
    server.clock.now += 100 * 86_400
    publish(parts)
    assert version(parts) == before


def test_it_is_published_once_for_each_time(server: Server, parts: Parts) -> None:
    """TODAY at noon: due were yesterday's 20:00, then today's."""
    done = housekeeping._publish_if_due(parts, None)
    first = version(parts)
    server.clock.now += 7.9 * HOUR
    assert housekeeping._publish_if_due(parts, done) == done
    assert version(parts) == first
    server.clock.now += 0.2 * HOUR
    later = housekeeping._publish_if_due(parts, done)
    assert later == (done or 0) + DAILY.every
    assert version(parts) != first


def test_a_server_that_was_off_makes_up_for_it_once(server: Server, parts: Parts) -> None:
    assert housekeeping._done_before(parts) is None
    publish(parts)
    assert due_day(parts) == "2026-11-22"
    assert housekeeping._done_before(parts) == parts.schedule.latest(server.clock.now)
    server.clock.now += 9 * HOUR
    assert housekeeping._done_before(parts) is None
    server.clock.now += 100 * HOUR
    assert housekeeping._done_before(parts) is None
    publish(parts)
    assert housekeeping._done_before(parts) == parts.schedule.latest(server.clock.now)


@pytest.mark.parametrize("error", [StorageFullError, PermissionError])
def test_what_fails_is_tried_again_and_not_logged(parts: Parts, monkeypatch, capfd, error) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("store.board.Board.publish", fail)
        assert housekeeping._publish_if_due(parts, None) is None
    assert version(parts) is None
    assert housekeeping._publish_if_due(parts, None) is not None
    assert version(parts) is not None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"2026-1", b"\xff" * 10, b"2026-13-01", bytes(10)])
def test_half_a_day_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "board-day"
    path.write_bytes(content)
    assert BoardDay(path).read() is None
    BoardDay(path).write(TODAY)
    assert BoardDay(path).read() == TODAY
    assert (path.stat().st_mtime_ns, path.stat().st_atime_ns) == (0, 0)


def _take_turn(path: Path, ready: int) -> None:
    with BoardDay(path).turn():
        os.write(ready, b".")
        signal.pause()


def test_one_process_has_its_turn_until_it_ends(tmp_path: Path) -> None:
    """Killed, not stopped: nothing needs to be cleaned up for another one to go on."""
    path, (heard, said) = tmp_path / "board-day", os.pipe()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_take_turn, args=(path, said)) for _ in range(3)]
    for process in processes:
        process.start()
    for left in (2, 1, 0):
        assert os.read(heard, 9) == b"."
        assert select.select([heard], [], [], 0.3)[0] == []
        holders = {
            int(line.split()[4]) for line in Path("/proc/locks").read_text().splitlines() if _at(line, path)
        }
        (holder,) = holders & {process.pid for process in processes}
        (process,) = (process for process in processes if process.pid == holder)
        process.kill()
        process.join()
        processes.remove(process)
        assert len(processes) == left
        BoardDay(path).write(TODAY)


def _at(line: str, path: Path) -> bool:
    """Whether a line of /proc/locks tells of a lock that is held on this file."""
    return "->" not in line and line.split()[5].endswith(f":{path.stat().st_ino}")


# Under the real gunicorn


def test_workers_publish_and_an_import_does_not_matter(server: Server) -> None:
    """Two servers on one folder, every second: versions come one by one, each from one of them."""
    parts = open_parts(server.layout)
    parts.slots.add(slots(32), Day("2099-01-01"))
    line = (
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:hardening.deploy.gunicorn",
        "journalist_app.wsgi:app",
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PELUIT_APP": "journalist",
        "PELUIT_DATA": str(server.layout.root),
        "PELUIT_BOARD_EVERY": "1",
        "PELUIT_WORKERS": "2",
    }
    log = server.layout.root.with_name("log")
    with log.open("wb") as output:
        processes = [
            subprocess.Popen(
                line,
                env=environment | {"PELUIT_BIND": "127.0.0.1:0"},
                cwd=Path(__file__).parents[2],
                stdout=output,
                stderr=output,
            )
            for _ in range(2)
        ]
    try:
        seen: set[str | None] = set()
        assert until(lambda: (seen.add(version(parts)), len(seen - {None}) > 3)[1], seconds=60)
        processes[0].kill()
        processes[0].wait()
        before = len(seen)
        assert until(lambda: (seen.add(version(parts)), len(seen) > before + 2)[1], seconds=60)
        assert {len(board.read_index(parts.board.index().read_bytes())[1])} == {32}
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait()
        parts.close()
    assert log.read_text() == ""
