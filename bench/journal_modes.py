"""Durable inserts a second for each journal mode: two processes, item-sized rows, a file lock as queue.

`python bench/journal_modes.py [folder]`: one JSON line for each mode and run; store/database.py chose.
"""

import fcntl
import json
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from sqlcipher3 import dbapi2

ROWS, SIZE, RUNS = 400, 11_800, 3
KEY = secrets.token_hex(32)


def connect(path: Path, mode: str) -> dbapi2.Connection:
    connection = dbapi2.connect(str(path), isolation_level=None)
    for pragma in (
        f"key = \"x'{KEY}'\"",
        f"journal_mode = {mode}",
        "synchronous = FULL",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def insert(path: Path, mode: str) -> None:
    connection = connect(path, mode)
    lock = os.open(path.with_suffix(".queue"), os.O_RDWR | os.O_CREAT)
    for _ in range(ROWS):
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO item VALUES (?, ?)", (os.urandom(16), os.urandom(SIZE)))
        connection.execute("COMMIT")
        fcntl.flock(lock, fcntl.LOCK_UN)


def measure(folder: Path, mode: str) -> float:
    path = folder / f"{secrets.token_hex(8)}.db"
    connect(path, mode).execute("CREATE TABLE item (id BLOB PRIMARY KEY, body BLOB) WITHOUT ROWID")
    begin = time.perf_counter()
    processes = [multiprocessing.Process(target=insert, args=(path, mode)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return 2 * ROWS / (time.perf_counter() - begin)


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        for _ in range(RUNS):
            for mode in ("WAL", "TRUNCATE", "DELETE", "PERSIST"):
                rate = round(measure(Path(folder), mode))
                print(json.dumps({"name": f"journal {mode}", "value": rate, "unit": "inserts/s"}))


if __name__ == "__main__":
    main()
