"""A file in memory that nobody else can see: decrypted evidence on its way into the sandbox."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """The descriptor of a memfd, and how many bytes it holds."""

    descriptor: int
    size: int

    def read(self, at: int, size: int) -> bytes:
        """Up to so many of its bytes."""
        return os.pread(self.descriptor, size, at)
