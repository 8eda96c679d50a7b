"""Seal an evidence file, chunk by chunk (docs/protocol.md section 7)."""

import hashlib
from collections.abc import Iterator
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.blob import BlobId, associated_data, chunk_count, nonce
from crypto.constants import CHUNK_SIZE
from crypto.errors import MalformedError
from crypto.padding import padme


class Reading(Protocol):
    """A file, or whatever else gives so many bytes, and fewer only at its end."""

    def read(self, size: int, /) -> bytes: ...


class BlobSealer:
    """Seals one file of a known size; `chunks()` once, then `chunk_list_hash`."""

    def __init__(self, blob: BlobId, key: bytes, size: int) -> None:
        self.padded = padme(size)
        self._size = size
        self._cipher = AESGCM(key)
        self._bound = associated_data(blob)
        self._hashes = hashlib.sha256()

    def chunks(self, file: Reading) -> Iterator[bytes]:
        """The sealed chunks in order; MalformedError if the file has another size than was said."""
        count = chunk_count(self.padded)
        read = 0
        for number in range(count):
            plaintext = file.read(CHUNK_SIZE)
            read += len(plaintext)
            plaintext = plaintext.ljust(min(CHUNK_SIZE, self.padded - number * CHUNK_SIZE), b"\0")
            self._hashes.update(hashlib.sha256(plaintext).digest())
            yield self._cipher.encrypt(nonce(number, count), plaintext, self._bound)
        if read != self._size or file.read(1):
            raise MalformedError

    @property
    def chunk_list_hash(self) -> bytes:
        """SHA-256 over the SHA-256 of every plaintext chunk, padding included."""
        return self._hashes.digest()
