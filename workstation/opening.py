"""Open sealed items with the keys of the reviewer who is here, and file what opens.

What opens is a message of a reporter or a letter of another office (dispositions/received.py).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from crypto.directory import Directory
from crypto.disposition import is_disposition
from crypto.errors import CannotOpenError, MalformedError, ProtocolError, WrongVersionError
from crypto.fields import ChannelId, Day, Epoch
from crypto.item import Context, read_shape
from crypto.keypairs import KemKeyPair
from crypto.message import Message, Report, read_message
from crypto.open.item import open_item
from workstation.dispositions import received
from workstation.filing import Filed, file_message
from workstation.offices.office_errors import (
    OldKeysError,
    ReplayedError,
    RevokedOfficeError,
    UnknownSenderError,
)
from workstation.progress import OPENING, SILENT, Progress
from workstation.station import Station

BATCH: Final = 256
"""Items that are opened in one go, or one transaction: about a second."""


@dataclass(frozen=True)
class _Message:
    """A reporter's message, its document, and the directory under which it was written."""

    item: bytes
    document: bytes
    message: Message
    under: Directory


@dataclass(frozen=True)
class _Letter:
    """A document of another office, and the channel that it came by."""

    item: bytes
    document: bytes
    channel: ChannelId


@dataclass(frozen=True)
class Problem:
    """A sealed item that this reviewer's keys did not open. `kind` is a key of `texts.PROBLEMS`."""

    item: bytes
    channel: str
    day: Day
    kind: str


@dataclass
class Opened:
    """What an opening brought: how many messages were filed, in which cases, which of them new."""

    messages: int = 0
    cases: set[int] = field(default_factory=set)
    new_cases: set[int] = field(default_factory=set)

    def add(self, more: "Opened") -> None:
        """Counts what a later opening brought too."""
        self.messages += more.messages
        self.cases |= more.cases
        self.new_cases |= more.new_cases


def open_sealed(station: Station, most: int | None = None, progress: Progress = SILENT) -> Opened:
    """Tries every sealed item that this reviewer has not tried yet, or the first `most` of them.

    Runs inside a transaction of the caller. Nothing in an item can make it fail: what does not open is kept
    and recorded in `tries`. Within a batch, reports come first and messages in the reporter's order, so that
    an exclusion stands before what follows it and evidence is numbered as the reporter sent it.
    """
    todo = _untried(station)[:most]
    result = Opened()
    progress.begin(OPENING, len(todo))
    try:
        for start in range(0, len(todo), BATCH):
            _open_batch(station, todo[start : start + BATCH], result, progress)
    finally:
        progress.end()
    return result


def open_in_steps(station: Station, progress: Progress = SILENT) -> Opened:
    """The same, each batch in a transaction of its own: what is cut off goes on there the next time."""
    todo = _untried(station)
    result = Opened()
    if todo:
        progress.begin(OPENING, len(todo))
        try:
            for start in range(0, len(todo), BATCH):
                with station.vault.transaction():
                    _open_batch(station, todo[start : start + BATCH], result, progress)
        finally:
            progress.end()
    return result


def forget_tries(station: Station) -> None:
    """Every sealed item counts as not tried by this reviewer."""
    station.vault.rows("DELETE FROM tries WHERE reviewer = ?", station.reviewer)


def untried(station: Station) -> int:
    """How many sealed items this reviewer has not tried yet: a colleague imported them."""
    return int(station.vault.value(_COUNT_UNTRIED, station.reviewer))


def problems(station: Station) -> list[Problem]:
    """What is still sealed for this reviewer, oldest first."""
    rows = station.vault.rows(
        "SELECT s.id, s.channel, s.day, t.problem FROM sealed s JOIN tries t ON t.item = s.id "
        "WHERE t.reviewer = ? ORDER BY s.day, s.id",
        station.reviewer,
    )
    return [Problem(item, channel, Day(day), kind) for item, channel, day, kind in rows]


_UNTRIED = (
    "SELECT id FROM sealed WHERE id NOT IN (SELECT item FROM tries WHERE reviewer = ?) ORDER BY day, id"
)
_COUNT_UNTRIED = _UNTRIED.replace("SELECT id", "SELECT count(*)", 1)


