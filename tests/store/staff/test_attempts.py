"""Nobody guesses on, and nobody is locked out by a stranger (decision 0021)."""

import hashlib
from collections.abc import Iterator

import pytest

from store.errors import NoMatchError
from store.layout import Layout
from store.staff import Staff
from store.staff.attempts import MOST_A_DAY
from store.staff.credentials import Attempt

from .conftest import PASSPHRASE, STEP, Clock, Person, rows

DAY = 86_400


class QuickHash:
    """Stands in for Argon2id where a thousand attempts would take minutes: same answers, no work."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def matches(self, kept: str, said: str) -> bool:
        self.tried.append(said)
        return kept.startswith("$argon2id$") and kept != NOBODY and said == PASSPHRASE


NOBODY = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[QuickHash]:
    hasher = QuickHash()
    monkeypatch.setattr("store.passphrase.matches", hasher.matches)
    yield hasher


def fails(staff: Staff, said: Attempt) -> bool:
    try:
        staff.sessions.sign_in(said)
    except NoMatchError:
        return True
    return False


def test_a_strangers_thousand_attempts_keep_nobody_out(staff: Staff, rina: Person, quick: QuickHash) -> None:
    for number in range(1_000):
        assert fails(staff, rina.says(passphrase=f"guess {number}", code=rina.wrong_code()))
    assert not fails(staff, rina.says()), "in a browser that nobody knows"


def test_strangers_use_up_nothing_and_write_one_row(
    staff: Staff, layout: Layout, rina: Person, quick: QuickHash
) -> None:
    for name in ("rina", "budi", "nobody", ""):
        assert fails(staff, rina.says(name=name, passphrase="x", code=rina.wrong_code()))
    assert rows(layout, "SELECT office, name, count FROM attempt") == [("", "", 4)]


def test_who_has_the_authenticator_tries_so_many_passphrases_a_day(
    staff: Staff, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    for number in range(MOST_A_DAY):
        assert fails(staff, rina.says(passphrase=f"guess {number}"))
    assert fails(staff, rina.says()), "the right one, too late"
    clock.now += DAY
    assert not fails(staff, rina.says())


def test_who_has_the_passphrase_tries_so_many_codes_a_day(
    staff: Staff, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    for _ in range(MOST_A_DAY):
        assert fails(staff, rina.says(code=rina.wrong_code()))
    assert fails(staff, rina.says())
    clock.now += DAY
    assert not fails(staff, rina.says())


def test_a_browser_of_ones_own_has_attempts_of_its_own(
    staff: Staff, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    mine = staff.sessions.sign_in(rina.says()).browser
    for _ in range(MOST_A_DAY + 1):
        assert fails(staff, rina.says(code=rina.wrong_code()))
    clock.now += STEP
    assert fails(staff, rina.says()), "elsewhere"
    assert not fails(staff, rina.says(browser=mine))


def test_a_known_browser_cannot_guess_on_either(
    staff: Staff, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    mine = staff.sessions.sign_in(rina.says()).browser
    clock.now += STEP
    for _ in range(MOST_A_DAY):
        assert fails(staff, rina.says(code=rina.wrong_code(), browser=mine))
    assert fails(staff, rina.says(browser=mine))
    assert not fails(staff, rina.says()), "others are not held back by it"


def test_anothers_browser_is_unknown(staff: Staff, rina: Person, quick: QuickHash, layout: Layout) -> None:
    budi = Person(rina.account, rina.secret, rina.clock)
    mine = staff.sessions.sign_in(budi.says()).browser
    other = staff.people.add("budi", rina.account.office, PASSPHRASE)
    said = Person(rina.account, other, rina.clock).says(name="budi", passphrase="wrong", browser=mine)
    assert fails(staff, said)
    assert rows(layout, "SELECT lane FROM attempt WHERE name = 'budi'") == [(b"",)]


def test_a_recovery_code_gets_in_when_strangers_hold_a_factor(
    staff: Staff, rina: Person, quick: QuickHash
) -> None:
    code = staff.credentials.renew_recovery_codes(rina.account)[0]
    for _ in range(MOST_A_DAY):
        assert fails(staff, rina.says(code=rina.wrong_code()))
    assert fails(staff, rina.says())
    assert not fails(staff, rina.says(code=code))


def test_a_recovery_code_does_not_let_guess_on(staff: Staff, rina: Person, quick: QuickHash) -> None:
    first, second, *_ = staff.credentials.renew_recovery_codes(rina.account)
    for _ in range(MOST_A_DAY):
        assert fails(staff, rina.says(passphrase="wrong", code=first))
    assert fails(staff, rina.says(code=first))
    assert not fails(staff, rina.says(code=second))


def test_asking_again_counts_too(staff: Staff, rina: Person, clock: Clock, quick: QuickHash) -> None:
    for _ in range(MOST_A_DAY):
        with pytest.raises(NoMatchError):
            staff.credentials.confirm(rina.account, rina.says(passphrase="wrong"))
    with pytest.raises(NoMatchError):
        staff.credentials.confirm(rina.account, rina.says())


def test_a_browser_is_renewed_at_each_sign_in_and_forgotten_in_time(
    staff: Staff, layout: Layout, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    first = staff.sessions.sign_in(rina.says()).browser
    clock.now += STEP
    second = staff.sessions.sign_in(rina.says(browser=first)).browser
    assert rows(layout, "SELECT token FROM browser") == [(hashlib.sha256(second).digest(),)]
    clock.now += 91 * DAY
    third = staff.sessions.sign_in(rina.says()).browser
    assert rows(layout, "SELECT token FROM browser") == [(hashlib.sha256(third).digest(),)]


def test_counts_go_with_their_day(
    staff: Staff, layout: Layout, rina: Person, clock: Clock, quick: QuickHash
) -> None:
    assert fails(staff, rina.says(passphrase="wrong"))
    clock.now += DAY
    assert not fails(staff, rina.says())
    assert rows(layout, "SELECT * FROM attempt") == []
