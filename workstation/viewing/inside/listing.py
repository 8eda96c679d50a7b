"""Lists an archive, one line for each entry, and unpacks nothing: `python3 listing.py FILE`.

A line is `SIZE<tab>NAME`, where NAME is as Python's `repr` writes it: no entry can write a line of its own.
What would take too long, or is too much, ends with the line `…`.
"""

import signal
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from types import FrameType

_MOST = 5_000
_SECONDS = 5


def entries(path: str) -> Iterator[tuple[int, str]]:
    """Size in bytes and name of each entry, in order."""
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                yield info.file_size, info.filename
        return
    with tarfile.open(path, "r|*") as tar:
        for member in tar:
            kind = "" if member.isfile() else "/" if member.isdir() else f" -> {member.linkname}"
            yield member.size, member.name + kind


def main(path: str) -> None:
    """Writes the list to standard output."""
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(_SECONDS)
    try:
        for count, (size, name) in enumerate(islice(entries(path), _MOST + 1)):
            if count == _MOST:
                raise TimeoutError
            print(f"{size}\t{name[:1000]!r}", flush=True)  # noqa: T201
    except TimeoutError:
        print("…")  # noqa: T201


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main(sys.argv[1])
