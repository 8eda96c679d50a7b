"""The inbox as the source app sees it when a broker keeps it: a Writer and an Eraser (store/reporting.py)."""

import os
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final

from crypto.blob import BlobId
from crypto.errors import MalformedError
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import SealedItem
from store.broker import wire
from store.errors import BrokerAwayError

# Longer than the worst erasure (store/settings.py).
_PATIENCE_SECONDS: Final = 60.0


class Broker:
    """A broker's socket, with a connection for each thread that needs one at a time.

    Nothing is connected before the first question, and nothing is shared with a forked child.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[socket.socket] = []
        self._mutex = threading.Lock()
        self._process = os.getpid()

    def ask(self, question: wire.Question) -> int:
        """Asks; the count in the answer. BrokerAwayError, and the StoreErrors of wire.ERRORS.

        A connection on which the question could not be sent whole, because the broker was started anew, is
        replaced: what was not asked was not done. Everything else is for the reporter to repeat.
        """
        data = wire.ask(question)
        with _away():
            while (connection := self._take()) is not None:
                try:
                    wire.send(connection, data)
                except ConnectionError:
                    connection.close()
                    continue
                return self._hear(connection)
            connection = self._connect()
            try:
                wire.send(connection, data)
            except OSError:
                connection.close()
                raise
            return self._hear(connection)

    def close(self) -> None:
        """Closes what is idle; the next question connects anew."""
        while (connection := self._take()) is not None:
            connection.close()

    def _hear(self, connection: socket.socket) -> int:
        try:
            data = wire.receive(connection, wire.ANSWER_SIZE)
            if data is None:
                raise BrokerAwayError
        except BaseException:
            connection.close()
            raise
        with self._mutex:
            self._idle.append(connection)
        return wire.read_answer(data)

    def _take(self) -> socket.socket | None:
        with self._mutex:
            if self._process != os.getpid():
                self._process, self._idle = os.getpid(), []
            return self._idle.pop() if self._idle else None

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_PATIENCE_SECONDS)
        try:
            connection.connect(self._path)
        except OSError:
            connection.close()
            raise
        return connection


class BrokerWriter:
    """InboxWriter, asked for (store/inbox.py). Errors: BrokerAwayError, and those of wire.ERRORS."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def add_item(
        self, office: OfficeId, channel: ChannelId, on: Day, deletion: bytes, item: SealedItem
    ) -> None:
        self._broker.ask(wire.AddItem(office, channel, on, deletion, item))

    def add_blob(
        self,
        office: OfficeId,
        blob: BlobId,
        padded: int,
        on: Day,
        deletion: bytes,
        is_there: Callable[[], bool] = lambda: True,  # noqa: ARG002  The broker looks for itself.
    ) -> None:
        self._broker.ask(wire.AddBlob(office, blob, padded, on, deletion))

    def close(self) -> None:
        self._broker.close()


class BrokerEraser:
    """InboxEraser, asked for (store/eraser.py). Errors: BrokerAwayError, and those of wire.ERRORS."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def erase(self, office: OfficeId, deletions: Collection[bytes]) -> int:
        return self._broker.ask(wire.Erase(office, frozenset(deletions)))

    def tidy(self) -> None:
        self._broker.ask(wire.Tidy())

    def close(self) -> None:
        self._broker.close()


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except (OSError, MalformedError):
        raise BrokerAwayError from None
