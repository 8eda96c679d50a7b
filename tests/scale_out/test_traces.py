"""What is left in the server's folder: of erased things nothing; after a rewriting, no order of arrival."""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from crypto.board import Slot
from crypto.fields import Day
from crypto.item import SealedItem, item_id
from store import keyfile
from store.engine import open_office
from store.layout import Layout
from store.postgres.database import PostgresDatabase
from store.slots import Slots
from tests.scale_out.postgres import Postgres
from tests.store.installation import OFFICE
from tests.store.test_eraser import hashes, send, send_blob
from tests.store.test_reader import add_blob, fill, frozen


def found(server: Postgres, traces: Iterable[bytes]) -> list[bytes]:
    """Those of the traces that stand in any file of the server: tables, indexes, log, or whatever else."""
    wanted = set(traces)
    files = [path for path in server.data.rglob("*") if path.is_file()]
    left = [path.read_bytes() for path in files]
    return [trace for trace in wanted if any(trace in data for data in left)]


def traces_of(items: Sequence[SealedItem]) -> list[bytes]:
    return [part for item in items for part in (item[:64], item[-64:], item_id(item))]


def test_nothing_is_left_of_what_a_reporter_erases(server, layout, writer, reader, eraser) -> None:
    mine, others = hashes(10), hashes(10)
    gone, kept = [], []
    for own, other in zip(mine, others, strict=True):
        gone.append(send(writer, own))
        kept.append(send(writer, other))
    blob, _data = send_blob(layout, writer, mine[0])
    traces = [*traces_of(gone), *mine, bytes(blob)]
    assert found(server, traces), "the search sees what is there"
    assert eraser.erase(OFFICE, mine) == 11
    assert found(server, traces) == []
    assert len(found(server, [*traces_of(kept), *others])) == 40
    assert not layout.blob(OFFICE, blob).exists()


def test_what_the_station_has_is_erased_without_a_trace(server, layout, writer, reader) -> None:
    items = fill(writer, 10)
    blob, _data = add_blob(layout, writer)
    made = frozen(reader)
    kept = fill(writer, 3)
    assert reader.erase(OFFICE, [made.id]) == 1
    assert found(server, [*traces_of(items), bytes(blob), made.id]) == []
    assert len(found(server, traces_of(kept))) == 9


def test_expired_slots_are_erased(server, inbox) -> None:
    slots = Slots(inbox)
    gone, kept = ([Slot(secrets.token_bytes(32), secrets.token_bytes(4_096)) for _ in range(4)] for _ in "ab")
    slots.add(gone, Day("2026-11-30"))
    slots.add(kept, Day("2026-12-31"))
    slots.expire(Day("2026-12-01"))
    assert found(server, [part for slot in gone for part in (slot.hint, slot.body[:64])]) == []
    assert len(found(server, [slot.hint for slot in kept])) == 4


def test_the_servers_own_statistics_keep_no_sample(server, writer, reader, eraser) -> None:
    """Not even if somebody asks for them by hand."""
    (deletion,) = hashes(1)
    items = [send(writer, deletion) for _ in range(4)]
    fill(writer, 4)
    with server.connect("postgres") as connection:
        for table in ("item", "body", "bundle", "slot", "doomed", "fetched"):
            connection.execute(f"ANALYZE {table}")
        assert connection.execute("SELECT * FROM pg_stats WHERE schemaname = 'peluit'").fetchall() == []
    eraser.erase(OFFICE, [deletion])
    assert found(server, [*traces_of(items), deletion]) == []


def in_order(server: Postgres) -> tuple[list[bytes], int, list[bytes]]:
    """Items as their rows lie in the file, of how many transactions they are, and their bodies likewise."""
    with server.connect("postgres") as connection:
        items = connection.execute("SELECT id FROM item ORDER BY ctid").fetchall()
        (transactions,) = connection.execute("SELECT count(DISTINCT xmin::text) FROM item").fetchone()
        bodies = connection.execute("SELECT id FROM body ORDER BY ctid").fetchall()
    return [row[0] for row in items], transactions, [row[0] for row in bodies]


def test_a_bundle_and_tidying_end_the_order_of_arrival(server, writer, reader, eraser) -> None:
    for end in (lambda: frozen(reader), eraser.tidy):
        server.empty()
        sent = [bytes(item_id(item)) for item in fill(writer, 20)]
        assert in_order(server) == (sent, 20, sent), "without this, arrival could be read from the rows"
        end()
        assert in_order(server) == (sorted(sent), 1, sorted(sent))


def test_tidying_rewrites_only_what_was_written_to(server, writer, eraser) -> None:
    fill(writer, 3)
    places = []
    for _ in range(2):
        eraser.tidy()
        with server.connect("postgres") as connection:
            places.append(connection.execute("SELECT pg_relation_filepath('item')").fetchone())
    assert places[0] == places[1]


def test_an_erasure_that_was_cut_off_is_ended_later(server, writer, eraser, inbox, monkeypatch) -> None:
    (deletion,) = hashes(1)
    items = [send(writer, deletion) for _ in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(PostgresDatabase, "end_erasures", lambda _self: None)
        assert eraser.erase(OFFICE, [deletion]) == 3
    assert found(server, traces_of(items))
    inbox.end_erasures()
    assert found(server, traces_of(items)) == []


def test_the_inbox_has_the_same_fields_here_and_no_time_or_order(server, tmp_path: Path, inbox) -> None:
    embedded = Layout(tmp_path / "embedded")
    embedded.make()
    keyfile.create(embedded.inbox_key)
    database = open_office(embedded)
    with database.read() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        expected = {
            (table, row[1]) for table in tables for row in connection.execute(f"PRAGMA table_xinfo ({table})")
        }
    database.close()
    with server.connect("postgres") as connection:
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, column_default, is_identity, is_generated"
            " FROM information_schema.columns WHERE table_schema = 'peluit'"
        ).fetchall()
        sequences = connection.execute("SELECT * FROM information_schema.sequences").fetchall()
    assert {row[:2] for row in columns} == expected | {("pending", "erasure")}
    assert {row[2] for row in columns} == {"text", "bytea", "bigint", "boolean"}
    assert [row for row in columns if row[3] or row[4] == "YES"] == []
    assert [row[1] for row in columns if row[5] != "NEVER"] == ["class"]
    assert sequences == []
