"""The log of the staff: whole chains, one entry for each act, and none for what was not done."""

import io
import multiprocessing
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

from crypto import chained_log
from crypto.chained_log import START, Entry
from crypto.fields import Day, OfficeId
from store import keyfile
from store.database import Database
from store.errors import ConflictError, LastAdministratorError, NoMatchError, NoSuchAccountError, StoreError
from store.layout import Layout
from store.staff import Account, Staff, audit, open_staff
from store.staff.account import SERVER, console
from store.staff.schema import STAFF

from .conftest import CONSOLE, OFFICE, OTHER, PASSPHRASE, STEP, Clock, Person, add, rows

ANI = Account("ani", OFFICE, "administrator")
BUDI = Account("budi", OTHER, "reviewer")


def entries(staff: Staff, office: OfficeId = OFFICE) -> list[Entry]:
    return [entry for entry, _ in staff.log.entries(office)]


def said(staff: Staff, office: OfficeId = OFFICE, begin: int = 0) -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.act, entry.subject) for entry in entries(staff, office)[begin:]]


def exported(staff: Staff, office: OfficeId = OFFICE) -> bytes:
    return b"".join(chained_log.export(office, staff.log.entries(office)))


def test_every_act_of_accounts_leaves_one_entry(staff: Staff, rina: Person, clock: Clock) -> None:
    code = staff.people.invite(CONSOLE, "ani", "administrator")
    secret = staff.invitations.choose_passphrase(code, PASSPHRASE).secret
    assert secret
    first, *_ = staff.invitations.complete(code, pyotp.TOTP(secret).at(int(clock.now)))
    clock.now += STEP
    ani = Person(ANI, secret, clock)
    staff.sessions.sign_in(ani.says(code=first))
    staff.people.invite(ANI, "zoe", "reviewer")
    staff.people.change_role(ANI, "rina", "monitor")
    staff.people.reset(ANI, "rina")
    staff.people.remove(ANI, "rina")
    staff.credentials.change_passphrase(ANI, "gajah makan awan biru pagi")
    staff.credentials.renew_recovery_codes(ANI)
    staff.invitations.renew_authenticator(ANI)
    staff.sessions.sign_out_everywhere(ANI)
    assert said(staff) == [
        ("(console)", "account-made", "rina reviewer"),
        ("(console)", "invited", "ani administrator"),
        ("ani", "invitation-used", ""),
        ("ani", "recovery-used", ""),
        ("ani", "signed-in", ""),
        ("ani", "invited", "zoe reviewer"),
        ("ani", "role-changed", "rina monitor"),
        ("ani", "reset", "rina"),
        ("ani", "removed", "rina"),
        ("ani", "passphrase-changed", ""),
        ("ani", "recovery-renewed", ""),
        ("ani", "authenticator-renewed", ""),
        ("ani", "left-everywhere", ""),
    ]


def test_sign_ins_of_a_day_are_one_entry(staff: Staff, rina: Person, clock: Clock) -> None:
    for _ in range(3):
        staff.sessions.sign_in(rina.says())
        clock.now += STEP
    clock.now += 86_400
    staff.sessions.sign_in(rina.says())
    signed_in = [entry for entry in entries(staff) if entry.act == "signed-in"]
    assert [entry.day for entry in signed_in] == ["2026-11-23", "2026-11-24"]


def test_a_taken_bundle_is_logged_with_what_it_did(staff: Staff) -> None:
    with staff.taken.taking(ANI, b"a" * 16, 3) as log:
        log("keys-published", "7")
    assert said(staff) == [("ani", "keys-published", "7"), ("ani", "bundle-imported", "3")]


def _taking_fails(staff: Staff) -> None:
    with staff.taken.taking(ANI, b"a" * 16, 3) as log:
        log("keys-published", "7")
        raise NoMatchError


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda staff: staff.people.remove(ANI, "nobody"), NoSuchAccountError),
        (lambda staff: staff.people.remove(ANI, "ani"), LastAdministratorError),
        (lambda staff: staff.people.reset(ANI, "ani"), LastAdministratorError),
        (lambda staff: staff.people.change_role(ANI, "ani", "monitor"), LastAdministratorError),
        (lambda staff: staff.people.invite(ANI, "ani", "monitor"), StoreError),
        (lambda staff: staff.credentials.change_passphrase(BUDI, PASSPHRASE), NoSuchAccountError),
        (lambda staff: staff.invitations.renew_authenticator(BUDI), NoSuchAccountError),
        (_taking_fails, NoMatchError),
    ],
)
def test_what_was_not_done_leaves_no_entry(
    staff: Staff, clock: Clock, act: Callable[[Staff], object], error: type[Exception]
) -> None:
    add(staff, clock, ANI)
    before = said(staff), said(staff, OTHER)
    with pytest.raises(error):
        act(staff)
    assert (said(staff), said(staff, OTHER)) == before


