"""Stores what a sealed file holds while it comes in, as the API would: bounded memory, nothing spooled.

What has come whole stays when the rest does not: the text, the pieces of a file (store/uploads.py), a file
with its item. The same file again, through either door, goes on from there: what is here is read past.
"""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from crypto import calendar
from crypto.blob import piece_count, run_size
from crypto.constants import MAX_PIECES, PIECE_SIZE, SEALED_START
from crypto.errors import MalformedError, ProtocolError, WrongContextError
from crypto.fields import OfficeId
from crypto.item import SealedItem
from crypto.padding import padme
from crypto.sealed_file import BlobEntry, ItemEntry, SealedHead, head_length, read_head
from source_app.answers import Refusal
from source_app.noscript.services import Services
from store.errors import CompleteError
from store.incoming import Upload

Read = Callable[[int], bytes]
"""So many bytes, or an error."""


def read_start(services: Services, untrusted_read: Read, size: int) -> SealedHead:
    """The head of a sealed file of `size` bytes in all, for an office of this site.

    Refusal: `not-sealed`, `sealed-damaged`, `sealed-elsewhere`, `no-such-office`.
    """
    try:
        length = head_length(untrusted_read(min(SEALED_START, size)))
    except MalformedError:
        raise _refusal("not-sealed") from None
    try:
        head = read_head(untrusted_read(min(length, size - SEALED_START)), services.site.instance)
    except WrongContextError:
        raise _refusal("sealed-elsewhere") from None
    except ProtocolError:
        raise _refusal("sealed-damaged") from None
    if SEALED_START + length + sum(entry.length for entry in head.entries) != size:
        raise _refusal("sealed-damaged")
    if services.site.office(head.office) is None:
        raise _refusal("no-such-office")
    return head


def store(services: Services, head: SealedHead, untrusted_read: Read, largest: int) -> None:
    """Stores the entries, in their order; no file in it may be larger than `largest` bytes before padding.

    Refusal: `no-such-channel`, `bad-item`, `too-large`. Any StoreError; whatever reading raises.
    """
    for entry in head.entries:
        if isinstance(entry, ItemEntry):
            _store_item(services, head.office, entry, untrusted_read)
        elif entry.size > padme(largest):
            raise _refusal("too-large")
        else:
            _store_blob(services, head.office, entry, untrusted_read)


def _store_item(services: Services, office: OfficeId, entry: ItemEntry, untrusted_read: Read) -> None:
    item = SealedItem(untrusted_read(entry.size))
    services.inbox.add_item(office, entry.channel, entry.token_hash, item)


def _store_blob(services: Services, office: OfficeId, entry: BlobEntry, untrusted_read: Read) -> None:
    uploads = services.uploads
    upload = Upload(office, entry.blob, entry.size, calendar.today())
    uploads.check_room(upload)
    for first in range(0, piece_count(entry.size), MAX_PIECES):
        run = _Run(untrusted_read, run_size(entry.size, first, MAX_PIECES))
        with suppress(CompleteError):
            uploads.put(upload, first, run.read, run.left)
        run.pass_over()
    uploads.finish(upload, entry.token_hash)


class _Run:
    """Pieces in a row. The store does not read those that it has."""

    def __init__(self, untrusted_read: Read, size: int) -> None:
        self.left = size
        self._read = untrusted_read

    def read(self, size: int) -> bytes:
        data = self._read(min(size, self.left))
        self.left -= len(data)
        return data

    def pass_over(self) -> None:
        """Reads what is left of it."""
        while self.left:
            self.read(PIECE_SIZE)


def _refusal(code: str) -> Refusal:
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, code)
