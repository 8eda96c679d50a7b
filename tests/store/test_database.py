"""The database: settings on every connection, migrations, forks, and erasure that leaves nothing."""

import os
import secrets
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from store import database as database_module
from store import settings
from store.database import Database
from store.errors import (
    BusyError,
    ConflictError,
    NewerDatabaseError,
    PragmaError,
    StorageFullError,
    StoreError,
    WrongKeyError,
)
from store.keyfile import RawKey
from tests.store.pages_of import clear_bytes

KEY = RawKey(bytes(range(32)))
TABLE = (
    "CREATE TABLE t (id BLOB NOT NULL PRIMARY KEY, body BLOB CHECK (length(body) > 0)) STRICT, WITHOUT ROWID"
)
INDEXED = "CREATE INDEX t_body ON t (body)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
def database(path: Path):
    made = Database(path, KEY, [TABLE])
    yield made
    made.close()


def insert(database: Database, count: int = 1, size: int = 9_000) -> list[bytes]:
    bodies = [secrets.token_bytes(size) for _ in range(count)]
    for body in bodies:
        with database.write() as connection:
            connection.execute("INSERT INTO t VALUES (?, ?)", (secrets.token_bytes(16), body))
    return bodies


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute("SELECT count(*) FROM t").fetchone()[0]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("synchronous", 2),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("journal_mode", "wal"),
        ("cell_size_check", 1),
        ("mmap_size", 0),
        ("busy_timeout", 30_000),
        ("cipher_page_size", "4096"),
        ("cipher_use_hmac", "1"),
        ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ("cipher_status", "1"),
        ("cipher_log_level", "NONE"),
    ],
)
def test_every_new_connection_has_every_setting(database: Database, pragma: str, value: object) -> None:
    for _ in range(2):
        with database.read() as connection:
            assert connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value
        database.close()


@pytest.mark.parametrize("name", [*settings._SETTINGS, *settings._CIPHER])
def test_a_library_that_ignores_a_setting_is_not_used(path, monkeypatch, name: str) -> None:
    true = settings.pragma
    monkeypatch.setattr(settings, "pragma", lambda c, asked: "else" if asked == name else true(c, asked))
    with pytest.raises(PragmaError), Database(path, KEY, [TABLE]).read():
        pass


def test_the_file_is_encrypted_and_its_owners_alone(database: Database, path: Path) -> None:
    (body,) = insert(database)
    database.close()
    assert b"SQLite format" not in path.read_bytes()
    assert body not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert body[:64] in clear_bytes(path, KEY)  # the tool below finds what is there


def test_another_key_is_refused(database: Database, path: Path) -> None:
    insert(database)
    with pytest.raises(WrongKeyError), Database(path, RawKey(bytes(32)), [TABLE]).read():
        pass


def test_a_damaged_file_is_refused(database: Database, path: Path) -> None:
    insert(database)
    database.close()
    path.write_bytes(path.read_bytes()[:100] + b"x" + path.read_bytes()[101:])
    with pytest.raises(WrongKeyError), database.read():
        pass


def test_migrations_are_applied_once_and_in_order(path: Path) -> None:
    first = Database(path, KEY, [TABLE])
    insert(first)
    first.close()
    second = Database(path, KEY, [TABLE, "ALTER TABLE t ADD COLUMN more TEXT; CREATE TABLE u (a)"])
    for _ in range(2):
        with second.read() as connection:
            assert connection.execute("SELECT count(*), count(more) FROM t").fetchone() == (1, 0)
            assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        second.close()


def test_a_migration_that_fails_leaves_nothing(path: Path) -> None:
    with pytest.raises(StoreError), Database(path, KEY, [TABLE, "CREATE TABLE u (a); NONSENSE"]).read():
        pass
    database = Database(path, KEY, [TABLE])
    with database.read() as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("t",)]
    database.close()


def test_a_newer_database_is_refused(path: Path) -> None:
    newer = Database(path, KEY, [TABLE, INDEXED])
    insert(newer, size=10)
    newer.close()
    with pytest.raises(NewerDatabaseError), Database(path, KEY, [TABLE]).read():
        pass


