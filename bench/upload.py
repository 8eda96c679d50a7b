"""A file of 100 MiB: sealed pieces in requests of 1 MiB, three in flight, durable at the end."""

import io
import json
import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench import peers
from bench.figures import median
from bench.line import Line, at_most, plain, tell
from bench.load import Connection, request
from bench.processes import MIB, cpu_seconds, growing
from bench.server import OFFICE, Server, started
from crypto.binding import b64
from crypto.blob import BlobId, blob_size, piece_count
from crypto.constants import HASH_SIZE, ID_SIZE, MAX_PIECES, PIECE_SIZE
from crypto.seal.blob import BlobSealer

_SIZE = 100 * MIB
_IN_FLIGHT = 3
_RUNS = 3


@dataclass(frozen=True)
class Run:
    cpu: float
    seconds: float
    growth: int


def measure() -> Iterator[Line]:
    """Server CPU, median of three files, and the most that a worker grew while it took one of them."""
    with started() as server:
        runs = [_upload(server) for _ in range(_RUNS)]
    said = "; ".join(f"{r.cpu:.2f} CPU s, {r.seconds:.2f} s, +{r.growth / MIB:.1f} MiB" for r in runs)
    tell(f"  three files: {said} (the workers of the first file are new)")
    cost = median([run.cpu for run in runs])
    yield at_most("upload_100mib_cpu", cost, "CPU s", 1.0)
    yield at_most("upload_100mib_growth", max(run.growth for run in runs) / MIB, "MiB", 16)
    yield plain("upload_100mib_seconds", median([run.seconds for run in runs]), "s")
    yield from peers.costs("upload_100mib_cpu", cost, peers.UPLOAD_CPU)


def _upload(server: Server) -> Run:
    blob = BlobId(secrets.token_bytes(ID_SIZE))
    sealer = BlobSealer(blob, secrets.token_bytes(32), _SIZE)
    sealed = b"".join(sealer.chunks(io.BytesIO(os.urandom(_SIZE))))
    with growing(server.source) as growth:
        begin, before = time.monotonic(), cpu_seconds(server.source)
        _send(server.port, blob, sealer.padded, sealed)
        spent, seconds = cpu_seconds(server.source) - before, time.monotonic() - begin
    assert server.layout.blob(OFFICE, blob).stat().st_size == blob_size(sealer.padded)
    return Run(spent, seconds, growth.largest)


def _send(port: int, blob: BlobId, padded: int, sealed: bytes) -> None:
    """Ticket, what is there, the pieces, done: as source_app/web/src/worker/upload.ts."""
    path = f"/api/blob/{OFFICE}/{blob.hex()}/{padded}"
    wish = json.dumps({"blob": b64(blob), "office": OFFICE, "size": padded}).encode()
    with Connection(port) as connection:
        said = connection.ask(request("POST", "/api/ticket", wish, {"Content-Type": "application/json"}))
        ticket = {"Peluit-Ticket": json.loads(said)["ticket"]}
        connection.ask(request("GET", path, headers=ticket))

        def put(share: range) -> None:
            with Connection(port) as own:
                for first in share:
                    body = sealed[first * PIECE_SIZE : (first + MAX_PIECES) * PIECE_SIZE]
                    own.ask(request("PUT", f"{path}/{first}", body, ticket))

        count = piece_count(padded)
        shares = [range(n * MAX_PIECES, count, _IN_FLIGHT * MAX_PIECES) for n in range(_IN_FLIGHT)]
        with ThreadPoolExecutor(_IN_FLIGHT) as threads:
            list(threads.map(put, shares))
        connection.ask(request("POST", f"{path}/done", secrets.token_bytes(HASH_SIZE), ticket))
