"""The broker and its client over a real socket; what is no question is refused and hurts nobody else."""

import os
import secrets
import socket
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import calendar
from crypto.blob import BlobId, blob_size
from crypto.constants import MAX_ITEM_SIZE
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import OfficeId
from crypto.item import SealedItem
from store import keyfile
from store.broker import wire
from store.broker.server import Desk, serve
from store.errors import BrokerAwayError, ForbiddenError, StorageFullError, VanishedError
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from store.reporting import Reporting, open_reporting
from tests.source_app import sealed
from tests.store.installation import CHANNEL, OFFICE, install

TODAY = calendar.today()
PADDED = 65_536


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "data")
    install(made)
    made.make_done([OFFICE])
    return made


@contextmanager
def running(layout: Layout, reserve: int = 0, users: Collection[int] = (os.getuid(),)) -> Iterator[Path]:
    """A broker in this process; the path of its socket, which is a new one each time."""
    path = layout.root.parent / "socket"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        desk = Desk(layout, reserve)
        thread = threading.Thread(target=serve, args=(desk, listener, users))
        thread.start()
        try:
            yield path
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            desk.close()


def asking(layout: Layout) -> Reporting:
    return open_reporting(layout, f"unix:{layout.root.parent / 'socket'}")


def counts(layout: Layout) -> tuple[int, int]:
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    try:
        found = InboxReader(database, layout).counts(OFFICE)
    finally:
        database.close()
    return found.items, found.blobs


def add(reporting: Reporting, deletion: bytes = sealed.DELETION) -> SealedItem:
    item = SealedItem(sealed.item())
    reporting.writer.add_item(OFFICE, CHANNEL, calendar.today(), deletion, item)
    return item


def test_every_verb_does_what_the_direct_one_does(layout: Layout) -> None:
    with running(layout):
        reporting = asking(layout)
        item = add(reporting)
        reporting.writer.add_item(OFFICE, CHANNEL, calendar.today(), sealed.DELETION, item)
        blob = sealed.new_blob()
        with pytest.raises(VanishedError):
            reporting.writer.add_blob(OFFICE, blob, PADDED, calendar.today(), sealed.DELETION)
        layout.blob(OFFICE, blob).write_bytes(bytes(blob_size(PADDED)))
        reporting.writer.add_blob(OFFICE, blob, PADDED, calendar.today(), sealed.DELETION, lambda: False)
        assert counts(layout) == (1, 1)
        assert layout.blob(OFFICE, blob).stat().st_mtime_ns == 0
        assert reporting.eraser.erase(OFFICE, {sealed.DELETION, bytes(32)}) == 2
        reporting.eraser.tidy()
        assert counts(layout) == (0, 0) and not layout.blob(OFFICE, blob).exists()
        reporting.writer.close()


def test_what_goes_wrong_is_told_by_its_own_name(layout: Layout) -> None:
    with running(layout, reserve=2**62):
        reporting = asking(layout)
        with pytest.raises(StorageFullError):
            add(reporting)
        reporting.writer.close()


def test_many_at_once_are_all_kept(layout: Layout) -> None:
    with running(layout):
        reporting = asking(layout)
        with ThreadPoolExecutor(16) as crowd:
            items = list(crowd.map(lambda _: add(reporting), range(64)))
        reporting.writer.close()
    assert len(set(items)) == 64 and counts(layout) == (64, 0)


def test_a_broker_that_was_started_anew_is_found_again(layout: Layout) -> None:
    reporting = asking(layout)
    with pytest.raises(BrokerAwayError):
        add(reporting)
    for _ in range(2):
        with running(layout):
            add(reporting)
    with running(layout):
        with ThreadPoolExecutor(8) as crowd:
            list(crowd.map(lambda _: add(reporting), range(16)))
        reporting.writer.close()
    assert counts(layout)[0] == 18


def test_others_are_refused(layout: Layout) -> None:
    with running(layout, users={os.getuid() + 1}):
        reporting = asking(layout)
        with pytest.raises((ForbiddenError, BrokerAwayError)):
            add(reporting)
        reporting.writer.close()
    assert counts(layout) == (0, 0)


def frame(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def heard(connection: socket.socket) -> bytes:
    """All that was said until the connection ended; nothing if it was reset, as more had been sent."""
    try:
        return b"".join(iter(lambda: connection.recv(1_024), b""))
    except ConnectionResetError:
        return b""


def question(office: str = OFFICE, on: str = TODAY, item: bytes | None = None) -> bytes:
    made = wire.AddItem(OfficeId(office), CHANNEL, on, sealed.DELETION, item or sealed.item())
    return wire.ask(made)


@pytest.mark.parametrize(
    "untrusted_bytes",
    [
        frame(b"X"),
        frame(b"T\0"),
        frame(b"T" + (0).to_bytes(4)),
        frame(b"I" + bytes(40)),
        frame(b"I" + (2**32 - 1).to_bytes(4)),
        frame(question(office="no-such-office")),
        frame(question(office="../staff")),
        frame(question(on="2000-01-01")),
        frame(question(on="tomorrow")),
        frame(question(item=bytes(9_000))),
        frame(wire.ask(wire.Erase(OFFICE, frozenset()))),
        frame(wire.ask(wire.AddBlob(OFFICE, BlobId(bytes(15)), PADDED, TODAY, bytes(32)))),
        frame(wire.ask(wire.AddBlob(OFFICE, BlobId(bytes(16)), PADDED + 1, TODAY, bytes(32)))),
        frame(wire.ask(wire.AddBlob(OFFICE, BlobId(bytes(16)), PADDED, TODAY, bytes(33)))),
        (0).to_bytes(4),
        (wire.LONGEST + 1).to_bytes(4) + b"I",
        (2**32 - 1).to_bytes(4),
        b"GET / HTTP/1.1\r\n\r\n",
        frame(question())[:-1],
        b"\0",
    ],
)
def test_what_is_no_question_is_refused_and_the_connection_closed(
    layout: Layout, untrusted_bytes: bytes
) -> None:
    with running(layout) as path:
        with socket.socket(socket.AF_UNIX) as strange:
            strange.settimeout(30)
            strange.connect(str(path))
            strange.sendall(untrusted_bytes)
            strange.shutdown(socket.SHUT_WR)
            assert heard(strange) in (frame(wire.REFUSAL), b"")
        reporting = asking(layout)
        add(reporting)
        reporting.writer.close()
    assert counts(layout) == (1, 0)


@given(
    st.binary(max_size=200)
    | st.builds(lambda verb, rest: verb + rest, st.sampled_from([b"I", b"B", b"E"]), st.binary())
)
def test_reading_ends_in_a_question_or_a_protocol_error(untrusted_data: bytes) -> None:
    try:
        found = wire.read_question(untrusted_data)
    except ProtocolError:
        return
    assert wire.read_question(wire.ask(found)) == found


def test_the_longest_questions_fit() -> None:
    item = sealed.item(stanzas=32, payload=131_072)
    assert len(item) == MAX_ITEM_SIZE
    hashes = frozenset(secrets.token_bytes(32) for _ in range(4_096))
    for asked in (wire.ask(wire.Erase(OFFICE, hashes)), question(item=item)):
        assert len(asked) <= wire.LONGEST
        assert wire.ask(wire.read_question(asked)) == asked
    with pytest.raises(MalformedError):
        wire.read_question(wire.ask(wire.Erase(OFFICE, hashes | {bytes(32)})))
