"""Open an evidence blob, chunk by chunk (docs/protocol.md section 7)."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.blob import BlobId, associated_data, chunk_count, chunk_size, nonce
from crypto.constants import CHUNK_SIZE
from crypto.errors import CannotOpenError, MalformedError, WrongChecksumError
from crypto.message import Evidence
from crypto.padding import padme


def open_blob(evidence: Evidence, untrusted_file: BinaryIO) -> Iterator[bytes]:
    """The plaintext of a blob in pieces of at most 1 MiB, padding removed.

    Only when the iterator has ended without an error is the whole of it right: CannotOpenError (changed,
    swapped, truncated), MalformedError (padding, trailing bytes), WrongChecksumError (chunk list).
    """
    padded = padme(evidence.size)
    count = chunk_count(padded)
    cipher = AESGCM(evidence.key)
    bound = associated_data(BlobId(evidence.blob))
    hashes = hashlib.sha256()
    left = evidence.size
    for number in range(count):
        expected = chunk_size(padded, number)
        untrusted_chunk = untrusted_file.read(expected)
        if len(untrusted_chunk) != expected:
            raise CannotOpenError
        try:
            plaintext = cipher.decrypt(nonce(number, count), untrusted_chunk, bound)
        except InvalidTag:
            raise CannotOpenError from None
        hashes.update(hashlib.sha256(plaintext).digest())
        if plaintext.count(0, left) != max(0, len(plaintext) - left):
            raise MalformedError
        yield plaintext[:left]
        left -= min(left, CHUNK_SIZE)
    if untrusted_file.read(1):
        raise MalformedError
    if not hmac.compare_digest(hashes.digest(), evidence.chunks):
        raise WrongChecksumError
