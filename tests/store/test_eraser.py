"""The reporter's right to erase: what waits and carries the hash goes for good, and nothing else does."""

import os
import resource
import secrets
import signal
import threading
from pathlib import Path

import pytest

from crypto.blob import BlobId, blob_size
from crypto.constants import DELETION_NUMBERS
from crypto.item import SealedItem, item_id
from store import doomed
from store import eraser as module
from store.database import Database
from store.eraser import InboxEraser
from store.errors import BusyError, ForbiddenError, StorageFullError, StoreError
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from tests.store.installation import CHANNEL, OFFICE, OTHER
from tests.store.pages_of import clear_bytes
from tests.store.test_inbox import FORBIDDEN
from tests.store.test_reader import DAYS, frozen


@pytest.fixture
def eraser(layout: Layout, key: RawKey):
    made = InboxEraser(layout, key)
    yield made
    made.close()


def hashes(count: int) -> list[bytes]:
    return [secrets.token_bytes(32) for _ in range(count)]


def send(writer: InboxWriter, deletion: bytes, office=OFFICE) -> SealedItem:
    item = SealedItem(secrets.token_bytes(9_000))
    writer.add_item(office, CHANNEL, DAYS[0], deletion, item)
    return item


def send_blob(
    layout: Layout, writer: InboxWriter, deletion: bytes, office=OFFICE, blob: BlobId | None = None
) -> tuple[BlobId, bytes]:
    name, data = blob or BlobId(secrets.token_bytes(16)), secrets.token_bytes(blob_size(65_536))
    path = layout.blob(office, name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    writer.add_blob(office, name, 65_536, DAYS[0], deletion)
    return name, data


def test_what_carries_a_hash_goes_and_the_rest_stays(layout, writer, reader, eraser) -> None:
    mine, others = hashes(3), hashes(5)
    for deletion in (*mine[:2], *others):
        send(writer, deletion)
    blob, _data = send_blob(layout, writer, mine[2])
    kept, _data = send_blob(layout, writer, others[0])
    assert eraser.erase(OFFICE, [*hashes(DELETION_NUMBERS - 3), *mine]) == 3
    counts = reader.counts(OFFICE)
    assert (counts.items, counts.blobs) == (5, 1)
    assert not layout.blob(OFFICE, blob).exists()
    assert layout.blob(OFFICE, kept).exists()
    assert eraser.erase(OFFICE, mine) == 0


def test_nothing_is_left_of_what_a_reporter_erases(layout, key: RawKey, writer, reader, eraser) -> None:
    mine, others = hashes(20), hashes(20)
    gone, kept = [], []
    for own, other in zip(mine, others, strict=True):
        gone.append(send(writer, own))
        kept.append(send(writer, other))
    blob, data = send_blob(layout, writer, mine[0])
    assert eraser.erase(OFFICE, mine) == 21
    left = clear_bytes(layout.inbox, key)
    traces = [*(part for item in gone for part in (item[:64], item[-64:], item_id(item))), *mine, blob]
    assert [trace for trace in traces if trace in left] == []
    assert all(item[-64:] in left and other in left for item, other in zip(kept, others, strict=True))
    files = [path for path in layout.root.rglob("*") if path.is_file()]
    assert [path for path in files if data[:64] in path.read_bytes()] == []
    assert layout.inbox.with_name("inbox.db-wal").stat().st_size == 0
    assert reader.counts(OFFICE).items == 20


def test_what_is_in_a_bundle_stays(layout, writer, reader, eraser) -> None:
    (deletion,) = hashes(1)
    item = send(writer, deletion)
    blob, data = send_blob(layout, writer, deletion)
    made = frozen(reader)
    send(writer, deletion)
    assert eraser.erase(OFFICE, [deletion]) == 1
    assert reader.bundles(OFFICE) == (made,)
    assert reader.body(OFFICE, item_id(item)) == item
    assert layout.blob(OFFICE, blob).read_bytes() == data
    assert reader.counts(OFFICE).items == 0


def test_another_offices_things_stay(layout, writer, reader, eraser) -> None:
    """Also where they have the very same names and hashes."""
    (deletion,) = hashes(1)
    item = send(writer, deletion, OTHER)
    writer.add_item(OFFICE, CHANNEL, DAYS[0], deletion, item)
    blob, _data = send_blob(layout, writer, deletion, OTHER)
    _blob, data = send_blob(layout, writer, deletion, OFFICE, blob)
    assert eraser.erase(OTHER, [deletion]) == 2
    assert reader.body(OFFICE, item_id(item)) == item
    assert layout.blob(OFFICE, blob).read_bytes() == data
    assert (reader.counts(OTHER).items, reader.counts(OTHER).blobs) == (0, 0)
    assert (reader.counts(OFFICE).items, reader.counts(OFFICE).blobs) == (1, 1)


def test_strangers_tokens_cost_a_look_into_an_index_and_rewrite_nothing(
    writer, inbox, eraser, monkeypatch
) -> None:
    send(writer, hashes(1)[0])
    with inbox.read() as connection:
        statement = module._ERASE.format("?, ?")
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", (OFFICE, b"", b"")).fetchall()
    assert [row[3] for row in plan] == ["SEARCH item USING INDEX item_deletion (office=? AND deletion=?)"]

    def rewrite(_database: Database, _connection: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Database, "_compact", rewrite)
    assert eraser.erase(OFFICE, hashes(DELETION_NUMBERS)) == 0


# Of what the writer must not: its own verb, constants, and what stands in the tests below.
ALLOWED_HERE = {
    "DELETE FROM item",
    "SELECT 1",
    "SELECT count(*) FROM body",
    "SELECT id FROM bundle",
    "WITH x AS (SELECT 1) SELECT * FROM x",
}


@pytest.mark.parametrize(
    "statement",
    [
        *sorted(set(FORBIDDEN) - ALLOWED_HERE),
        "SELECT data FROM body",
        "SELECT id FROM body",
        "SELECT day FROM item",
        "SELECT size FROM item",
        "SELECT channel FROM item",
        "SELECT body FROM slot",
        "SELECT number FROM last_bundle",
        "DELETE FROM bundle",
        "DELETE FROM slot",
        "INSERT INTO doomed VALUES ('a', x'00')",
        "INSERT INTO item VALUES ('a', 'blob', x'00', NULL, '2026-01-01', 1, x'00', NULL)",
        "UPDATE item SET bundle = NULL",
        "SELECT day FROM bundle",
        "DROP TRIGGER item_gone",
    ],
)
def test_the_eraser_can_only_erase(writer, reader, eraser, statement: str) -> None:
    item = send(writer, hashes(1)[0])
    with pytest.raises(ForbiddenError), eraser._database.write() as connection:
        connection.execute(statement).fetchall()
    assert reader.body(OFFICE, item_id(item)) == item
    assert reader.counts(OFFICE).items == 1


@pytest.mark.parametrize("statement", ["SELECT count(*) FROM body", "VACUUM", "VACUUM INTO '/tmp/copy'"])
def test_the_eraser_can_neither_count_nor_copy(eraser, statement: str) -> None:
    with pytest.raises(StoreError), eraser._database._mine() as (connection, _lock):
        connection.execute(statement)
    assert not Path("/tmp/copy").exists()


def test_the_eraser_reads_bundles_as_nothing(writer, reader, eraser) -> None:
    send(writer, hashes(1)[0])
    frozen(reader)
    with eraser._database.write() as connection:
        assert connection.execute("SELECT id FROM bundle").fetchall() == [(None,)]


def test_the_bounds_hold_also_after_an_erasure(writer, reader, eraser) -> None:
    """The rewriting works without them, for a moment."""
    (deletion,) = hashes(1)
    send(writer, deletion)
    eraser.erase(OFFICE, [deletion])
    with pytest.raises(ForbiddenError), eraser._database.write() as connection:
        connection.execute("SELECT data FROM body")


def test_a_freeze_at_the_same_moment_takes_each_thing_or_leaves_it(new_eraser, writer, reader) -> None:
    """Whoever is first has the thing, whole: what was erased is nowhere, what was bundled can be read."""
    for _round in range(6):
        deletions = hashes(12)
        items = {deletion: send(writer, deletion) for deletion in deletions}
        begin, erased, bundles = threading.Barrier(3), [], []
        erasers = [new_eraser() for _ in range(2)]

        def erase(one: InboxEraser, mine: list[bytes], begin=begin, erased=erased) -> None:
            begin.wait()
            erased.extend(deletion for deletion in mine if one.erase(OFFICE, [deletion]))

        def freeze(begin=begin, bundles=bundles) -> None:
            begin.wait()
            bundles.append(reader.freeze(OFFICE, DAYS[-1]))

        threads = [
            threading.Thread(target=erase, args=(erasers[0], deletions[:6])),
            threading.Thread(target=erase, args=(erasers[1], deletions[6:])),
            threading.Thread(target=freeze),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in erasers:
            one.close()
        bundled = sum(bundle.entries for bundle in bundles if bundle is not None)
        assert len(erased) + bundled == len(items)
        kept = set(deletions) - set(erased)
        assert len(kept) == bundled
        assert all(reader.body(OFFICE, item_id(items[deletion])) == items[deletion] for deletion in kept)
        assert reader.counts(OFFICE).items == 0
        reader.erase(OFFICE, [bundle.id for bundle in bundles if bundle is not None])


def test_two_who_erase_the_same_count_it_once(new_eraser, writer, reader) -> None:
    (deletion,) = hashes(1)
    for _ in range(5):
        send(writer, deletion)
    counted: list[int] = []
    erasers = [new_eraser() for _ in range(2)]
    threads = [
        threading.Thread(target=lambda one=one: counted.append(one.erase(OFFICE, [deletion])))
        for one in erasers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in erasers:
        one.close()
    assert sorted(counted) == [0, 5]
    assert reader.counts(OFFICE).items == 0


# In their order: the rows are deleted, the file removed, the database rewritten.
STEPS = [
    (Database, "_without_authorizer"),
    (doomed, "remove_files"),
    (doomed, "sync_folder"),
    (Database, "end_erasures"),
    (Database, "_compact"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("place", "step"), STEPS)
def test_killed_at_any_step_it_is_whole_or_ended_later(
    layout, key, writer, reader, monkeypatch, place, step: str, after: bool
) -> None:
    """A real kill: both things are there and whole, or neither is, and the next start leaves no trace."""
    (deletion,) = hashes(1)
    item = send(writer, deletion)
    blob, data = send_blob(layout, writer, deletion)
    real = getattr(place, step)

    def killed(*arguments: object) -> object:
        if after:
            real(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(place, step, killed)
            InboxEraser(layout, key).erase(OFFICE, [deletion])
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    waiting = reader.counts(OFFICE)
    assert (waiting.items, waiting.blobs) in ((0, 0), (1, 1))
    if waiting.items:
        assert reader.body(OFFICE, item_id(item)) == item
        assert layout.blob(OFFICE, blob).read_bytes() == data
    again = InboxEraser(layout, key)
    assert again.erase(OFFICE, [deletion]) == waiting.items + waiting.blobs
    again.tidy()
    again.close()
    left = clear_bytes(layout.inbox, key)
    assert [trace for trace in (item[:64], item[-64:], item_id(item), deletion, blob) if trace in left] == []
    assert not layout.blob(OFFICE, blob).exists()


def test_a_disk_that_takes_nothing_more_changes_nothing(layout, key, writer, reader) -> None:
    (deletion,) = hashes(1)
    item = send(writer, deletion)
    blob, data = send_blob(layout, writer, deletion)
    child = os.fork()
    if not child:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))
            InboxEraser(layout, key).erase(OFFICE, [deletion])
        except StoreError:
            code = 7
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert (reader.counts(OFFICE).items, reader.counts(OFFICE).blobs) == (1, 1)
    assert reader.body(OFFICE, item_id(item)) == item
    assert layout.blob(OFFICE, blob).read_bytes() == data


@pytest.mark.parametrize("error", [StorageFullError, BusyError])
def test_a_disk_without_room_to_rewrite_is_told_the_count_and_tidied_later(
    layout, key, writer, eraser, monkeypatch, error
) -> None:
    (deletion,) = hashes(1)
    items = [send(writer, deletion) for _ in range(10)]

    def refuse(_database: Database, _connection: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Database, "_compact", refuse)
        assert eraser.erase(OFFICE, [deletion]) == 10
    eraser.tidy()
    left = clear_bytes(layout.inbox, key)
    assert [item for item in items if item[-64:] in left] == []
    assert deletion not in left


def test_a_blob_that_is_sent_again_is_there_again(layout, writer, reader, eraser) -> None:
    (deletion,) = hashes(1)
    blob, _data = send_blob(layout, writer, deletion)
    assert eraser.erase(OFFICE, [deletion]) == 1
    _blob, data = send_blob(layout, writer, deletion, OFFICE, blob)
    eraser.tidy()
    assert layout.blob(OFFICE, blob).read_bytes() == data
    assert reader.counts(OFFICE).blobs == 1
