"""Write a reply: signed by its author and sealed to the codename at once, queued for the next bundle.

Because the slots are sealed when the reply is written, any reviewer can carry them out later, also one who
must not read the case.
"""

import secrets
from dataclasses import replace

from crypto.board import write_slots
from crypto.constants import ID_SIZE, MAX_REPLY_PARTS
from crypto.errors import ProtocolError
from crypto.fields import Day
from crypto.reply import ReplyPart, cut
from crypto.seal.reply import seal_reply
from workstation import caselog, cases, replybody, searching
from workstation.cases import Case
from workstation.errors import EmptyReplyError, NoReplyKeyError, ReplyTextError, ReplyTooLongError
from workstation.replybody import ReplyBody
from workstation.station import Station


def reply(station: Station, case: Case, text: str, status: str | None, on: Day) -> ReplyBody:
    """Stores and queues a reply; `status` is one of the protocol's statuses.

    EmptyReplyError, ReplyTextError, ReplyTooLongError, NoReplyKeyError.
    """
    text = text.strip()
    if not text and status is None:
        raise EmptyReplyError
    parts = _parts(station, case, text, status, on)
    try:
        slots = [seal_reply(part, case.head.thread, station.keys.sign) for part in parts]
    except ProtocolError:
        raise NoReplyKeyError from None  # the reporter's side made the key; it may be anything
    tokens = tuple(secrets.token_bytes(ID_SIZE) for _ in slots)
    body = ReplyBody(case.head.replies + 1, on, station.reviewer, status, text, tokens)
    with station.vault.transaction():
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
            answered=case.head.messages,
            status=case.head.status if status is None else status,
        )
        cases.update(station, case, head)
    return body


def _parts(station: Station, case: Case, text: str, status: str | None, on: Day) -> tuple[ReplyPart, ...]:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ReplyTextError from None
    if "\0" in text:
        raise ReplyTextError
    whole = ReplyPart(
        instance=station.keys.place.instance,
        office=station.keys.place.office,
        thread=case.head.thread.verify,
        reviewer=station.reviewer,
        number=case.head.replies + 1,
        part=1,
        parts=1,
        day=on,
        status=status,
        text=text,
    )
    try:
        return cut(whole)
    except ProtocolError:
        raise ReplyTooLongError(limit=MAX_REPLY_PARTS) from None
