"""What a stranger on the line may see: no plaintext, and the same bytes wherever it is the same piece."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from crypto.binding import b64
from crypto.blob import chunk_count
from crypto.constants import CHUNK_SIZE, PIECE_SIZE
from crypto.padding import padme
from tests.uploads.worker import Sent

_WINDOW = 32
_STEP = 300_000
_HEADERS = {"content-type", "peluit-ticket"}


@dataclass
class Wire:
    """Everything that was ever sent, and what none of it may hold."""

    pieces: dict[tuple[str, int], bytes] = field(default_factory=dict)
    secrets: set[bytes] = field(default_factory=set)

    def hide(self, *secrets: bytes) -> None:
        self.secrets.update(secrets)

    def look_at(self, sent: Sent) -> None:
        words = sent.words
        assert not [secret for secret in self.secrets if secret in words]
        assert set(sent.headers) <= _HEADERS
        if sent.method == "PUT":
            blob, _, first = sent.path.rpartition("/")
            for index, at in enumerate(range(0, len(sent.body), PIECE_SIZE)):
                piece = sent.body[at : at + PIECE_SIZE]
                assert self.pieces.setdefault((blob, int(first) + index), piece) == piece


def traces(name: str, data: bytes) -> Iterator[bytes]:
    """What would give a file away: parts of it, its hashes, its name."""
    yield from (data[at : at + _WINDOW] for at in range(0, len(data) - _WINDOW, _STEP))
    padded = data + bytes(padme(len(data)) - len(data))
    ranges = (slice(n * CHUNK_SIZE, (n + 1) * CHUNK_SIZE) for n in range(chunk_count(len(padded))))
    chunks = [hashlib.sha256(padded[each]).digest() for each in ranges]
    for digest in (*chunks, hashlib.sha256(b"".join(chunks)).digest(), hashlib.sha256(data).digest()):
        yield from (digest, digest.hex().encode(), b64(digest).encode())
    if len(name) > 5:
        yield name[:40].encode()
