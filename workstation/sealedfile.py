"""One file sealed as a stream, whatever its size, to whoever holds a key pair.

```
sealed file = "peluit" ‖ "B" ‖ 0x01 ‖ wrapped (1168) ‖ secretstream
wrapped     = hpke(public key, bind("vault", "backup"), file key)
```

libsodium's secretstream (XChaCha20-Poly1305) in messages of 1 MiB, each with 17 bytes more; the last, shorter
or empty, is tagged as final: what is cut off, swapped or changed does not open.
"""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.binding import bind
from crypto.constants import HPKE_OVERHEAD, MAGIC
from crypto.errors import CannotOpenError
from crypto.kem import RecipientKey, wrap
from crypto.keypairs import KemKeyPair
from crypto.open.kem import unwrap
from workstation.errors import BackupDamagedError, NotABackupError, OtherSharesError

_HEAD: Final = MAGIC + b"B\x01"
_WRAPPED_SIZE: Final = HPKE_OVERHEAD + 32
_PIECE: Final = 2**20
_INFO: Final = bind("vault", b"backup")
_HEADER_SIZE: Final = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_OVERHEAD: Final = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


def seal(recipient: RecipientKey, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed file, piece by piece; holds a few MiB."""
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    yield _HEAD + wrap(recipient, _INFO, key) + header
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= _PIECE:
            message = bytes(waiting[:_PIECE])
            del waiting[:_PIECE]
            yield bindings.crypto_secretstream_xchacha20poly1305_push(state, message, tag=_MESSAGE)
    yield bindings.crypto_secretstream_xchacha20poly1305_push(state, bytes(waiting), tag=_FINAL)


class Opened(io.RawIOBase):
    """The contents of a sealed file, to be read once from beginning to end.

    NotABackupError, OtherSharesError if the key does not fit, BackupDamagedError.
    """

    def __init__(self, untrusted_file: BinaryIO, key: KemKeyPair) -> None:
        self._file = untrusted_file
        size = len(_HEAD) + _WRAPPED_SIZE + _HEADER_SIZE
        head = self._take(size)
        if len(head) != size or not head.startswith(_HEAD):
            raise NotABackupError
        try:
            file_key = unwrap(key, _INFO, head[len(_HEAD) : -_HEADER_SIZE])
        except CannotOpenError:
            raise OtherSharesError from None
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, head[-_HEADER_SIZE:], file_key)
        self._plain, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._plain and not self._ended:
            self._pull()
        size = min(len(buffer), len(self._plain))
        buffer[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def finish(self) -> None:
        """Reads to the end; BackupDamagedError if something follows it."""
        while not self._ended:
            self._pull()
        if self._file.read(1):
            raise BackupDamagedError

    def _pull(self) -> None:
        sealed = self._take(_PIECE + _OVERHEAD)
        try:
            self._plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed)
        except CryptoError:
            raise BackupDamagedError from None
        self._ended = tag == _FINAL

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (more := self._file.read(size - len(data))):
            data += more
        return data
