"""A file of 1 GiB in requests of 16 pieces, against the same gunicorn that only writes bodies to files."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.figures import median
from bench.line import Line, at_least, at_most, plain, tell
from bench.load import Connection, request
from bench.processes import MIB, growing
from bench.server import OFFICE, Server, started
from crypto.binding import b64
from crypto.blob import BlobId, blob_size, piece_count, run_size
from crypto.constants import HASH_SIZE, ID_SIZE, MAX_PIECES, PIECE_SIZE
from tests.e2e.browsers import until
from tests.e2e.office import free_port

# A short run by hand may take less (a power of two).
_SIZE = int(os.environ.get("PELUIT_BENCH_UPLOAD", 1024 * MIB))
_IN_FLIGHT = 4
_RUNS = 9
_RAW = "raw-"

# Sealed pieces cannot be told from random bytes: one buffer stands for all, so making them costs nothing.
_BODY = secrets.token_bytes(MAX_PIECES * PIECE_SIZE)


def measure() -> Iterator[Line]:
    """Medians of rounds, in each of which all take turns; and how much the worker that grew most has grown.

    Against the same requests, each flushed as a stored piece is; and, without a goal, unflushed, and as one
    long body for each connection.
    """
    with started() as server, _raw(server, "1") as flushed, _raw(server, "0") as unflushed:
        contests = {
            "ours": partial(_upload, server),
            "raw": partial(_put_raw, flushed, MAX_PIECES * PIECE_SIZE),
            "raw unflushed": partial(_put_raw, unflushed, MAX_PIECES * PIECE_SIZE),
            "raw long bodies": partial(_put_raw, flushed, blob_size(_SIZE) // _IN_FLIGHT),
        }
        _upload(server)
        with growing(server.source) as growth:
            rounds = [{name: _timed(run, server) for name, run in contests.items()} for _ in range(_RUNS)]
    speed = {name: median([_SIZE / MIB / times[name] for times in rounds]) for name in contests}
    versus = {name: median([times[name] / times["ours"] for times in rounds]) for name in contests}
    said = "; ".join(", ".join(f"{name} {seconds:.2f} s" for name, seconds in r.items()) for r in rounds)
    tell(f"  {_SIZE // MIB} MiB, {_IN_FLIGHT} in flight: {said}")
    yield at_least("server_upload_vs_raw", versus["raw"], "times", 0.8)
    yield plain("server_upload_vs_raw_unflushed", versus["raw unflushed"], "times")
    yield plain("server_upload_vs_raw_long_bodies", versus["raw long bodies"], "times")
    yield at_most("server_upload_growth", growth.largest / MIB, "MiB", 16)
    for name, value in speed.items():
        yield plain(f"server_upload_speed_{name.replace(' ', '_')}", value, "MiB/s")


def _timed(run: Callable[[], None], server: Server) -> float:
    """How long a run takes in seconds; what it stored is removed."""
    os.sync()
    begin = time.monotonic()
    run()
    seconds = time.monotonic() - begin
    for path in (*server.layout.done.rglob("*"), *server.office.folder.glob(f"{_RAW}*/*")):
        if path.is_file():
            path.unlink()
    return seconds


def _upload(server: Server) -> None:
    """Ticket, what is there, the pieces, done: as the page sends them."""
    blob = BlobId(secrets.token_bytes(ID_SIZE))
    path = f"/api/blob/{OFFICE}/{blob.hex()}/{_SIZE}"
    wish = json.dumps({"blob": b64(blob), "office": OFFICE, "size": _SIZE}).encode()
    with Connection(server.port) as connection:
        said = connection.ask(request("POST", "/api/ticket", wish, {"Content-Type": "application/json"}))
        ticket = {"Peluit-Ticket": json.loads(said)["ticket"]}
        connection.ask(request("GET", path, headers=ticket))
        count = piece_count(_SIZE)
        runs = [(first, run_size(_SIZE, first, MAX_PIECES)) for first in range(0, count, MAX_PIECES)]
        _put_all(server.port, [(f"{path}/{first}", size) for first, size in runs], ticket)
        connection.ask(request("POST", f"{path}/done", secrets.token_bytes(HASH_SIZE), ticket))
    assert server.layout.blob(OFFICE, blob).stat().st_size == blob_size(_SIZE)


def _put_raw(port: int, size: int) -> None:
    """As many bytes as a blob has, in bodies of this size, each to a file of its own."""
    whole = blob_size(_SIZE)
    _put_all(port, [("/", min(size, whole - at)) for at in range(0, whole, size)], {})


def _put_all(port: int, bodies: Sequence[tuple[str, int]], headers: dict[str, str]) -> None:
    def put(share: Sequence[tuple[str, int]]) -> None:
        with Connection(port) as connection:
            for path, size in share:
                connection.ask_long("PUT", path, _BODY, size, headers)

    with ThreadPoolExecutor(_IN_FLIGHT) as threads:
        list(threads.map(put, [bodies[n::_IN_FLIGHT] for n in range(_IN_FLIGHT)]))


@contextmanager
def _raw(server: Server, flush: str) -> Iterator[int]:
    """The port of a gunicorn with the deployed settings that writes to the disk of the server's data."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=server.office.folder, prefix=_RAW) as folder:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "python:hardening.deploy.gunicorn"),
                *("--bind", f"127.0.0.1:{port}", "bench.raw_body:app"),
            ],
            cwd=Path(__file__).parents[1],
            env={"PATH": os.environ["PATH"], "RAW_FOLDER": folder, "RAW_FLUSH": flush},
        )
        try:
            assert until(partial(_answers, port), seconds=30)
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with Connection(port):
            return True
    except OSError:
        return False
