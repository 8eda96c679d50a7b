"""Each role may do its own part and nothing else: tried with the role's own sign-in, by hand."""

import secrets
from collections.abc import Sequence

import psycopg
import pytest

from store.engine import open_office
from store.errors import ForbiddenError, InboxAddressError, UnknownInboxError
from store.postgres.database import ERASER, OFFICE, SOURCE, PostgresDatabase
from store.reporting import open_reporting
from tests.store.installation import CHANNEL
from tests.store.installation import OFFICE as CITY
from tests.store.test_inbox import DAY, DELETION, item

TABLES = ("item", "body", "bundle", "fetched", "last_bundle", "doomed", "slot", "pending")
NAME = "'\\x00112233445566778899aabbccddeeff'"
ROW = f"('kota-contoh', 'item', {NAME}, 'c', '2026-11-23', 1, repeat('x', 32)::bytea)"
OF_NOBODY = [
    *(f"TRUNCATE {table}" for table in TABLES),
    "DROP TABLE item",
    "DROP FUNCTION erase",
    "DROP TRIGGER thing_gone ON item",
    "ALTER TABLE item DISABLE TRIGGER ALL",
    "CREATE TABLE peluit.more (a int)",
    "CREATE TABLE public.more (a int)",
    "CREATE TEMPORARY TABLE more (a int)",
    "CREATE FUNCTION peluit.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SELECT rewrite()",
    "SELECT is_untidy()",
    "COPY item TO '/tmp/copy'",
    "COPY item TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_switch_wal()",
    "CHECKPOINT",
    "SET ROLE peluit_owner",
    "ALTER ROLE peluit_source SUPERUSER",
    "SET log_statement = 'all'",
]
OF_REPORTERS = [
    *(f"SELECT * FROM {table}" for table in (*TABLES, "tally")),
    *(f"SELECT count(*) FROM {table}" for table in (*TABLES, "tally")),
    "SELECT xmin FROM item",
    *(f"DELETE FROM {table}" for table in TABLES),
    *(f"LOCK TABLE {table} IN SHARE MODE" for table in TABLES),
    "UPDATE item SET day = '2020-01-01'",
    "UPDATE body SET data = ''",
    "COPY body TO STDOUT",
    "INSERT INTO slot VALUES ('', '', '2026-01-01')",
    "INSERT INTO bundle VALUES ('', 'a', 1, '2026-01-01', 1, 1)",
    "INSERT INTO doomed VALUES ('a', '')",
    "INSERT INTO pending VALUES (true)",
    "SELECT compact()",
]
OF_SOURCE = [
    "INSERT INTO item (office, kind, id, channel, day, size, deletion) "
    "SELECT office, kind, id, channel, day, size, deletion FROM item",
    "INSERT INTO body SELECT office, id, id FROM item",
    "INSERT INTO body VALUES ('a', '', '') RETURNING data",
    "INSERT INTO body VALUES ('a', '', '') ON CONFLICT (office, id) DO UPDATE SET data = ''",
    f"INSERT INTO item (office, kind, id, channel, day, size, deletion) VALUES {ROW} RETURNING deletion",
    "INSERT INTO item (office, kind, id, channel, day, size, deletion, bundle) "
    f"VALUES {ROW.removesuffix(')')}, '\\x00112233445566778899aabbccddeeff')",
    "SELECT erase('kota-contoh', ARRAY[]::bytea[])",
    "SELECT * FROM removable()",
    "SELECT removed()",
    "SELECT end_erasures()",
    "SELECT tidy()",
]
OF_ERASER = [
    f"INSERT INTO item (office, kind, id, channel, day, size, deletion) VALUES {ROW}",
    "INSERT INTO body VALUES ('a', '', '')",
    "SELECT * FROM kept_tables()",
]


def not_refused(server, role: str, statements: Sequence[str]) -> list[str]:
    """Those of the statements that the server does not refuse the role for want of a right."""
    passed = []
    with server.connect(role) as connection:
        for statement in statements:
            connection.execute("BEGIN")
            try:
                connection.execute(statement)
                passed.append(statement)
            except psycopg.errors.InsufficientPrivilege:
                pass
            except psycopg.Error as error:
                passed.append(f"{statement}: {error}")
            connection.execute("ROLLBACK")
    return passed


def test_the_source_role_can_only_insert(server, writer) -> None:
    writer.add_item(CITY, CHANNEL, DAY, DELETION, item())
    assert not_refused(server, "peluit_source", [*OF_NOBODY, *OF_REPORTERS, *OF_SOURCE]) == []


def test_the_eraser_role_can_only_erase_by_hash(server) -> None:
    assert not_refused(server, "peluit_eraser", [*OF_NOBODY, *OF_REPORTERS, *OF_ERASER]) == []


def test_the_office_role_can_change_neither_the_tables_nor_the_server(server) -> None:
    assert not_refused(server, "peluit_office", OF_NOBODY) == []


def test_each_can_do_its_own_part(server, writer, eraser, reader) -> None:
    """Without this, the tests above would pass for roles that can do nothing at all."""
    deletion = secrets.token_bytes(32)
    writer.add_item(CITY, CHANNEL, DAY, deletion, item())
    assert reader.counts(CITY).items == 1
    assert eraser.erase(CITY, [deletion]) == 1
    assert reader.counts(CITY).items == 0


def test_nobody_but_the_three_roles_gets_in_and_into_no_other_database(server) -> None:
    with server.connect("postgres") as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE stranger")
            connection.execute("SELECT * FROM peluit.item")
        connection.execute("RESET ROLE")
        connection.execute("DROP ROLE stranger")
        rights = connection.execute(
            "SELECT datacl::text FROM pg_database WHERE datname = 'peluit'"
        ).fetchone()
    assert "=" not in {entry[0] for entry in rights[0].strip("{}").split(",")}


def test_a_forbidden_statement_is_a_forbidden_error(server) -> None:
    for role in (SOURCE, ERASER):
        database = PostgresDatabase(server.address, role)
        with pytest.raises(ForbiddenError), database.write() as connection:
            connection.execute("SELECT data FROM body")
        database.close()


@pytest.mark.parametrize(
    "more", ["user=postgres", "password=secret", "options=-c%20fsync%3Doff", "sslmode=disable", "x=y"]
)
def test_the_address_says_where_the_server_is_and_nothing_else(layout, more: str) -> None:
    address = f"postgresql:///peluit?{more}"
    with pytest.raises(InboxAddressError) as found:
        open_reporting(layout, address)
    assert "secret" not in str(found.value)
    with pytest.raises(InboxAddressError):
        open_office(layout, address)


def test_other_addresses_are_no_inbox(layout) -> None:
    for address in ("mysql://x", "postgres"):
        with pytest.raises(UnknownInboxError):
            open_office(layout, address)


def test_between_hosts_the_connection_is_encrypted_and_the_server_known() -> None:
    settings = psycopg.conninfo.conninfo_to_dict(
        PostgresDatabase("postgresql://db.example/peluit", OFFICE)._conninfo
    )
    assert (settings["sslmode"], settings["user"]) == ("verify-full", "peluit_office")
