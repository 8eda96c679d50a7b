"""Read a case: its messages, its evidence and its replies."""

from dataclasses import dataclass

from crypto.errors import ProtocolError
from crypto.fields import Day
from crypto.message import Evidence, Message, Report, read_message
from workstation import replybody
from workstation.cases import Case, place
from workstation.errors import VaultDamagedError
from workstation.meta import Meta, read_meta
from workstation.replybody import ReplyBody
from workstation.station import Station


@dataclass(frozen=True)
class Entry:
    """One message and what the station knows about it."""

    item: bytes
    message: Message
    meta: Meta


@dataclass(frozen=True)
class Sent:
    """One reply; `outbound` is the number of the bundle that carries it, None while it waits for one."""

    body: ReplyBody
    outbound: int | None


def messages(station: Station, case: Case) -> list[Entry]:
    """All messages: the report first, then by the day of receipt and the reporter's order.

    Each signature is checked again; VaultDamagedError.
    """
    rows = station.vault.rows('SELECT item, meta, document FROM messages WHERE "case" = ?', case.number)
    return sorted((_entry(station, case, *row) for row in rows), key=_reading_order)


def evidence(entries: list[Entry]) -> list[tuple[int, Day, Evidence]]:
    """(number, day of receipt, content) of each piece of evidence among the messages, by number."""
    found = [
        (entry.meta.evidence, entry.meta.received, entry.message.content)
        for entry in entries
        if isinstance(entry.message.content, Evidence)
    ]
    return sorted(found, key=lambda piece: piece[0])


def blobs(station: Station, blob: bytes) -> list[tuple[bytes, int]]:
    """(SHA-256, size) of every file that came under this blob id; none if it has not arrived."""
    rows = station.vault.rows("SELECT digest, size FROM blobs WHERE id = ? ORDER BY digest", blob)
    return [(digest, size) for digest, size in rows]


def replies(station: Station, case: Case) -> list[Sent]:
    """All replies of the case, by number."""
    rows = station.vault.rows(
        'SELECT number, body FROM replies WHERE "case" = ? ORDER BY number', case.number
    )
    return [_sent(station, case, number, sealed) for number, sealed in rows]


def _entry(station: Station, case: Case, item: bytes, sealed_meta: bytes, sealed_document: bytes) -> Entry:
    meta = read_meta(case.key.open(sealed_meta, *place(b"meta", item)))
    document = case.key.open(sealed_document, *place(b"document", item))
    try:
        message = read_message(document, station.context(meta.channel), meta.recipients)
    except ProtocolError:
        raise VaultDamagedError from None
    if message.thread.verify != case.head.thread.verify:
        raise VaultDamagedError
    return Entry(item, message, meta)


def _reading_order(entry: Entry) -> tuple[bool, str, str, int, int]:
    message, meta = entry.message, entry.meta
    return not isinstance(message.content, Report), meta.received, message.day, message.order, meta.sequence


def _sent(station: Station, case: Case, number: int, sealed: bytes) -> Sent:
    body = replybody.read(case.key.open(sealed, *place(b"reply", number)))
    rows = [station.vault.row("SELECT outbound FROM outbox WHERE token = ?", token) for token in body.tokens]
    numbers = [row[0] for row in rows if row is not None and row[0] is not None]
    return Sent(body, max(numbers) if len(numbers) == len(body.tokens) else None)
