"""The dated record of a whole run: one line about the machine, then the lines that were printed."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bench.figures import median

_FOLDER = Path(__file__).parent / "results"
_FLUSHES = 30


def machine() -> str:
    """What the figures depend on, as one JSON object. Nothing that names the machine."""
    processor = next(
        (line.partition(": ")[2] for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    return json.dumps(
        {
            "machine": {
                "cores": os.cpu_count(),
                "cpu": processor,
                "python": platform.python_version(),
                "kernel": platform.release(),
                "flush_ms": round(_flush_seconds() * 1000, 2),
                "load": round(os.getloadavg()[0], 2),
            }
        }
    )


@contextmanager
def today() -> Iterator[TextIO]:
    """The record of the day, in place of an earlier one, once the block has ended well."""
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / f"{datetime.now(UTC).date().isoformat()}.jsonl"
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("w") as record:
            record.write(machine() + "\n")
            yield record
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _flush_seconds() -> float:
    """How long the disk takes to make 4 KiB durable: what many reporters at once wait for."""
    seconds = []
    with tempfile.TemporaryFile(dir="/var/tmp") as file:
        for _ in range(_FLUSHES):
            file.write(bytes(4096))
            file.flush()
            begin = time.perf_counter()
            os.fsync(file.fileno())
            seconds.append(time.perf_counter() - begin)
    return median(seconds)
