"""Open a backup of a server: its code on the station, its body on the new server (protocol section 16)."""

import io
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.constants import TAG_SIZE
from crypto.errors import CannotOpenError, CutShortError
from crypto.fields import OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from crypto.open.kem import unwrap
from crypto.server_backup import ASSOCIATED, SEALED_CHUNK_SIZE, Head, body_key, info, nonce


def open_code(head: Head, office: OfficeId, reviewer: ReviewerId, key: KemKeyPair) -> bytes:
    """The opening code, with the key of the epoch that the head names; CannotOpenError."""
    found = head.office(office)
    stanza = None if found is None else found.stanzas.get(reviewer)
    if found is None or stanza is None:
        raise CannotOpenError
    code = unwrap(key, info(head.instance, office, found.epoch, reviewer), stanza)
    body_key(code, head)
    return code


class Body(io.RawIOBase):
    """The body of a backup, to be read once from beginning to end; the file stands where it begins.

    CannotOpenError: it was changed. CutShortError: its end is missing. What was read to its end is whole.
    """

    def __init__(self, untrusted_file: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._file = untrusted_file
        self._cipher = AESGCM(key)
        self._number = 0
        self._next = self._file.read(SEALED_CHUNK_SIZE)
        self._left = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left and not self._ended:
            self._left = memoryview(self._chunk())
        piece = self._left[: len(buffer)]
        buffer[: len(piece)] = piece
        self._left = self._left[len(piece) :]
        return len(piece)

    def _chunk(self) -> bytes:
        present, self._next = self._next, self._file.read(SEALED_CHUNK_SIZE)
        last = not self._next
        if last and self._opens(present, last=False):
            raise CutShortError  # what stands at the end is no end
        if len(present) < TAG_SIZE:
            raise CutShortError
        try:
            chunk = self._cipher.decrypt(nonce(self._number, last), present, ASSOCIATED)
        except InvalidTag:
            raise CannotOpenError from None
        self._number += 1
        self._ended = last
        return chunk

    def _opens(self, chunk: bytes, last: bool) -> bool:
        try:
            self._cipher.decrypt(nonce(self._number, last), chunk, ASSOCIATED)
        except (InvalidTag, ValueError):
            return False
        return True
