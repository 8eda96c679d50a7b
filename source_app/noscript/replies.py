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
from crypto.names import Names
from crypto.open.reply import open_reply
from crypto.reply import OpenedReply
from source_app.noscript.services import Board
from store.errors import NoSuchPageError


@dataclass(frozen=True)
class Reply:
    """A reply whose parts were joined; `complete` if all of them are on the board.

    `other` names the office that wrote it under a grant, None if it is the one that is visited.
    """

    number: int
    reviewer: ReviewerId
    day: Day
    status: str | None
    text: str
    complete: bool
    other: Names | None


def visit(board: Board, keys: ReporterKeys, found: Slice) -> list[Reply]:
    """This office's replies to this codename, in their order; NoSuchPageError before the first board."""
    try:
        slots = _slots(board, keys)
    except NoSuchPageError:
        # It was published anew twice since the index was read: begin again, once.
        slots = _slots(board, keys)
    return join(part for slot in slots if (part := _opened(slot, keys, found)) is not None)


def join(opened: Iterable[OpenedReply]) -> list[Reply]:
    """The parts that are there, put together; what does not belong together stays apart.

    The visited office's own replies by number, then those of other offices, which count for themselves.
    """
    groups: dict[tuple[str | None, ...], dict[int, OpenedReply]] = {}
    for one in opened:
        part = one.part
        about = (part.reviewer, str(part.parts), part.day, part.status)
        groups.setdefault((*_place(one), *about), {}).setdefault(part.part, one)
    return [_joined(found) for found in sorted(groups.values(), key=lambda found: _place(found[min(found)]))]


def _place(one: OpenedReply) -> tuple[str, str, str]:
    return ("" if one.grant is None else one.part.office, one.part.grant.hex(), f"{one.part.number:010}")


def _joined(found: dict[int, OpenedReply]) -> Reply:
    first = found[min(found)]
    part = first.part
    return Reply(
        number=part.number,
        reviewer=part.reviewer,
        day=part.day,
        status=part.status,
        text="".join(found[number].part.text for number in sorted(found)),
        complete=len(found) == part.parts,
        other=None if first.grant is None else first.grant.names,
    )


def _slots(board: Board, keys: ReporterKeys) -> list[bytes]:
    version, hints = read_index(board.index())
    mine = [number for number, hint in enumerate(hints) if is_mine(keys.hint, hint)]
    pages = {page: board.page(version.hex(), page) for page in {slot // PAGE_SLOTS for slot in mine}}
    return [
        pages[slot // PAGE_SLOTS][(at := slot % PAGE_SLOTS * SLOT_SIZE) : at + SLOT_SIZE] for slot in mine
    ]


def _opened(slot: bytes, keys: ReporterKeys, found: Slice) -> OpenedReply | None:
    """A slot that neither this office nor one with its grant wrote to this thread is not shown, and hides no
    others."""
    office = found.office
    reviewers = {reviewer.id: reviewer.sign for reviewer in office.reviewers}
    try:
        return open_reply(slot, keys, office.instance, office.id, reviewers)
    except ProtocolError:
        return None
