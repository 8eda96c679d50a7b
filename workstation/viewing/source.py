"""A file in memory that nobody else can see: decrypted evidence on its way into the sandbox."""

import os
from dataclasses import dataclass

from workstation.progress import SILENT, Progress


@dataclass(frozen=True)
class Source:
    """The descriptor of a memfd, how many bytes it holds, and who may stop the work on it."""

    descriptor: int
    size: int
    progress: Progress = SILENT

    def read(self, at: int, size: int) -> bytes:
        """Up to so many of its bytes."""
        return os.pread(self.descriptor, size, at)
