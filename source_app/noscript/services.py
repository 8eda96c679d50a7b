"""What the door works with: each of them asks the source application (docs/protocol.md section 11)."""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from crypto.binding import b64
from crypto.errors import MalformedError
from crypto.fields import ChannelId, Fields, OfficeId
from crypto.item import SealedItem
from hardening.limits import BadJsonError, read_json
from source_app.answers import JSON
from source_app.noscript.source import Source
from store import site
from store.errors import StoreError
from store.incoming import Upload
from store.site import Site


@dataclass(frozen=True)
class Directories:
    source: Source

    def slice(self, office: str) -> bytes:
        """This week's signed slice; NoDirectoryError, NoSuchOfficeError."""
        return self.source.ask("GET", f"/api/directory/{office}")


@dataclass(frozen=True)
class Board:
    source: Source

    def index(self) -> bytes:
        """NoSuchPageError before the first publication."""
        return self.source.ask("GET", "/board/index")

    def page(self, version: str, number: int) -> bytes:
        """NoSuchPageError if the board was published anew twice since."""
        return self.source.ask("GET", f"/board/{version}/{number}")


@dataclass(frozen=True)
class Inbox:
    source: Source

    def add_item(self, office: OfficeId, channel: ChannelId, deletion: bytes, item: SealedItem) -> None:
        """Stores a sealed item, durably; `deletion` is the hash of its deletion token. Any StoreError."""
        self.source.ask("POST", f"/api/item/{office}/{channel}", deletion + item)

    def erase(self, office: OfficeId, tokens: Iterable[bytes]) -> int:
        """Erases what carries the hash of one of a day's tokens; how many did. Any StoreError."""
        shuffled = list(tokens)
        secrets.SystemRandom().shuffle(shuffled)
        answer = self.source.ask("POST", f"/api/deletion/{office}", b"".join(shuffled))
        return _fields(answer).integer("erased", 0, len(shuffled))


class Uploads:
    """Blobs on their way; each begins with `check_room`, and ends with `finish` or `drop`. Any StoreError."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tickets: dict[Upload, str] = {}

    def check_room(self, upload: Upload) -> None:
        """TextOnlyError unless there is room for it."""
        asked = {"blob": b64(upload.blob), "office": upload.office, "size": upload.padded}
        answer = self._source.ask("POST", "/api/ticket", json.dumps(asked).encode(), JSON)
        self._tickets[upload] = _fields(answer).text("ticket")

    def put(self, upload: Upload, first: int, read: Callable[[int], bytes], length: int) -> None:
        """Stores the pieces from `first` on."""
        path = f"{_path(upload)}/{first}"
        self._source.ask("PUT", path, read(length), ticket=self._tickets[upload])

    def finish(self, upload: Upload, deletion: bytes) -> None:
        """Makes it complete, durably; `deletion` is the hash of its deletion token."""
        self._source.ask("POST", f"{_path(upload)}/done", deletion, ticket=self._tickets[upload])
        del self._tickets[upload]

    def drop(self, upload: Upload) -> None:
        """Removes what is there of it."""
        ticket = self._tickets.pop(upload, None)
        if ticket is not None:
            self._source.ask("DELETE", _path(upload), ticket=ticket)


class Services:
    """`largest_file` in bytes is the door's own limit; the source application's goes as well."""

    def __init__(self, source: Source, largest_file: int) -> None:
        self._source = source
        self.largest_file = largest_file
        self.directories = Directories(source)
        self.board = Board(source)
        self.inbox = Inbox(source)
        self.uploads = Uploads(source)

    @cached_property
    def site(self) -> Site:
        """Written once, and so asked for once."""
        return site.parse(self._source.ask("GET", "/site.json"))

    def file(self, address: str) -> bytes:
        """One of the source application's own files; Refusal if it has none of that name."""
        return self._source.ask("GET", address)


def _path(upload: Upload) -> str:
    return f"/api/blob/{upload.office}/{upload.blob.hex()}/{upload.padded}"


def _fields(answer: bytes) -> Fields:
    try:
        return Fields(read_json(answer))
    except (BadJsonError, MalformedError):
        raise StoreError from None