def _untried(station: Station) -> list[bytes]:
    return [item for (item,) in station.vault.rows(_UNTRIED, station.reviewer)]


def _open_batch(station: Station, batch: list[bytes], result: Opened, progress: Progress) -> None:
    opened = list(_open_each(station, batch, progress))
    messages = [one for one in opened if isinstance(one, _Message)]
    for message in sorted(messages, key=_reading_order):
        _file(station, message, result)
    for letter in opened:
        if isinstance(letter, _Letter):
            _file_letter(station, letter, result)


def _open_each(station: Station, batch: list[bytes], progress: Progress) -> Iterator[_Message | _Letter]:
    key_of = cache(station.keys.epoch_key)  # making one from its seed costs as much as opening an item
    for item in batch:
        channel, untrusted_item = station.vault.rows("SELECT channel, item FROM sealed WHERE id = ?", item)[0]
        try:
            yield _open(station, item, ChannelId(channel), untrusted_item, key_of)
        except _Unopened as reason:
            _record(station, item, reason.kind)
        progress.advance(1)


class _Unopened(Exception):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


def _open(
    station: Station,
    item: bytes,
    channel: ChannelId,
    untrusted_item: bytes,
    key_of: Callable[[Epoch], KemKeyPair | None],
) -> _Message | _Letter:
    recipients = station.recipients(channel)
    if recipients is None:
        raise _Unopened("unknown-channel")
    try:
        epoch = read_shape(untrusted_item).epoch
    except WrongVersionError:
        raise _Unopened("wrong-version") from None
    except MalformedError:
        raise _Unopened("malformed") from None
    if station.reviewer not in recipients:
        raise _Unopened("waiting")
    key = key_of(epoch)
    if key is None:
        raise _Unopened("no-epoch-key")
    context = station.context(channel)
    try:
        document = open_item(untrusted_item, key, context)
    except CannotOpenError:
        raise _Unopened("waiting") from None
    except ProtocolError:
        raise _Unopened("bad-content") from None
    if is_disposition(document):
        return _Letter(item, document, channel)
    message, under = _read(station, document, context, epoch)
    if station.reviewer in message.excluded:
        raise _Unopened("bad-content")
    return _Message(item, document, message, under)


def _read(station: Station, document: bytes, context: Context, epoch: Epoch) -> tuple[Message, Directory]:
    """The message, and the directory under which it was written: an older one if reviewers have changed."""
    for directory in station.directories():
        channel = directory.office.channel(context.channel)
        if channel is not None and epoch in directory.epochs:
            with suppress(ProtocolError):
                return read_message(document, context, channel.recipients), directory
    raise _Unopened("bad-content")


def _reading_order(opened: _Message) -> tuple[bool, str, int, bytes]:
    message = opened.message
    return not isinstance(message.content, Report), message.day, message.order, opened.item


def _file(station: Station, opened: _Message, result: Opened) -> None:
    day = _received(station, opened.item)
    filed = file_message(station, opened.item, opened.document, opened.message, day, opened.under)
    _settle(station, opened.item, filed, result)


def _file_letter(station: Station, letter: _Letter, result: Opened) -> None:
    try:
        with station.vault.attempt():
            day = _received(station, letter.item)
            filed = received.take(station, letter.channel, letter.document, day)
    except ReplayedError:
        station.vault.rows("DELETE FROM sealed WHERE id = ?", letter.item)
    except (UnknownSenderError, RevokedOfficeError, OldKeysError):
        _record(station, letter.item, "unknown-office")
    else:
        _settle(station, letter.item, filed, result)


def _received(station: Station, item: bytes) -> Day:
    return Day(station.vault.value("SELECT day FROM sealed WHERE id = ?", item))


def _settle(station: Station, item: bytes, filed: Filed | None, result: Opened) -> None:
    """It is in its case, or waits for a reader of that."""
    if filed is None:
        _record(station, item, "waiting")
        return
    station.vault.rows("DELETE FROM sealed WHERE id = ?", item)
    result.messages += 1
    result.cases.add(filed.number)
    if filed.new:
        result.new_cases.add(filed.number)


def _record(station: Station, item: bytes, kind: str) -> None:
    station.vault.rows(
        "INSERT INTO tries (item, reviewer, problem) VALUES (?, ?, ?)", item, station.reviewer, kind
    )
