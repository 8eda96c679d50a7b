"""A visit to the board, and the replies that a codename opens."""

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.board import read_index
from crypto.codename import ReporterKeys
from crypto.constants import PAGE_SLOTS, SLOT_SIZE
from crypto.directory import Slice
from crypto.errors import ProtocolError
from crypto.fields import Day, ReviewerId
from crypto.hints import is_mine
from crypto.open.reply import open_reply
from crypto.reply import ReplyPart
from source_app.noscript.services import Board
from store.errors import NoSuchPageError


@dataclass(frozen=True)
class Reply:
    """A reply whose parts were joined; `complete` if all of them are on the board."""

    number: int
    reviewer: ReviewerId
    day: Day
    status: str | None
    text: str
    complete: bool


def visit(board: Board, keys: ReporterKeys, found: Slice) -> list[Reply]:
    """This office's replies to this codename, in their order; NoSuchPageError before the first board."""
    try:
        slots = _slots(board, keys)
    except NoSuchPageError:
        # It was published anew twice since the index was read: begin again, once.
        slots = _slots(board, keys)
    return join(part for slot in slots if (part := _opened(slot, keys, found)) is not None)


def join(parts: Iterable[ReplyPart]) -> list[Reply]:
    """The parts that are there, put together; what does not belong together stays apart."""
    groups: dict[tuple[object, ...], dict[int, ReplyPart]] = {}
    for part in parts:
        group = (part.number, part.reviewer, part.parts, part.day, part.status)
        groups.setdefault(group, {}).setdefault(part.part, part)
    replies = []
    for found in groups.values():
        first = next(iter(found.values()))
        text = "".join(found[number].text for number in sorted(found))
        replies.append(
            Reply(first.number, first.reviewer, first.day, first.status, text, len(found) == first.parts)
        )
    return sorted(replies, key=lambda reply: reply.number)


def _slots(board: Board, keys: ReporterKeys) -> list[bytes]:
    version, hints = read_index(board.index())
    mine = [number for number, hint in enumerate(hints) if is_mine(keys.hint, hint)]
    pages = {page: board.page(version.hex(), page) for page in {slot // PAGE_SLOTS for slot in mine}}
    return [
        pages[slot // PAGE_SLOTS][(at := slot % PAGE_SLOTS * SLOT_SIZE) : at + SLOT_SIZE] for slot in mine
    ]


def _opened(slot: bytes, keys: ReporterKeys, found: Slice) -> ReplyPart | None:
    """A slot that is not from a reviewer of this office to this thread is not shown, and hides no others."""
    office = found.office
    reviewers = {reviewer.id: reviewer.sign for reviewer in office.reviewers}
    try:
        return open_reply(slot, keys, office.instance, office.id, reviewers)
    except ProtocolError:
        return None
