"""A PostgreSQL server under the recommended settings: silent; and what becomes of us when it goes away."""

import os
import secrets
import signal
import threading

import psycopg
import pytest

from crypto.fields import Day
from crypto.item import SealedItem, item_id
from store.errors import BusyError, ConflictError, StoreError, UnreachableError
from store.postgres.database import OFFICE as OFFICE_ROLE
from store.postgres.database import PostgresDatabase
from store.postgres.writer import PostgresWriter
from tests.scale_out.postgres import Postgres, printed
from tests.store.installation import CHANNEL, OFFICE
from tests.store.test_eraser import hashes, send
from tests.store.test_inbox import DAY, item
from tests.store.test_reader import frozen

# Of the configuration: over a Unix socket, some settings read as none.
_SETTING = "SELECT setting FROM pg_file_settings WHERE applied AND name = %s AND error IS NULL"


def test_every_setting_is_known_and_holds(server: Postgres) -> None:
    lines = [line for line in printed("settings").splitlines() if line and not line.startswith("#")]
    wanted = dict(line.split(" = ") for line in lines)
    del wanted["fsync"]  # the tests' own server does without
    with server.connect("postgres") as connection:
        for name, value in wanted.items():
            (found,) = connection.execute(_SETTING, (name,)).fetchone()
            assert found == value.strip("'"), name


def test_the_server_says_nothing_whatever_is_done(server: Postgres, writer, reader, eraser) -> None:
    """Also about refused and broken statements, sign-ins and their failures, restarts and crashes."""
    canary = secrets.token_hex(16)
    (deletion,) = hashes(1)
    writer.add_item(OFFICE, CHANNEL, DAY, deletion, SealedItem(canary.encode() * 300))
    for role in ("peluit_source", "peluit_office"):
        with server.connect(role) as connection:
            for statement in (
                f"SELECT '{canary}' FROM body, nothing",
                f"INSERT INTO body VALUES (NULL, '{canary}', '')",
            ):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
    with pytest.raises(ConflictError):
        writer.add_item(OFFICE, CHANNEL, Day(canary), deletion, item())
    with pytest.raises(psycopg.OperationalError):
        server.connect(canary)
    frozen(reader)
    writer.add_item(OFFICE, CHANNEL, DAY, deletion, item())
    assert eraser.erase(OFFICE, [deletion]) == 1
    server.stop("immediate")
    server.start()
    said = server.log.read_text()
    assert canary not in said
    assert said == ""


def test_nobody_sees_what_the_others_are_doing(server: Postgres, writer, eraser) -> None:
    send(writer, hashes(1)[0])
    with server.connect("postgres") as connection:
        seen = connection.execute(
            "SELECT query, state, xact_start, query_start, state_change FROM pg_stat_activity"
            " WHERE usename LIKE 'peluit%'"
        ).fetchall()
        counted = connection.execute("SELECT sum(n_tup_ins) FROM pg_stat_user_tables").fetchone()
    assert seen
    assert all("INSERT" not in (row[0] or "") and row[2:5] == (None, None, None) for row in seen)
    assert counted == (0,)


def test_what_is_sent_has_its_values_apart(server: Postgres, writer) -> None:
    """Where somebody lets the server show statements after all, it shows no value of ours."""
    with server.connect("postgres") as superuser:
        superuser.execute("ALTER ROLE peluit_source SET track_activities = on")
        try:
            deletion = hashes(1)[0]
            writer.add_item(OFFICE, CHANNEL, DAY, deletion, item())
            rows = superuser.execute(
                "SELECT query FROM pg_stat_activity WHERE usename = 'peluit_source'"
            ).fetchall()
        finally:
            superuser.execute("ALTER ROLE peluit_source RESET track_activities")
    assert rows
    assert all(OFFICE not in row[0] and deletion.hex() not in row[0] for row in rows)


def test_a_server_that_restarts_is_found_again(server: Postgres, writer, reader) -> None:
    send(writer, hashes(1)[0])
    for mode in ("fast", "immediate"):
        server.stop(mode)
        with pytest.raises(UnreachableError):
            send(writer, hashes(1)[0])
        with pytest.raises(UnreachableError):
            reader.counts(OFFICE)
        server.start()
        send(writer, hashes(1)[0])
    assert reader.counts(OFFICE).items == 3


def test_a_connection_that_breaks_in_a_transaction_undoes_it(server: Postgres, writer, reader) -> None:
    def kill() -> bool:
        with server.connect("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'peluit_source'"
            )
        return True

    with pytest.raises(UnreachableError):
        writer.add_blob(OFFICE, bytes(16), 65_536, DAY, bytes(32), kill)
    assert reader.counts(OFFICE).blobs == 0
    writer.add_blob(OFFICE, bytes(16), 65_536, DAY, bytes(32))
    assert reader.counts(OFFICE).blobs == 1


def test_what_was_acknowledged_survives_a_server_that_is_killed(server: Postgres, reader) -> None:
    """A killed backend makes it drop all others and recover from its log; each host goes on by itself."""
    acknowledged, errors, enough = [], [], threading.Event()

    def write() -> None:
        writer = PostgresWriter(server.address)
        while not enough.is_set():
            sealed = item()
            try:
                writer.add_item(OFFICE, CHANNEL, DAY, hashes(1)[0], sealed)
                acknowledged.append(sealed)
            except StoreError as error:
                errors.append(error)
        writer.close()

    def until(count: int, things: list) -> None:
        while len(things) < count and any(thread.is_alive() for thread in threads):
            threads[0].join(0.01)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            until(len(acknowledged) + 20, acknowledged)
            with server.connect("postgres") as connection:
                (victim,) = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename = 'peluit_source'"
                ).fetchone()
            os.kill(victim, signal.SIGKILL)
            until(len(errors) + 1, errors)
        until(len(acknowledged) + 20, acknowledged)
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    assert {type(error) for error in errors} == {UnreachableError}
    assert all(reader.body(OFFICE, item_id(sealed)) == sealed for sealed in acknowledged)


def test_whoever_waits_too_long_is_told_so(server: Postgres, writer, monkeypatch) -> None:
    short = PostgresDatabase(server.address, OFFICE_ROLE)
    short._conninfo = short._conninfo.replace("lock_timeout=30s", "lock_timeout=50ms")
    with server.connect("postgres") as other:
        other.execute("BEGIN; LOCK TABLE item")
        with pytest.raises(BusyError), short.write():
            pass
        other.execute("ROLLBACK")
    with short.write() as connection:
        assert connection.execute("SELECT count(*) FROM item").fetchone() == (0,)
    short.close()


def test_a_forked_process_has_a_connection_of_its_own(server: Postgres, writer, reader) -> None:
    send(writer, hashes(1)[0])
    child = os.fork()
    if not child:
        try:
            send(writer, hashes(1)[0])
            os._exit(7)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    send(writer, hashes(1)[0])
    assert reader.counts(OFFICE).items == 3


def test_readers_of_one_snapshot_lose_nothing_to_a_rewriting(server: Postgres, writer, reader, inbox) -> None:
    sealed = send(writer, hashes(1)[0])
    other = PostgresDatabase(server.address, OFFICE_ROLE)
    done: list[int] = []
    with inbox.read() as connection:
        thread = threading.Thread(target=lambda: (other.compact(), done.append(1)))
        thread.start()
        assert connection.execute("SELECT id FROM item").fetchall() == [(item_id(sealed),)]
        assert done == []
    thread.join()
    other.close()
    assert reader.body(OFFICE, item_id(sealed)) == sealed
