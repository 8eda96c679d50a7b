"""What is said on the broker's socket: one frame asks, one answers, on a connection for many of them.

    frame     length (4 bytes, big-endian) ‖ that many bytes
    question  verb (1 byte) ‖ for each of its fields: length (4 bytes) ‖ bytes
    answer    outcome (1 byte) ‖ count (4 bytes): how many things were erased, else 0

Every length has a bound, and every field a form: what does not fit is a MalformedError, after which nothing
more is read from that connection.
"""

import socket
from dataclasses import dataclass
from typing import Final

from crypto.blob import BlobId, blob_size, padded_size
from crypto.constants import DELETION_NUMBERS, HASH_SIZE, ID_SIZE, MAX_ITEM_SIZE
from crypto.errors import MalformedError
from crypto.fields import ChannelId, Day, OfficeId, day, identifier
from crypto.item import SealedItem, read_shape
from store import errors
from store.errors import StoreError

_LENGTH: Final = 4
_NUMBER: Final = 8
LONGEST: Final = MAX_ITEM_SIZE + 1_024
"""The longest frame: the largest item, with room for the short fields."""
ANSWER_SIZE: Final = 5

DONE: Final = 0
REFUSED: Final = 1
"""The question was malformed, or came from somebody who may not ask."""
ERRORS: Final[tuple[type[StoreError], ...]] = (
    errors.StoreError,
    errors.StorageFullError,
    errors.BusyError,
    errors.VanishedError,
    errors.ConflictError,
)
"""Outcomes from 2 on. What is not listed is told as StoreError."""
_FIRST_ERROR: Final = 2


@dataclass(frozen=True)
class AddItem:
    office: OfficeId
    channel: ChannelId
    on: Day
    deletion: bytes
    item: SealedItem


@dataclass(frozen=True)
class AddBlob:
    """`padded` is the padded size in bytes."""

    office: OfficeId
    blob: BlobId
    padded: int
    on: Day
    deletion: bytes


@dataclass(frozen=True)
class Erase:
    office: OfficeId
    deletions: frozenset[bytes]


@dataclass(frozen=True)
class Tidy:
    pass


Question = AddItem | AddBlob | Erase | Tidy


def ask(question: Question) -> bytes:
    """The question's bytes, without the frame."""
    match question:
        case AddItem(office, channel, on, deletion, item):
            return b"I" + _fields(office.encode(), channel.encode(), on.encode(), deletion, item)
        case AddBlob(office, blob, padded, on, deletion):
            return b"B" + _fields(office.encode(), blob, padded.to_bytes(_NUMBER), on.encode(), deletion)
        case Erase(office, deletions):
            return b"E" + _fields(office.encode(), b"".join(sorted(deletions)))
        case Tidy():
            return b"T"


def read_question(untrusted_data: bytes) -> Question:
    """The question in a frame; any ProtocolError."""
    untrusted_fields = _split(untrusted_data[1:])
    match untrusted_data[:1], untrusted_fields:
        case b"I", [office, channel, on, deletion, item]:
            read_shape(item)
            channel_id = ChannelId(_id(channel))
            return AddItem(_office(office), channel_id, _day(on), _hash(deletion), SealedItem(item))
        case b"B", [office, blob, padded, on, deletion]:
            return AddBlob(_office(office), _blob(blob), _padded(padded), _day(on), _hash(deletion))
        case b"E", [office, deletions]:
            return Erase(_office(office), _hashes(deletions))
        case b"T", []:
            return Tidy()
    raise MalformedError


def answer(error: StoreError | None = None, count: int = 0) -> bytes:
    """The answer's bytes: done, or what went wrong."""
    if error is None:
        return bytes([DONE]) + count.to_bytes(_LENGTH)
    kind = type(error) if type(error) in ERRORS else StoreError
    return bytes([_FIRST_ERROR + ERRORS.index(kind)]) + bytes(_LENGTH)


REFUSAL: Final = bytes([REFUSED]) + bytes(_LENGTH)


def read_answer(data: bytes) -> int:
    """The count in an answer; the StoreError that it tells of, ForbiddenError if the question was refused."""
    if len(data) != ANSWER_SIZE or data[0] >= _FIRST_ERROR + len(ERRORS):
        raise errors.BrokerAwayError
    if data[0] == REFUSED:
        raise errors.ForbiddenError
    if data[0] != DONE:
        raise ERRORS[data[0] - _FIRST_ERROR]
    return int.from_bytes(data[1:])


def send(connection: socket.socket, data: bytes) -> None:
    """Sends a frame; OSError."""
    connection.sendall(len(data).to_bytes(_LENGTH) + data)


def receive(connection: socket.socket, longest: int = LONGEST) -> bytes | None:
    """The next frame; None if the other side is done. MalformedError if too long or cut off, OSError."""
    head = _read(connection, _LENGTH)
    if not head:
        return None
    size = int.from_bytes(head)
    if len(head) < _LENGTH or not 0 < size <= longest:
        raise MalformedError
    untrusted_data = _read(connection, size)
    if len(untrusted_data) < size:
        raise MalformedError
    return untrusted_data


def _read(connection: socket.socket, size: int) -> bytes:
    data = connection.recv(size, socket.MSG_WAITALL)
    while data and len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


def _fields(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(_LENGTH) + field for field in fields)


def _split(untrusted_data: bytes) -> list[bytes]:
    fields, at = [], 0
    while at < len(untrusted_data):
        begin = at + _LENGTH
        at = begin + int.from_bytes(untrusted_data[at:begin])
        if begin > len(untrusted_data) or at > len(untrusted_data):
            raise MalformedError
        fields.append(untrusted_data[begin:at])
    return fields


def _text(untrusted_field: bytes) -> str:
    try:
        return untrusted_field.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedError from None


def _id(untrusted_field: bytes) -> str:
    return identifier(_text(untrusted_field))


def _office(untrusted_field: bytes) -> OfficeId:
    return OfficeId(_id(untrusted_field))


def _day(untrusted_field: bytes) -> Day:
    return day(_text(untrusted_field))


def _sized(untrusted_field: bytes, size: int) -> bytes:
    if len(untrusted_field) != size:
        raise MalformedError
    return untrusted_field


def _hash(untrusted_field: bytes) -> bytes:
    return _sized(untrusted_field, HASH_SIZE)


def _blob(untrusted_field: bytes) -> BlobId:
    return BlobId(_sized(untrusted_field, ID_SIZE))


def _padded(untrusted_field: bytes) -> int:
    padded = int.from_bytes(_sized(untrusted_field, _NUMBER))
    if not 0 < padded < 2**53 or padded_size(blob_size(padded)) != padded:
        raise MalformedError
    return padded


def _hashes(untrusted_field: bytes) -> frozenset[bytes]:
    count, rest = divmod(len(untrusted_field), HASH_SIZE)
    if rest or not 0 < count <= DELETION_NUMBERS:
        raise MalformedError
    return frozenset(untrusted_field[at : at + HASH_SIZE] for at in range(0, len(untrusted_field), HASH_SIZE))
