"""Inviting, changing and removing people; an office's are out of another's reach."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from crypto.errors import MalformedError
from crypto.fields import Day
from store.errors import (
    AccountExistsError,
    LastAdministratorError,
    NoInvitationError,
    NoMatchError,
    NoSuchAccountError,
    NoSuchRoleError,
    WeakPassphraseError,
)
from store.layout import Layout
from store.staff import Account, Staff, open_staff
from store.staff.account import SERVER, console
from store.staff.people import Person as Listed

from .conftest import CONSOLE, OFFICE, OTHER, PASSPHRASE, STEP, Clock, Person, add, rows

ANI = Account("ani", OFFICE, "administrator")
NEW = "gajah makan awan biru pagi"


@pytest.fixture
def ani(staff: Staff, clock: Clock) -> Person:
    return add(staff, clock, ANI)


def accept(staff: Staff, clock: Clock, code: str, account: Account) -> tuple[Person, tuple[str, ...]]:
    secret = staff.invitations.choose_passphrase(code, PASSPHRASE).secret
    assert secret
    person = Person(account, secret, clock)
    recovery = staff.invitations.complete(code, person.code())
    clock.now += STEP
    return person, recovery


# Accounts


@pytest.mark.parametrize("name", ["", "Rina", "rina s", "rina\n", "a" * 33])
def test_name_is_an_id(staff: Staff, name: str) -> None:
    with pytest.raises(MalformedError):
        staff.people.add(name, OFFICE, PASSPHRASE)
    with pytest.raises(MalformedError):
        staff.people.invite(CONSOLE, name, "reviewer")


def test_name_is_taken_once_in_an_office(staff: Staff, rina: Person) -> None:
    with pytest.raises(AccountExistsError):
        staff.people.add("rina", OFFICE, PASSPHRASE)
    with pytest.raises(AccountExistsError):
        staff.people.invite(CONSOLE, "rina", "reviewer")
    staff.people.add("rina", OTHER, PASSPHRASE)


def test_a_weak_passphrase_is_refused(staff: Staff) -> None:
    with pytest.raises(WeakPassphraseError):
        staff.people.add("rina", OFFICE, "inspektorat2026")


def test_roles_are_the_offices_or_the_servers(staff: Staff) -> None:
    for office, role in ((OFFICE, "operator"), (OFFICE, "root"), (OFFICE, ""), (SERVER, "reviewer")):
        with pytest.raises(NoSuchRoleError):
            staff.people.invite(console(office), "rina", role)
    staff.people.invite(console(SERVER), "opi", "operator")


def test_equal_looking_passphrases_are_equal(staff: Staff, clock: Clock) -> None:
    secret = staff.people.add("zoe", OFFICE, "Zoe\u0308 kuda awan bukit gajah")
    said = Person(Account("zoe", OFFICE, "reviewer"), secret, clock)
    assert staff.sessions.sign_in(said.says(passphrase="Zo\u00eb kuda awan bukit gajah"))


# Invitations


def test_an_invitation_leads_to_a_sign_in(staff: Staff, ani: Person, clock: Clock) -> None:
    code = staff.people.invite(ANI, "budi", "reviewer")
    assert staff.people.person(OFFICE, "budi") == Listed("budi", "reviewer", False, Day("2026-11-30"))
    budi, recovery = accept(staff, clock, code, Account("budi", OFFICE, "reviewer"))
    assert staff.sessions.sign_in(budi.says()).account == budi.account
    assert staff.people.person(OFFICE, "budi") == Listed("budi", "reviewer", True, None)
    assert len(set(recovery)) == 10


def test_a_code_is_read_however_it_is_typed(staff: Staff) -> None:
    code = staff.people.invite(CONSOLE, "budi", "reviewer")
    for typed in (code.upper(), code.replace("-", ""), f" {code.replace('-', ' ')} ", code.replace("0", "O")):
        assert staff.invitations.read(typed).name == "budi"


def test_an_invitation_works_once(staff: Staff, clock: Clock) -> None:
    code = staff.people.invite(CONSOLE, "budi", "reviewer")
    accept(staff, clock, code, Account("budi", OFFICE, "reviewer"))
    for attempt in (staff.invitations.read, lambda code: staff.invitations.choose_passphrase(code, NEW)):
        with pytest.raises(NoInvitationError):
            attempt(code)
    with pytest.raises(NoInvitationError):
        staff.invitations.complete(code, "000000")


def test_an_invitation_ends_after_seven_days(staff: Staff, clock: Clock) -> None:
    code = staff.people.invite(CONSOLE, "budi", "reviewer")
    clock.now += 7 * 86_400
    assert staff.invitations.read(code)
    clock.now += 86_400
    with pytest.raises(NoInvitationError):
        staff.invitations.read(code)


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "\ud800", "x" * 1_000])
def test_unknown_invitations(staff: Staff, code: str) -> None:
    staff.people.invite(CONSOLE, "budi", "reviewer")
    with pytest.raises(NoInvitationError):
        staff.invitations.read(code)


def test_the_steps_are_taken_in_their_order(staff: Staff, clock: Clock) -> None:
    code = staff.people.invite(CONSOLE, "budi", "reviewer")
    with pytest.raises(NoInvitationError):
        staff.invitations.complete(code, "000000")
    with pytest.raises(WeakPassphraseError):
        staff.invitations.choose_passphrase(code, "budibudibudi")
    secret = staff.invitations.choose_passphrase(code, PASSPHRASE).secret
    budi = Person(Account("budi", OFFICE, "reviewer"), secret or "", clock)
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(budi.says())
    with pytest.raises(NoMatchError):
        staff.invitations.complete(code, budi.wrong_code())
    code_now = budi.code()
    staff.invitations.complete(code, code_now)
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(budi.says(code=code_now))


def test_no_code_is_stored(staff: Staff, layout: Layout, clock: Clock) -> None:
    code = staff.people.invite(CONSOLE, "budi", "reviewer")
    other = staff.people.invite(CONSOLE, "ida", "monitor")
    _, recovery = accept(staff, clock, other, Account("ida", OFFICE, "monitor"))
    kept = str(rows(layout, "SELECT * FROM invitation")) + str(rows(layout, "SELECT * FROM recovery"))
    for each in (code, *recovery):
        for form in (each, each.replace("-", "")):
            assert form not in kept
    assert len(rows(layout, "SELECT * FROM recovery")) == 10


# Recovery codes, and one's own sign-in


def test_a_recovery_code_works_once(staff: Staff, rina: Person, clock: Clock) -> None:
    first, second, *_ = staff.credentials.renew_recovery_codes(rina.account)
    assert staff.sessions.sign_in(rina.says(code=first.upper()))
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(code=first))
    assert staff.credentials.recovery_codes_left(rina.account) == 9
    staff.credentials.confirm(rina.account, rina.says(code=second))
    assert staff.credentials.recovery_codes_left(rina.account) == 8


def test_new_recovery_codes_end_the_old(staff: Staff, rina: Person) -> None:
    old = staff.credentials.renew_recovery_codes(rina.account)[0]
    staff.credentials.renew_recovery_codes(rina.account)
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(code=old))


def test_anothers_recovery_code_is_wrong(staff: Staff, rina: Person, ani: Person) -> None:
    code = staff.credentials.renew_recovery_codes(ANI)[0]
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(code=code))


def test_confirming_needs_ones_own_and_spends_the_code(staff: Staff, rina: Person, ani: Person) -> None:
    with pytest.raises(NoMatchError):
        staff.credentials.confirm(ANI, rina.says())
    staff.credentials.confirm(rina.account, rina.says())
    with pytest.raises(NoMatchError):
        staff.credentials.confirm(rina.account, rina.says())


def test_a_changed_passphrase_ends_sessions(staff: Staff, rina: Person, clock: Clock) -> None:
    token = staff.sessions.sign_in(rina.says()).session
    clock.now += STEP
    with pytest.raises(WeakPassphraseError):
        staff.credentials.change_passphrase(rina.account, "rina inspektorat")
    assert staff.sessions.account(token)
    staff.credentials.change_passphrase(rina.account, NEW)
    assert staff.sessions.account(token) is None
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says())
    assert staff.sessions.sign_in(rina.says(passphrase=NEW))


def test_another_authenticator(staff: Staff, rina: Person, clock: Clock) -> None:
    token = staff.sessions.sign_in(rina.says()).session
    clock.now += STEP
    code = staff.invitations.renew_authenticator(rina.account)
    secret = staff.invitations.read(code).secret
    assert secret
    assert secret != rina.secret
    assert staff.sessions.sign_in(rina.says()), "the old one works until the new one is set up"
    clock.now += STEP
    renewed = Person(rina.account, secret, clock)
    staff.invitations.complete(code, renewed.code())
    clock.now += STEP
    assert staff.sessions.account(token) is None
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says())
    assert staff.sessions.sign_in(renewed.says())


def test_a_set_up_under_way_does_not_bring_an_old_passphrase_back(
    staff: Staff, rina: Person, clock: Clock
) -> None:
    code = staff.invitations.renew_authenticator(rina.account)
    staff.credentials.change_passphrase(rina.account, NEW)
    with pytest.raises(NoInvitationError):
        staff.invitations.read(code)


# What administrators do


def test_a_reset_ends_the_sign_in_at_once(staff: Staff, ani: Person, rina: Person, clock: Clock) -> None:
    recovery = staff.credentials.renew_recovery_codes(rina.account)[0]
    token = staff.sessions.sign_in(rina.says()).session
    clock.now += STEP
    code = staff.people.reset(ANI, "rina")
    assert staff.sessions.account(token) is None
    for said in (rina.says(), rina.says(code=recovery)):
        with pytest.raises(NoMatchError):
            staff.sessions.sign_in(said)
    again, _ = accept(staff, clock, code, rina.account)
    assert staff.sessions.sign_in(again.says())


def test_a_second_invitation_ends_the_first(staff: Staff, ani: Person) -> None:
    first = staff.people.invite(ANI, "budi", "reviewer")
    second = staff.people.reset(ANI, "budi")
    with pytest.raises(NoInvitationError):
        staff.invitations.read(first)
    assert staff.invitations.read(second).name == "budi"


def test_a_role_counts_at_once(staff: Staff, ani: Person, rina: Person) -> None:
    token = staff.sessions.sign_in(rina.says()).session
    staff.people.change_role(ANI, "rina", "monitor")
    assert staff.sessions.account(token) == Account("rina", OFFICE, "monitor")
    with pytest.raises(NoSuchRoleError):
        staff.people.change_role(ANI, "rina", "operator")


def test_whoever_is_removed_is_out_and_nothing_is_left(
    staff: Staff, layout: Layout, ani: Person, rina: Person, clock: Clock
) -> None:
    token = staff.sessions.sign_in(rina.says()).session
    staff.credentials.renew_recovery_codes(rina.account)
    staff.invitations.renew_authenticator(rina.account)
    with pytest.raises(NoMatchError):
        staff.sessions.sign_in(rina.says(passphrase="wrong", code=rina.code(STEP)))
    staff.people.remove(ANI, "rina")
    assert staff.sessions.account(token) is None
    for table in ("account", "invitation", "recovery", "session", "browser", "attempt"):
        assert rows(layout, f"SELECT * FROM {table} WHERE name = 'rina'") == []
    with pytest.raises(NoSuchAccountError):
        staff.people.remove(ANI, "rina")


def test_an_office_keeps_an_administrator(staff: Staff, ani: Person, clock: Clock) -> None:
    staff.people.invite(ANI, "budi", "administrator")
    acts = (
        lambda: staff.people.remove(ANI, "ani"),
        lambda: staff.people.reset(ANI, "ani"),
        lambda: staff.people.change_role(ANI, "ani", "reviewer"),
    )
    for act in acts:
        with pytest.raises(LastAdministratorError):
            act()
    assert staff.sessions.sign_in(ani.says())
    staff.people.add("citra", OFFICE, PASSPHRASE, "administrator")
    staff.people.remove(ANI, "ani")


def test_two_who_remove_each_other_leave_one(staff: Staff, layout: Layout, ani: Person, clock: Clock) -> None:
    other = add(staff, clock, Account("citra", OFFICE, "administrator")).account
    sides = [open_staff(layout, clock) for _ in range(2)]

    def remove(side: Staff, actor: Account, name: str) -> bool:
        try:
            side.people.remove(actor, name)
        except LastAdministratorError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, sides, (ANI, other), ("citra", "ani")))
    assert sorted(done) == [False, True]
    assert len(staff.people.listed(OFFICE)) == 1
    for side in sides:
        side.close()


def test_the_console_may_always_invite_anew(staff: Staff, ani: Person, clock: Clock) -> None:
    again, _ = accept(staff, clock, staff.people.reset(CONSOLE, "ani"), ANI)
    assert staff.sessions.sign_in(again.says())


def test_another_office_is_out_of_reach(staff: Staff, ani: Person) -> None:
    staff.people.add("budi", OTHER, PASSPHRASE)
    acts = (
        lambda name: staff.people.remove(ANI, name),
        lambda name: staff.people.reset(ANI, name),
        lambda name: staff.people.change_role(ANI, name, "monitor"),
        lambda name: staff.people.person(OFFICE, name),
    )
    for act in acts:
        for name in ("budi", "nobody", "", "\ud800"):
            with pytest.raises(NoSuchAccountError):
                act(name)
    assert [person.name for person in staff.people.listed(OFFICE)] == ["ani"]
    assert [person.name for person in staff.people.listed(OTHER)] == ["budi"]
