"""The broker: does for the source app what the reporter's side may do, and nothing else.

Every question is answered only when what it asks for is durable. Who may connect is said by the socket's
mode, and asked of the kernel again (SO_PEERCRED).
"""

import socket
import struct
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from crypto import calendar
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day
from hardening import logs
from store import keyfile, site
from store.broker import wire
from store.done import MOST_AT_ONCE, Done
from store.eraser import InboxEraser
from store.errors import StoreError
from store.inbox import InboxWriter
from store.incoming import Upload
from store.layout import Layout
from store.space import DEFAULT_RESERVE

# Both workers of the source app with all their threads, and then some.
MOST_CONNECTIONS: Final = 512
# A question that was begun comes whole, or its connection goes.
_PATIENCE_SECONDS: Final = 30.0
_CREDENTIALS: Final = struct.Struct("iII")  # struct ucred (unix(7)): process, user, group.


class Desk:
    """Answers questions. `reserve`: bytes of the disk that stay free. Any StoreError at its opening."""

    def __init__(self, layout: Layout, reserve: int = DEFAULT_RESERVE) -> None:
        key = keyfile.read(layout.inbox_key)
        self._offices = frozenset(office.id for office in site.read(layout).offices)
        self._done = Done(layout.done)
        self._writer = InboxWriter(layout.inbox, key, reserve)
        self._eraser = InboxEraser(layout, key)
        # From now on the database is open: its -wal and -shm are ours, whoever else opens it.
        self._answer(wire.Tidy())

    def answer(self, untrusted_data: bytes) -> bytes:
        """The answer to a question; ProtocolError if it is none."""
        question = wire.read_question(untrusted_data)
        self._check(question)
        try:
            return wire.answer(count=self._answer(question))
        except StoreError as error:
            return wire.answer(error)

    def close(self) -> None:
        self._writer.close()
        self._eraser.close()

    def _check(self, question: wire.Question) -> None:
        if not isinstance(question, wire.Tidy) and question.office not in self._offices:
            raise MalformedError
        if isinstance(question, wire.AddItem | wire.AddBlob) and question.on not in _days_about():
            raise MalformedError

    def _answer(self, question: wire.Question) -> int:
        match question:
            case wire.AddItem(office, channel, on, deletion, item):
                self._writer.add_item(office, channel, on, deletion, item)
            case wire.AddBlob(office, blob, padded, on, deletion):
                upload = Upload(office, blob, padded, on)
                there = lambda: self._done.settled(upload)  # noqa: E731
                self._writer.add_blob(office, blob, padded, on, deletion, there)
                self._done.forget_times(MOST_AT_ONCE)
            case wire.Erase(office, deletions):
                return self._eraser.erase(office, deletions)
            case wire.Tidy():
                self._eraser.tidy()
                self._done.forget_times()
        return 0


def serve(desk: Desk, listener: socket.socket, users: Collection[int]) -> None:
    """Answers on a listening socket until it is shut down; only these users (numbers) are answered.

    What was asked by then is still answered.
    """
    open_ones: dict[threading.Thread, socket.socket] = {}
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        open_ones = {thread: each for thread, each in open_ones.items() if thread.is_alive()}
        if _user_of(connection) not in users or len(open_ones) >= MOST_CONNECTIONS:
            _refuse(connection)
            continue
        thread = threading.Thread(target=_converse, args=(desk, connection), daemon=True)
        thread.start()
        open_ones[thread] = connection
    for thread, connection in open_ones.items():
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
        thread.join(_PATIENCE_SECONDS)


def _converse(desk: Desk, connection: socket.socket) -> None:
    with connection:
        try:
            while (untrusted_data := _next(connection)) is not None:
                wire.send(connection, desk.answer(untrusted_data))
        except ProtocolError:
            _refuse(connection)
        except OSError as error:
            # The source app comes and goes; what is wrong with the disk must be told.
            if not isinstance(error, ConnectionError | TimeoutError):
                logs.report(error)
        except Exception as error:  # noqa: BLE001  One connection's failure is not the others'.
            logs.report(error)


def _next(connection: socket.socket) -> bytes | None:
    connection.settimeout(None)
    connection.recv(1, socket.MSG_PEEK)
    connection.settimeout(_PATIENCE_SECONDS)
    return wire.receive(connection)


def _refuse(connection: socket.socket) -> None:
    with connection:
        connection.settimeout(0)
        try:
            wire.send(connection, wire.REFUSAL)
        except OSError:
            return


def _user_of(connection: socket.socket) -> int:
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(found)[1])


def _days_about() -> frozenset[Day]:
    today = calendar.today()
    return frozenset(calendar.add_days(today, shift) for shift in (-1, 0, 1))
