"""Who gets a session, and how long it lasts."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.errors import NoMatchError
from store.layout import Layout
from store.staff import Staff, open_staff

from .conftest import MIDNIGHT, OTHER, PASSPHRASE, RINA, STEP, Clock, Person, rows


def test_right_name_passphrase_and_code(staff: Staff, rina: Person) -> None:
    entry = staff.sessions.sign_in(rina.says())
    assert entry.account == RINA
    assert staff.sessions.account(entry.session) == RINA


def test_a_forgiving_spelling(staff: Staff, rina: Person) -> None:
    digits = rina.code()
    assert staff.sessions.sign_in(rina.says(name=" Rina ", code=f" {digits[:3]} {digits[3:]} "))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "budi"},
        {"name": ""},
        {"name": "rina' OR '1'='1"},
        {"name": "rina\0"},
        {"name": "\ud800"},
        {"office": OTHER},
        {"office": ""},
        {"office": "\ud800"},
        {"passphrase": PASSPHRASE.upper()},
        {"passphrase": ""},
        {"passphrase": "\ud800"},
        *(
            {"code": code}
            for code in ("", "00000", "0000000", "abcdef", "１２３４５６", "\ud800", "0" * 1_000)
        ),
    ],
)
def test_whatever_is_wrong_is_one_error(staff: Staff, rina: Person, wrong: dict[str, str]) -> None:
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(**wrong))


@pytest.mark.parametrize("shift", [-2 * STEP, 2 * STEP])
def test_codes_of_other_times_are_wrong(staff: Staff, rina: Person, shift: float) -> None:
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(code=rina.code(shift)))


def test_an_unknown_name_costs_the_same_hash(
    staff: Staff, rina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same function, same parameters: what is hashed for nobody is hashed for everybody."""
    kept: list[str] = []

    def matches(hashed: str, _passphrase: str) -> bool:
        kept.append(hashed)
        return False

    monkeypatch.setattr("store.passphrase.matches", matches)
    for name in ("rina", "budi"):
        with pytest.raises(NoMatchError):
            staff.sessions.sign_in(rina.says(name=name))
    known, nobody = (text.split("$")[:4] for text in kept)
    assert known == nobody
    assert [len(part) for part in kept[0].split("$")] == [len(part) for part in kept[1].split("$")]


def test_no_token_is_stored(staff: Staff, layout: Layout, rina: Person) -> None:
    entry = staff.sessions.sign_in(rina.says())
    day = "2026-11-23"
    assert rows(layout, "SELECT token, day FROM session") == [(hashlib.sha256(entry.session).digest(), day)]
    assert rows(layout, "SELECT token, day FROM browser") == [(hashlib.sha256(entry.browser).digest(), day)]


# A code is good once


def test_code_cannot_be_replayed(staff: Staff, rina: Person, clock: Clock) -> None:
    used = rina.says()
    staff.sessions.sign_in(used)
    for later in (0, STEP):
        clock.now += later
        with pytest.raises(NoMatchError):
            staff.sessions.sign_in(used)


def test_an_earlier_code_is_spent_too(staff: Staff, rina: Person) -> None:
    staff.sessions.sign_in(rina.says(code=rina.code(STEP)))
    for shift in (-STEP, 0, STEP):
        with pytest.raises(NoMatchError):
            staff.sessions.sign_in(rina.says(code=rina.code(shift)))


def test_the_next_code_is_good(staff: Staff, rina: Person, clock: Clock) -> None:
    staff.sessions.sign_in(rina.says())
    clock.now += STEP
    assert staff.sessions.sign_in(rina.says())


def test_a_wrong_passphrase_spends_no_code(staff: Staff, rina: Person) -> None:
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(passphrase="wrong"))
    assert staff.sessions.sign_in(rina.says())


def test_one_of_many_at_once_wins(staff: Staff, layout: Layout, rina: Person, clock: Clock) -> None:
    others = [open_staff(layout, clock) for _ in range(4)]

    def enter(one: Staff) -> bool:
        try:
            return bool(one.sessions.sign_in(rina.says()))
        except NoMatchError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, others)) == [False, False, False, True]
    for other in others:
        other.close()


def test_the_mark_goes_when_it_is_of_no_use(staff: Staff, layout: Layout, rina: Person, clock: Clock) -> None:
    token = staff.sessions.sign_in(rina.says()).session
    staff.sessions.account(token)
    assert rows(layout, "SELECT mark IS NULL FROM account") == [(0,)]
    clock.now += 2 * STEP
    staff.sessions.account(token)
    assert rows(layout, "SELECT mark IS NULL FROM account") == [(1,)]


# Sessions


def test_unknown_tokens(staff: Staff) -> None:
    assert staff.sessions.account(b"") is None
    assert staff.sessions.account(bytes(32)) is None


def test_a_session_ends_with_its_day(staff: Staff, rina: Person, clock: Clock) -> None:
    clock.now = MIDNIGHT + 86_399
    token = staff.sessions.sign_in(rina.says()).session
    assert staff.sessions.account(token)
    clock.now += 1
    assert staff.sessions.account(token) is None


def test_sessions_of_other_days_are_erased(staff: Staff, layout: Layout, rina: Person, clock: Clock) -> None:
    staff.sessions.sign_in(rina.says())
    clock.now += 86_400
    staff.sessions.sign_in(rina.says())
    assert rows(layout, "SELECT day FROM session") == [("2026-11-24",)]


def test_sign_out_ends_one_session(staff: Staff, rina: Person, clock: Clock) -> None:
    first = staff.sessions.sign_in(rina.says()).session
    clock.now += STEP
    second = staff.sessions.sign_in(rina.says()).session
    staff.sessions.sign_out(first)
    staff.sessions.sign_out(first)
    assert staff.sessions.account(first) is None
    assert staff.sessions.account(second)


def test_sign_out_everywhere_ends_all_of_ones_own(
    staff: Staff, layout: Layout, rina: Person, clock: Clock
) -> None:
    tokens = []
    for _ in range(2):
        tokens.append(staff.sessions.sign_in(rina.says()).session)
        clock.now += STEP
    staff.sessions.sign_out_everywhere(RINA)
    assert [staff.sessions.account(token) for token in tokens] == [None, None]
    assert rows(layout, "SELECT * FROM session UNION ALL SELECT * FROM browser") == []
