"""What staff.db holds, and which bundles were taken."""

import sqlite3
from contextlib import closing

import pytest

from store.errors import BundleTakenError, OlderBundleTakenError
from store.layout import Layout
from store.staff import Account, Staff

from .conftest import OFFICE, OTHER, RINA, Person, rows

BUDI = Account("budi", OTHER, "reviewer")


def test_numbers_rise_and_ids_are_remembered(staff: Staff) -> None:
    taken = staff.taken
    assert taken.last(OFFICE) == 0
    with taken.taking(RINA, b"a" * 16, 3):
        pass
    assert taken.last(OFFICE) == 3
    with pytest.raises(BundleTakenError), taken.taking(RINA, b"a" * 16, 3):
        raise AssertionError
    for number in (1, 2, 3):
        with pytest.raises(OlderBundleTakenError), taken.taking(RINA, b"b" * 16, number):
            raise AssertionError
    with taken.taking(RINA, b"b" * 16, 4):
        pass
    assert taken.last(OFFICE) == 4


def test_offices_count_apart(staff: Staff) -> None:
    with staff.taken.taking(RINA, b"a" * 16, 9):
        pass
    with staff.taken.taking(BUDI, b"a" * 16, 1):
        pass
    assert staff.taken.last(OTHER) == 1


def test_what_failed_was_not_taken(staff: Staff) -> None:
    with pytest.raises(ZeroDivisionError), staff.taken.taking(RINA, b"a" * 16, 1):
        raise ZeroDivisionError
    assert staff.taken.last(OFFICE) == 0
    with staff.taken.taking(RINA, b"a" * 16, 1):
        pass


def test_no_column_is_finer_than_a_day(staff: Staff, layout: Layout) -> None:
    staff.taken.last(OFFICE)
    columns = {
        (table, name)
        for (table,) in rows(layout, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        for _, name, *_ in rows(layout, f"PRAGMA table_info({table})")
    }
    whose = ("office", "name")
    assert columns == {
        *(("account", name) for name in (*whose, "role", "passphrase", "totp", "mark")),
        *(("invitation", name) for name in (*whose, "code", "until", "passphrase", "totp")),
        *(("recovery", name) for name in (*whose, "code")),
        *((table, name) for table in ("session", "browser") for name in ("token", *whose, "day")),
        *(("attempt", name) for name in (*whose, "lane", "day", "count")),
        *(("outbound", name) for name in ("office", "bundle", "number")),
        *(("deadline", name) for name in ("office", "days", "kind")),
        *(("retention", name) for name in ("office", "days")),
        *(("log", name) for name in ("office", "number", "day", "actor", "act", "subject", "hash")),
    }


def test_the_file_is_encrypted(staff: Staff, layout: Layout, rina: Person) -> None:
    staff.close()
    whole = b"".join(path.read_bytes() for path in layout.staff.parent.glob("staff.db*"))
    assert len(whole) > 4_096
    for text in (b"SQLite format", b"rina", rina.secret.encode(), b"argon2"):
        assert text not in whole
    with closing(sqlite3.connect(layout.staff)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM account")
