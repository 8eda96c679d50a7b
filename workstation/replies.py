"""Write a reply: signed by its author and sealed to the codename at once, queued for the next bundle.

In a case that another office passed on with the right to reply (dispositions/granting.py), the reply goes
to the thread that the reporter has with that office, signed with the key of the grant.

Because the slots are sealed when the reply is written, any reviewer can carry them out later, also one who
must not read the case.
"""

import secrets
from dataclasses import dataclass, replace

from nacl.signing import SigningKey

from crypto.board import write_slots
from crypto.constants import ID_SIZE, MAX_REPLY_PARTS
from crypto.disposition import ReplyRight
from crypto.errors import ProtocolError
from crypto.fields import Day
from crypto.message import Thread
from crypto.reply import ReplyPart, cut
from crypto.seal.reply import seal_reply
from workstation import caselog, cases, replybody, searching
from workstation.cases import Case
from workstation.dispositions import granting
from workstation.errors import (
    EmptyReplyError,
    NoReplyKeyError,
    NoWayBackError,
    ReplyTextError,
    ReplyTooLongError,
)
from workstation.offices.office_errors import NoRightToReplyError
from workstation.replybody import ReplyBody
from workstation.station import Station


def reply(station: Station, case: Case, text: str, on: Day) -> ReplyBody:
    """Stores and queues a reply. A status comes only from moving the case (casework/moving.py).

    EmptyReplyError, ReplyTextError, ReplyTooLongError, NoReplyKeyError, NoWayBackError, NoRightToReplyError,
    GrantEndedError.
    """
    with station.vault.transaction():
        return write(station, case, text, None, on)[1]


def check(station: Station, case: Case, text: str) -> None:
    """NoWayBackError, NoRightToReplyError, ReplyTextError, ReplyTooLongError unless the text can be sent."""
    _parts(station, case, _hand(station, case), text.strip(), None, case.head.first)


def possible(station: Station, case: Case) -> bool:
    """Whether a reply can be written at all."""
    return case.head.way_back or granting.right_of(station, case) is not None


@dataclass(frozen=True)
class _Hand:
    """With what a reply is sealed and signed: the case's own thread and the reviewer's key, or those of the
    right that another office gave us."""

    thread: Thread
    key: SigningKey
    right: ReplyRight | None = None


def _hand(station: Station, case: Case) -> _Hand:
    right = granting.right_of(station, case)
    if right is not None:
        return _Hand(right.thread, SigningKey(right.seed), right)
    if case.head.arrival == "office":
        raise NoRightToReplyError
    if not case.head.way_back:
        raise NoWayBackError
    return _Hand(case.head.thread, station.keys.sign)


def write(station: Station, case: Case, text: str, status: str | None, on: Day) -> tuple[Case, ReplyBody]:
    """The same inside a transaction of the caller; `status`, one of the protocol's, may stand alone. Only
    words are an answer."""
    hand = _hand(station, case)
    if hand.right is not None:
        granting.check_day(hand.right, on)
        status = None
    text = text.strip()
    if not text and status is None:
        raise EmptyReplyError
    parts = _parts(station, case, hand, text, status, on)
    try:
        slots = [seal_reply(part, hand.thread, hand.key) for part in parts]
    except ProtocolError:
        raise NoReplyKeyError from None  # the reporter's side made the key; it may be anything
    tokens = tuple(secrets.token_bytes(ID_SIZE) for _ in slots)
    body = ReplyBody(case.head.replies + 1, on, station.reviewer, status, text, tokens)
    for token, slot in zip(tokens, slots, strict=True):
        station.vault.rows("INSERT INTO outbox (token, slot) VALUES (?, ?)", token, write_slots([slot]))
    station.vault.rows(
        'INSERT INTO replies ("case", number, body) VALUES (?, ?, ?)',
        case.number,
        body.number,
        case.key.seal(replybody.write(body), *cases.place(b"reply", body.number)),
    )
    caselog.write(station, case.key, "replied", body.number, status or "")
    searching.add(station, case, [text])
    head = replace(
        case.head,
        replies=body.number,
        answered=case.head.messages if text else case.head.answered,
        counted="",
        status=case.head.status if status is None else status,
    )
    return cases.update(station, case, head), body


def _parts(
    station: Station, case: Case, hand: _Hand, text: str, status: str | None, on: Day
) -> tuple[ReplyPart, ...]:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ReplyTextError from None
    if "\0" in text:
        raise ReplyTextError
    whole = ReplyPart(
        instance=station.keys.place.instance,
        office=station.keys.place.office,
        thread=hand.thread.verify,
        reviewer=station.reviewer,
        number=case.head.replies + 1,
        part=1,
        parts=1,
        day=on,
        status=status,
        text=text,
        grant=b"" if hand.right is None else hand.right.grant,
    )
    try:
        return cut(whole)
    except ProtocolError:
        raise ReplyTooLongError(limit=MAX_REPLY_PARTS) from None
