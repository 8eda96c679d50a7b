"""How much of the disk reports may take."""

import os
from pathlib import Path
from typing import Final

from store.errors import StorageFullError

# Left free for erasing (VACUUM and the log need room), for logs, and for the system itself.
DEFAULT_RESERVE: Final = 256 * 2**20


def check_room(folder: Path, size: int, reserve: int) -> None:
    """StorageFullError unless `size` bytes fit and `reserve` bytes stay free."""
    found = os.statvfs(folder)
    if found.f_bavail * found.f_frsize - reserve < size:
        raise StorageFullError
