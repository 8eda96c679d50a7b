"""Open an evidence blob, chunk by chunk (docs/protocol.md section 7)."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.blob import BlobId, associated_data, chunk_count, chunk_size, nonce
from crypto.constants import CHUNK_SIZE, TAG_SIZE
from crypto.errors import CannotOpenError, MalformedError, WrongChecksumError
from crypto.message import Evidence
from crypto.padding import padme

SEALED_CHUNK_SIZE: Final = CHUNK_SIZE + TAG_SIZE
_ZEROS: Final = bytes(CHUNK_SIZE)


class BlobOpener:
    """Opens the chunks of one blob in any order; several threads may use it at once.

    A chunk is right when `open` and `check_padding` pass. The file is right when every chunk is, nothing
    comes after the last, and `check_list` passes for the SHA-256 over the SHA-256 of each chunk in order.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.padded = padme(evidence.size)
        self.count = chunk_count(self.padded)
        self._size = evidence.size
        self._list = evidence.chunks
        self._cipher = AESGCM(evidence.key)
        self._bound = associated_data(BlobId(evidence.blob))

    def sealed_size(self, number: int) -> int:
        """The bytes of a chunk in the blob, its tag included; it begins at `number * SEALED_CHUNK_SIZE`."""
        return chunk_size(self.padded, number)

    def content_size(self, number: int) -> int:
        """The bytes of a chunk that belong to the file; what follows them is padding."""
        return max(0, min(CHUNK_SIZE, self._size - number * CHUNK_SIZE))

    def open(self, number: int, untrusted_chunk: memoryview, plaintext: memoryview) -> None:
        """Opens a chunk into a buffer that has exactly TAG_SIZE bytes less, padding included.

        CannotOpenError if it was changed, cut short or comes from another place; what is in the buffer then
        must not be used.
        """
        if len(untrusted_chunk) != self.sealed_size(number):
            raise CannotOpenError
        try:
            self._cipher.decrypt_into(nonce(number, self.count), untrusted_chunk, self._bound, plaintext)
        except InvalidTag:
            raise CannotOpenError from None

    def check_padding(self, number: int, plaintext: memoryview) -> None:
        """MalformedError if something else than zeros follows the content of an opened chunk."""
        if not _ZEROS.startswith(plaintext[self.content_size(number) :]):
            raise MalformedError

    def check_list(self, digest: bytes) -> None:
        """WrongChecksumError if the chunks are not those that the message names."""
        if not hmac.compare_digest(digest, self._list):
            raise WrongChecksumError


def open_blob(evidence: Evidence, untrusted_file: BinaryIO) -> Iterator[bytes]:
    """The file in pieces of at most 1 MiB, in order: the protocol's plain reading, which the vectors run.

    (The station opens chunks on all cores and goes on after a fault: workstation/unsealing.py.) Only when the
    iterator has ended without an error is the whole of it right: CannotOpenError (changed, swapped,
    truncated), MalformedError (padding, trailing bytes), WrongChecksumError (chunk list).
    """
    opener = BlobOpener(evidence)
    hashes = hashlib.sha256()
    for number in range(opener.count):
        untrusted_chunk = untrusted_file.read(opener.sealed_size(number))
        plaintext = bytearray(opener.sealed_size(number) - TAG_SIZE)
        opener.open(number, memoryview(untrusted_chunk), memoryview(plaintext))
        opener.check_padding(number, memoryview(plaintext))
        hashes.update(hashlib.sha256(plaintext).digest())
        yield bytes(plaintext[: opener.content_size(number)])
    if untrusted_file.read(1):
        raise MalformedError
    opener.check_list(hashes.digest())
