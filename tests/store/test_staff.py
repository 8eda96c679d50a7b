"""Accounts, sessions and taken bundles, in a real staff.db."""

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pyotp
import pytest

from crypto.errors import MalformedError
from crypto.fields import OfficeId
from store import keyfile, staff
from store.database import Database
from store.errors import (
    AccountExistsError,
    BundleTakenError,
    NoMatchError,
    OlderBundleTakenError,
    WeakPassphraseError,
)
from store.layout import Layout
from store.staff import Account, Staff

OFFICE = OfficeId("inspektorat")
PASSPHRASE = "kuda terbang di atas bukit"
MIDNIGHT = 1_795_392_000.0  # 2026-11-23, 00:00 UTC
STEP = 30


class Clock:
    now = MIDNIGHT + 43_200

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.make()
    keyfile.create(layout.staff_key)
    return layout


@pytest.fixture
def people(layout: Layout, clock: Clock) -> Iterator[Staff]:
    people = staff.open_staff(layout, clock)
    yield people
    people.close()


@pytest.fixture
def secret(people: Staff) -> str:
    return people.add_account("rina", OFFICE, PASSPHRASE)


def code(secret: str, at: float) -> str:
    return pyotp.TOTP(secret).at(int(at))


def rows(layout: Layout, query: str) -> list[tuple[object, ...]]:
    database = Database(layout.staff, keyfile.read(layout.staff_key), staff._MIGRATIONS)
    with database.read() as connection:
        found: list[tuple[object, ...]] = connection.execute(query).fetchall()
    database.close()
    return found


# Accounts


def test_name_is_an_id(people: Staff) -> None:
    for name in ("", "Rina", "rina s", "rina\n", "a" * 33):
        with pytest.raises(MalformedError):
            people.add_account(name, OFFICE, PASSPHRASE)


def test_name_is_taken_once(people: Staff, secret: str) -> None:
    with pytest.raises(AccountExistsError):
        people.add_account("rina", OfficeId("dinas-lain"), PASSPHRASE)


def test_short_passphrase_is_refused(people: Staff) -> None:
    with pytest.raises(WeakPassphraseError):
        people.add_account("rina", OFFICE, "elevenchars")


def test_secrets_differ(people: Staff, secret: str) -> None:
    assert people.add_account("budi", OFFICE, PASSPHRASE) != secret
    assert len(secret) == 32


# Signing in


def test_right_name_passphrase_and_code(people: Staff, secret: str, clock: Clock) -> None:
    token = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    assert people.account(token) == Account("rina", OFFICE, staff.REVIEWER)


def test_a_forgiving_spelling(people: Staff, secret: str, clock: Clock) -> None:
    digits = code(secret, clock.now)
    assert people.sign_in(" Rina ", PASSPHRASE, f" {digits[:3]} {digits[3:]} ")


def test_equal_looking_passphrases_are_equal(people: Staff, clock: Clock) -> None:
    secret = people.add_account("zoe", OFFICE, "Zoe\u0308 zoe\u0308 zoe\u0308")
    assert people.sign_in("zoe", "Zo\u00eb zo\u00eb zo\u00eb", code(secret, clock.now))


@pytest.mark.parametrize(
    ("name", "passphrase", "shift"),
    [
        ("budi", PASSPHRASE, 0),
        ("", PASSPHRASE, 0),
        ("rina' OR '1'='1", PASSPHRASE, 0),
        ("rina\0", PASSPHRASE, 0),
        ("\ud800", PASSPHRASE, 0),
        ("rina", PASSPHRASE.upper(), 0),
        ("rina", "", 0),
        ("rina", "\ud800", 0),
        ("rina", PASSPHRASE, 2 * STEP),
        ("rina", PASSPHRASE, -2 * STEP),
    ],
)
def test_whatever_is_wrong_is_one_error(
    people: Staff, secret: str, clock: Clock, name: str, passphrase: str, shift: float
) -> None:
    with pytest.raises(NoMatchError):
        people.sign_in(name, passphrase, code(secret, clock.now + shift))


@pytest.mark.parametrize("wrong", ["", "00000", "0000000", "abcdef", "１２３４５６", "\ud800", "0" * 1_000])
def test_wrong_code(people: Staff, secret: str, wrong: str) -> None:
    with pytest.raises(NoMatchError):
        people.sign_in("rina", PASSPHRASE, wrong)