def test_a_write_that_raises_is_undone(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute("INSERT INTO t VALUES (x'00', x'00')")
        raise ZeroDivisionError
    assert count(database) == 0
    insert(database)


def test_a_broken_rule_is_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError), database.write() as connection:
        connection.execute("INSERT INTO t VALUES (x'00', x'')")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("SQLITE_FULL", StorageFullError), ("SQLITE_BUSY", BusyError), ("SQLITE_CORRUPT", WrongKeyError)],
)
def test_the_librarys_errors_become_ours_without_their_text(database, name, expected) -> None:
    error = dbapi2.OperationalError("secret /path")
    error.sqlite_errorcode = getattr(dbapi2, name)
    with pytest.raises(expected) as caught, database.read():
        raise error
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_disk_that_is_full_is_told(database: Database) -> None:
    with database.read() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFullError):
        insert(database, size=100_000)
    assert count(database) == 0


def test_threads_share_the_connection(database: Database) -> None:
    threads = [threading.Thread(target=insert, args=(database, 20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 80


def test_processes_queue_and_a_fork_opens_its_own_connection(database: Database) -> None:
    insert(database)
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            try:
                insert(database, 20)
                database.close()
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert count(database) == 61


@pytest.mark.parametrize("schema", [[TABLE], [TABLE, INDEXED]])
def test_nothing_is_left_of_what_is_erased(path: Path, schema: list[str]) -> None:
    database = Database(path, KEY, schema)
    bodies = insert(database, 200, 700)
    with database.erase() as connection:
        for body in bodies[:150]:
            connection.execute("DELETE FROM t WHERE body = ?", (body,))
    left = clear_bytes(path, KEY)
    assert [body for body in bodies[:150] if body[:64] in left or body[-64:] in left] == []
    assert all(body[:64] in left for body in bodies[150:])
    assert path.with_name("x.db-wal").stat().st_size == 0
    with database.read() as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    database.close()


def test_plain_deletion_would_leave_something(database: Database, path: Path) -> None:
    """Shows that the search above finds traces where there are some."""
    bodies = insert(database, 50, 700)
    with database.write() as connection:
        connection.execute("DELETE FROM t")
    left = clear_bytes(path, KEY)
    assert any(body[:64] in left for body in bodies)


def test_an_erasure_that_was_cut_off_is_finished_at_the_next_opening(database, path, monkeypatch) -> None:
    bodies = insert(database, 50, 700)

    def cut(_connection: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database_module, "_empty_log", cut)
        with pytest.raises(KeyboardInterrupt), database.erase() as connection:
            connection.execute("DELETE FROM t")
    Database(path, KEY, [TABLE], lambda *_: 0).close()
    database.close()
    with database.read() as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0,)
    left = clear_bytes(path, KEY)
    assert [body for body in bodies if body[:64] in left] == []


def test_pages_lie_in_the_order_of_keys_after_compaction(database: Database, path: Path) -> None:
    insert(database, 60, 3_000)
    with database.read() as connection:
        by_key = [body for (body,) in connection.execute("SELECT body FROM t ORDER BY id")]
    database.compact()
    clear = clear_bytes(path, KEY)
    places = [clear.index(body[-64:]) for body in by_key]
    assert places == sorted(places)


def test_tidying_rewrites_what_was_written_since_and_nothing_else(database, path, monkeypatch) -> None:
    rewritten = []
    compact = Database._compact
    monkeypatch.setattr(Database, "_compact", lambda self, c: (rewritten.append(1), compact(self, c)))
    another = Database(path, KEY, [TABLE])
    for changes, times in ((lambda: None, 1), (lambda: None, 1), (lambda: insert(another), 2)):
        changes()
        database.tidy()
        assert len(rewritten) == times
    insert(database)
    another.close()
    database.close()
    assert not path.with_name("x.db-wal").exists(), "an empty log says nothing now"
    database.tidy()
    assert len(rewritten) == 3
    assert path.with_name("x.db-wal").stat().st_size == 0


def test_tidying_forgets_times_though_nothing_was_written(database: Database, path: Path) -> None:
    database.tidy()
    os.utime(path)
    database.tidy()
    assert (path.stat().st_mtime_ns, path.stat().st_atime_ns) == (0, 0)


def test_no_file_tells_when_it_was_written(database: Database, path: Path) -> None:
    insert(database)
    for file in path.parent.iterdir():
        assert (file.stat().st_mtime_ns, file.stat().st_atime_ns) == (0, 0), file.name
