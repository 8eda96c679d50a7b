"""The reporter's side of the inbox: it adds, retries change nothing, and it can do nothing else."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.blob import BlobId, blob_size
from crypto.fields import Day
from crypto.item import SealedItem, item_id
from store import space
from store.database import Database
from store.errors import ConflictError, ForbiddenError, StorageFullError, StoreError, UnknownInboxError
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from store.reader import InboxReader
from store.reporting import open_reporting
from tests.store.installation import CHANNEL, OFFICE, install

DAY = Day("2026-11-23")
DELETION = bytes(range(32))


def item(size: int = 9_000) -> SealedItem:
    return SealedItem(secrets.token_bytes(size))


def test_what_was_added_is_listed_and_read(writer: InboxWriter, reader: InboxReader) -> None:
    sealed = item()
    writer.add_item(OFFICE, CHANNEL, DAY, DELETION, sealed)
    blob = BlobId(secrets.token_bytes(16))
    writer.add_blob(OFFICE, blob, 2**20 + 2**19, DAY, DELETION)
    found = {entry.id: entry for entry in reader.page(OFFICE)}
    assert (found[item_id(sealed)].channel, found[item_id(sealed)].size) == (CHANNEL, 9_000)
    assert (found[blob].channel, found[blob].size) == (None, blob_size(2**20 + 2**19))
    assert reader.body(OFFICE, item_id(sealed)) == sealed


def test_a_retry_changes_nothing(writer: InboxWriter, reader: InboxReader) -> None:
    sealed, blob = item(), BlobId(secrets.token_bytes(16))
    for day in (DAY, Day("2026-11-24")):
        writer.add_item(OFFICE, CHANNEL, day, DELETION, sealed)
        writer.add_blob(OFFICE, blob, 65_536, day, DELETION)
    assert [entry.day for entry in reader.page(OFFICE)] == [DAY, DAY]


def test_the_tables_hold_what_the_protocol_lists_and_no_time_or_order(writer, inbox: Database) -> None:
    writer.add_item(OFFICE, CHANNEL, DAY, DELETION, item())
    with inbox.read() as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
        columns = [row[1] for row in connection.execute("PRAGMA table_info (item)")]
    assert columns == ["office", "kind", "id", "channel", "day", "size", "deletion", "bundle"]
    assert {name for name, _ in tables} == {
        *("bundle", "last_bundle", "fetched", "item", "body", "doomed", "slot", "tally"),
    }
    assert all(sql.rstrip().endswith("STRICT, WITHOUT ROWID") for _, sql in tables)


FORBIDDEN = [
    "SELECT 1",
    "SELECT * FROM item",
    "SELECT count(*) FROM body",
    "SELECT id FROM bundle",
    "SELECT name FROM sqlite_schema",
    "DELETE FROM item",
    "DELETE FROM body",
    "UPDATE item SET day = '2020-01-01'",
    "INSERT INTO item SELECT * FROM item",
    "INSERT INTO body SELECT office, id, id FROM item",
    "INSERT INTO body VALUES ('a', x'00', x'00') RETURNING *",
    "INSERT INTO body VALUES ('a', x'00', x'00') ON CONFLICT DO UPDATE SET data = x'01'",
    "INSERT INTO slot VALUES (x'00', x'00', '2026-01-01')",
    "INSERT INTO bundle VALUES (x'00', 'a', 1, '2026-01-01')",
    "CREATE TABLE more (a)",
    "CREATE TEMP TABLE more (a)",
    "DROP TABLE item",
    "PRAGMA user_version",
    "PRAGMA writable_schema = 1",
    "PRAGMA rekey = 'x'",
    "ATTACH ':memory:' AS elsewhere",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "ANALYZE",
    "REINDEX",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_writer_can_only_insert(writer: InboxWriter, reader: InboxReader, statement: str) -> None:
    sealed = item()
    writer.add_item(OFFICE, CHANNEL, DAY, DELETION, sealed)
    with pytest.raises(ForbiddenError), writer._database.write() as connection:
        connection.execute(statement).fetchall()
    assert reader.body(OFFICE, item_id(sealed)) == sealed


@pytest.mark.parametrize("statement", ["VACUUM", "VACUUM INTO '/tmp/copy'"])
def test_the_writer_cannot_copy_the_file(writer: InboxWriter, statement: str) -> None:
    with pytest.raises(StoreError), writer._database._mine() as (connection, _lock):
        connection.execute(statement)
    assert not Path("/tmp/copy").exists()


def test_the_writer_has_no_verb_that_gives_anything_back() -> None:
    assert [name for name in vars(InboxWriter) if not name.startswith("_")] == [
        "add_item",
        "add_blob",
        "close",
    ]


BROKEN: list[Callable[[InboxWriter], None]] = [
    lambda writer: writer.add_item(OFFICE, CHANNEL, Day("2026-11-23 10:00"), DELETION, item()),
    lambda writer: writer.add_item(OFFICE, CHANNEL, DAY, DELETION[:31], item()),
    lambda writer: writer.add_item(OFFICE, CHANNEL, DAY, DELETION, SealedItem(b"")),
    lambda writer: writer.add_blob(OFFICE, BlobId(b"short"), 65_536, DAY, DELETION),
]


@pytest.mark.parametrize("call", BROKEN)
def test_a_row_that_breaks_a_rule_is_never_dropped_silently(writer, reader, call) -> None:
    with pytest.raises(ConflictError):
        call(writer)
    assert reader.page(OFFICE) == ()


def test_the_reserve_of_the_disk_is_left_free(layout: Layout, key: RawKey, reader: InboxReader) -> None:
    greedy = InboxWriter(layout.inbox, key, reserve=2**62)
    with pytest.raises(StorageFullError):
        greedy.add_item(OFFICE, CHANNEL, DAY, DELETION, item())
    greedy.close()
    assert reader.counts(OFFICE).items == 0


def test_what_fits_exactly_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Disk:
        f_bavail, f_frsize = 10, 4_096

    monkeypatch.setattr(space.os, "statvfs", lambda _path: Disk)
    space.check_room(tmp_path, 30_960, 10_000)
    with pytest.raises(StorageFullError):
        space.check_room(tmp_path, 30_961, 10_000)


def test_an_inbox_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    layout = install(Layout(tmp_path / "data")).layout
    with pytest.raises(UnknownInboxError):
        open_reporting(layout, "carrier-pigeon:3")