def test_an_act_whose_entry_cannot_be_written_is_not_done(
    staff: Staff, rina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported(staff)
    monkeypatch.setattr("store.staff.audit.next_hash", lambda _former, _entry: b"short")
    for act in (
        lambda: staff.people.remove(CONSOLE, "rina"),
        lambda: staff.people.invite(CONSOLE, "zoe", "monitor"),
        lambda: staff.credentials.renew_recovery_codes(rina.account),
    ):
        with pytest.raises(ConflictError):
            act()
    assert [person.name for person in staff.people.listed(OFFICE)] == ["rina"]
    assert staff.credentials.recovery_codes_left(rina.account) == 0
    assert exported(staff) == before


def test_each_office_has_a_chain_of_its_own_and_so_has_the_server(staff: Staff) -> None:
    for actor in (ANI, BUDI, console(SERVER), ANI):
        staff.log.note(actor, "bundle-asked")
    assert [entry.number for entry in entries(staff)] == [1, 2]
    assert [(entry.number, entry.actor) for entry in entries(staff, OTHER)] == [(1, "budi")]
    assert [(entry.number, entry.actor) for entry in entries(staff, SERVER)] == [(1, "(console)")]
    for office in (OFFICE, OTHER, SERVER):
        found = chained_log.verify(io.BytesIO(exported(staff, office)))
        assert (found.office, found.head) == (office, staff.log.head(office).hash)
    assert staff.log.head(OfficeId("nowhere")).hash == START


def test_pages_show_every_entry_once_newest_first(staff: Staff) -> None:
    for number in range(7):
        staff.log.note(ANI, "bundle-downloaded", str(number))
    found, before = [], None
    while page := staff.log.page(OFFICE, before, 3):
        found += page
        before = page[-1].number
    assert [entry.number for entry in found] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET subject = 'other' WHERE number = 1",
        "UPDATE log SET number = 9 WHERE number = 2",
        "DELETE FROM log WHERE number = 2",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT office, 1, day, actor, act, subject, hash FROM log",
        "INSERT INTO log SELECT office, 9, day, actor, act, subject, hash FROM log WHERE number = 2",
    ],
)
def test_the_database_refuses_to_change_an_entry(staff: Staff, layout: Layout, statement: str) -> None:
    staff.log.note(ANI, "bundle-asked")
    staff.log.note(ANI, "bundle-asked")
    before = exported(staff)
    database = Database(layout.staff, keyfile.read(layout.staff_key), STAFF)
    with pytest.raises(ConflictError), database.write() as connection:
        connection.execute(statement)
    database.close()
    assert exported(staff) == before


def _add_many(root: Path, name: str, times: int) -> None:
    staff = open_staff(Layout(root))
    for _ in range(times):
        staff.log.note(Account(name, OFFICE, "reviewer"), "bundle-asked")
    staff.close()


def test_writers_of_several_processes_keep_one_chain(staff: Staff, layout: Layout) -> None:
    context = multiprocessing.get_context("fork")
    writers = [
        context.Process(target=_add_many, args=(layout.root, name, 25)) for name in ("rina", "zoe", "ani")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert chained_log.verify(io.BytesIO(exported(staff))).count == 75
    assert {entry.actor for entry in entries(staff)} == {"rina", "zoe", "ani"}


def test_ten_thousand_entries_are_exported_a_few_at_a_time(staff: Staff) -> None:
    with staff.database.write() as connection:
        for number in range(10_000):
            audit.write(connection, Day("2026-11-23"), ANI, "bundle-downloaded", str(number))
    tracemalloc.start()
    size = sum(len(line) for line in chained_log.export(OFFICE, staff.log.entries(OFFICE)))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 1_500_000
    assert most < size / 2
    assert chained_log.verify(io.BytesIO(exported(staff))).count == 10_000


def test_what_is_added_during_an_export_is_left_to_the_next(staff: Staff) -> None:
    staff.log.note(ANI, "bundle-asked")
    lines = chained_log.export(OFFICE, staff.log.entries(OFFICE))
    first = [next(lines), next(lines)]
    staff.log.note(ANI, "bundle-asked")
    assert chained_log.verify(io.BytesIO(b"".join([*first, *lines]))).count == 1


def test_nothing_is_finer_than_a_day(staff: Staff, layout: Layout) -> None:
    staff.log.note(ANI, "bundle-asked")
    assert rows(layout, "SELECT office, number, day, actor, act, subject FROM log") == [
        (OFFICE, 1, "2026-11-23", "ani", "bundle-asked", "")
    ]