def test_an_unknown_name_costs_the_same_hash(
    people: Staff, secret: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same function, same parameters: what is hashed for nobody is hashed for everybody."""
    kept: list[str] = []

    def matches(hashed: str, _passphrase: str) -> bool:
        kept.append(hashed)
        return False

    monkeypatch.setattr("store.passphrase.matches", matches)
    for name in ("rina", "budi"):
        with pytest.raises(NoMatchError):
            people.sign_in(name, "wrong", code(secret, clock.now))
    known, nobody = (text.split("$")[:4] for text in kept)
    assert known == nobody
    assert [len(part) for part in kept[0].split("$")] == [len(part) for part in kept[1].split("$")]


def test_a_session_token_is_not_stored(people: Staff, layout: Layout, secret: str, clock: Clock) -> None:
    token = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    ((kept, day),) = rows(layout, "SELECT token, day FROM session")
    assert (kept, day) == (hashlib.sha256(token).digest(), "2026-11-23")


# A code is good once


def test_code_cannot_be_replayed(people: Staff, secret: str, clock: Clock) -> None:
    digits = code(secret, clock.now)
    people.sign_in("rina", PASSPHRASE, digits)
    for later in (0, STEP):
        clock.now += later
        with pytest.raises(NoMatchError):
            people.sign_in("rina", PASSPHRASE, digits)


def test_an_earlier_code_is_spent_too(people: Staff, secret: str, clock: Clock) -> None:
    people.sign_in("rina", PASSPHRASE, code(secret, clock.now + STEP))
    for shift in (-STEP, 0, STEP):
        with pytest.raises(NoMatchError):
            people.sign_in("rina", PASSPHRASE, code(secret, clock.now + shift))


def test_the_next_code_is_good(people: Staff, secret: str, clock: Clock) -> None:
    people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    clock.now += STEP
    assert people.sign_in("rina", PASSPHRASE, code(secret, clock.now))


def test_a_wrong_passphrase_spends_no_code(people: Staff, secret: str, clock: Clock) -> None:
    with pytest.raises(NoMatchError):
        people.sign_in("rina", "wrong", code(secret, clock.now))
    assert people.sign_in("rina", PASSPHRASE, code(secret, clock.now))


def test_one_of_many_at_once_wins(people: Staff, layout: Layout, secret: str, clock: Clock) -> None:
    others = [staff.open_staff(layout, clock) for _ in range(4)]

    def enter(one: Staff) -> bool:
        try:
            return bool(one.sign_in("rina", PASSPHRASE, code(secret, clock.now)))
        except NoMatchError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, others)) == [False, False, False, True]
    for other in others:
        other.close()


def test_the_mark_goes_when_it_is_of_no_use(people: Staff, layout: Layout, secret: str, clock: Clock) -> None:
    token = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    people.account(token)
    assert rows(layout, "SELECT mark IS NULL FROM account") == [(0,)]
    clock.now += 2 * STEP
    people.account(token)
    assert rows(layout, "SELECT mark IS NULL FROM account") == [(1,)]


# Sessions


def test_unknown_tokens(people: Staff) -> None:
    assert people.account(b"") is None
    assert people.account(bytes(32)) is None


def test_a_session_ends_with_its_day(people: Staff, secret: str, clock: Clock) -> None:
    clock.now = MIDNIGHT + 86_399
    token = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    assert people.account(token)
    clock.now += 1
    assert people.account(token) is None


def test_sessions_of_other_days_are_erased(people: Staff, layout: Layout, secret: str, clock: Clock) -> None:
    people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    clock.now += 86_400
    people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    assert rows(layout, "SELECT day FROM session") == [("2026-11-24",)]


def test_sign_out_ends_one_session(people: Staff, secret: str, clock: Clock) -> None:
    first = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    clock.now += STEP
    second = people.sign_in("rina", PASSPHRASE, code(secret, clock.now))
    people.sign_out(first)
    people.sign_out(first)
    assert people.account(first) is None
    assert people.account(second)


# Bundles from the station


def test_numbers_rise_and_ids_are_remembered(people: Staff) -> None:
    assert people.last_outbound(OFFICE) == 0
    with people.taking(OFFICE, b"a" * 16, 3):
        pass
    assert people.last_outbound(OFFICE) == 3
    with pytest.raises(BundleTakenError), people.taking(OFFICE, b"a" * 16, 3):
        raise AssertionError
    for number in (1, 2, 3):
        with pytest.raises(OlderBundleTakenError), people.taking(OFFICE, b"b" * 16, number):
            raise AssertionError
    with people.taking(OFFICE, b"b" * 16, 4):
        pass
    assert people.last_outbound(OFFICE) == 4


def test_offices_count_apart(people: Staff) -> None:
    with people.taking(OFFICE, b"a" * 16, 9):
        pass
    with people.taking(OfficeId("dinas-lain"), b"a" * 16, 1):
        pass
    assert people.last_outbound(OfficeId("dinas-lain")) == 1


def test_what_failed_was_not_taken(people: Staff) -> None:
    with pytest.raises(ZeroDivisionError), people.taking(OFFICE, b"a" * 16, 1):
        raise ZeroDivisionError
    assert people.last_outbound(OFFICE) == 0
    with people.taking(OFFICE, b"a" * 16, 1):
        pass


# What is kept


def test_no_column_is_finer_than_a_day(people: Staff, layout: Layout) -> None:
    columns = {
        (table, name)
        for (table,) in rows(layout, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        for _, name, *_ in rows(layout, f"PRAGMA table_info({table})")
    }
    assert columns == {
        *(("account", name) for name in ("name", "office", "role", "passphrase", "totp", "mark")),
        *(("session", name) for name in ("token", "account", "day")),
        *(("outbound", name) for name in ("office", "bundle", "number")),
    }


def test_the_file_is_encrypted(people: Staff, layout: Layout, secret: str) -> None:
    people.close()
    whole = b"".join(path.read_bytes() for path in layout.root.glob("staff.db*"))
    assert len(whole) > 4_096
    for text in (b"SQLite format", b"rina", secret.encode(), b"argon2"):
        assert text not in whole
    with closing(sqlite3.connect(layout.staff)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM account")
