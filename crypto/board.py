"""The public board's files (docs/protocol.md section 8.3)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.constants import BOARD_HEADER_SIZE, BOARD_TYPE, HINT_SIZE, MAGIC, PAGE_SLOTS, SLOT_SIZE, VERSION
from crypto.errors import MalformedError, WrongVersionError


@dataclass(frozen=True)
class Slot:
    """One reply or dummy; nobody but the reporter it is for can tell which."""

    hint: bytes
    body: bytes = field(repr=False)


def read_slots(untrusted_data: bytes) -> tuple[Slot, ...]:
    """The slots of an outbound bundle; MalformedError unless they fill whole pages."""
    size = HINT_SIZE + SLOT_SIZE
    if len(untrusted_data) % (size * PAGE_SLOTS):
        raise MalformedError
    cuts = [untrusted_data[i : i + size] for i in range(0, len(untrusted_data), size)]
    return tuple(Slot(cut[:HINT_SIZE], cut[HINT_SIZE:]) for cut in cuts)


def write_slots(slots: Sequence[Slot]) -> bytes:
    """The `slots` entry of an outbound bundle."""
    return b"".join(slot.hint + slot.body for slot in slots)


def version_of(hints: bytes) -> bytes:
    """The 16-byte name of a publication with these hints."""
    return hashlib.sha256(hints).digest()[:16]


def index(slots: Sequence[Slot]) -> bytes:
    """The index file of a publication, in the given order."""
    if not slots or len(slots) % PAGE_SLOTS:
        raise MalformedError
    hints = b"".join(slot.hint for slot in slots)
    head = MAGIC + bytes([BOARD_TYPE, VERSION]) + version_of(hints) + len(slots).to_bytes(4)
    return head + hints


def pages(slots: Sequence[Slot]) -> tuple[bytes, ...]:
    """The page files of a publication."""
    return tuple(
        b"".join(slot.body for slot in slots[i : i + PAGE_SLOTS]) for i in range(0, len(slots), PAGE_SLOTS)
    )


def read_index(untrusted_index: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """(version, hints) of an index file; MalformedError, WrongVersionError."""
    if untrusted_index[:7] != MAGIC + bytes([BOARD_TYPE]) or len(untrusted_index) < BOARD_HEADER_SIZE:
        raise MalformedError
    if untrusted_index[7] != VERSION:
        raise WrongVersionError
    version, count = untrusted_index[8:24], int.from_bytes(untrusted_index[24:28])
    hints = untrusted_index[BOARD_HEADER_SIZE:]
    if not count or count % PAGE_SLOTS or len(hints) != count * HINT_SIZE or version_of(hints) != version:
        raise MalformedError
    return version, tuple(hints[i : i + HINT_SIZE] for i in range(0, len(hints), HINT_SIZE))
