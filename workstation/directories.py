"""Reads signed key directories, each one once: checking one of a year's weeks takes tens of milliseconds, and
a command or a page reads its own several times."""

from functools import lru_cache

from crypto import directory
from crypto.directory import Directory


@lru_cache(maxsize=32)
def read(untrusted_document: bytes, root: bytes) -> Directory:
    """As `crypto.directory.read_directory`, with its errors; the answer is shared, and not to be changed."""
    return directory.read_directory(untrusted_document, root)


@lru_cache(maxsize=32)
def read_unpinned(untrusted_document: bytes) -> Directory:
    """The same, checked only against the root key that it names itself."""
    return read(untrusted_document, directory.root_of(untrusted_document))
