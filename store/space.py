"""How much of the disk reports may take."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.errors import StorageFullError

# Left free for erasing (VACUUM and the log need room), for logs, and for the system itself.
DEFAULT_RESERVE: Final = 256 * 2**20
# Two hours of a phone's video.
DEFAULT_LARGEST_FILE: Final = 8 * 2**30
# Four of the largest files, half of a common stick, and 0.4 MB/s around the clock: more than an office can
# look through, and strangers need days to fill a disk.
DEFAULT_EVIDENCE_PER_DAY: Final = 32 * 2**30


@dataclass(frozen=True)
class Limits:
    """What an installation takes, in bytes. `reserve` stays free of its disk; evidence leaves twice that.

    `largest_file` is the size of one file before padding; `evidence_per_day` bounds what the whole server
    stores of files on one UTC day.
    """

    reserve: int = DEFAULT_RESERVE
    largest_file: int = DEFAULT_LARGEST_FILE
    evidence_per_day: int = DEFAULT_EVIDENCE_PER_DAY


DEFAULT_LIMITS: Final = Limits()


def room(folder: Path, reserve: int) -> int:
    """How many bytes may still be written if `reserve` bytes are to stay free; negative if they are not."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize - reserve


def has_inodes(folder: Path) -> bool:
    """Whether a tenth of the inodes is free: without any, nobody can make a file, however small."""
    found = os.statvfs(folder)
    # Some file systems have no such limit, and tell 0 of 0.
    return found.f_favail >= found.f_files // 10


def check_room(folder: Path, size: int, reserve: int) -> None:
    """StorageFullError unless `size` bytes fit and `reserve` bytes stay free."""
    if room(folder, reserve) < size:
        raise StorageFullError
