"""Conflicts of interest hold by keys: who has one has no way to the case, whichever of both came first.

Requirement R14, S0-14.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.fields import OfficeId, ReviewerId
from tests.workstation.ceremonies import R1, newcomer, renew
from tests.workstation.office import TODAY, Desk
from tests.workstation.test_reviewers import file_cases
from workstation import cases, reminders, sharing, thread
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import (
    ConflictOfInterestError,
    NobodyLeftError,
    NoSuchDeclarationError,
    WordsMissingError,
)
from workstation.cli import main
from workstation.errors import NoSuchCaseError, VaultDamagedError
from workstation.inbox import import_bundle
from workstation.offices import registry
from workstation.offices.registry import Office
from workstation.opening import open_sealed, problems
from workstation.review import classifying, conflict, routing
from workstation.review.classification import Classification
from workstation.staffing import Staffing
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
R2, R3 = ReviewerId("r2"), ReviewerId("r3")
DINAS, SEKOLAH = "dinas-pendidikan", "sd-1"
NAMES = {"en": "Education agency", "id": "Dinas Pendidikan"}


def enter_offices(station: Station) -> None:
    school = Office(OfficeId(SEKOLAH), {"en": "School 1", "id": "SD 1"}, "unit", DINAS)
    registry.add(station, [Office(OfficeId(DINAS), NAMES, "opd"), school], TODAY)


def about(office: str = "", category: str = "") -> Classification:
    return Classification("aduan", "integrity", category, office)


def read_by(unlocked: Unlock, reviewer: str) -> set[int]:
    with unlocked(reviewer) as station:
        return {case.number for case in cases.readable(station)}


def state(station: Station) -> list[object]:
    return [station.vault.rows(f"SELECT * FROM {table}") for table in ("readers", "cases", "steps", "log")]


def test_who_declares_it_in_a_case_has_no_way_back(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r2") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        old = cases.find(station, number).key
        with pytest.raises(WordsMissingError):
            conflict.declare(station, cases.find(station, number), " ", TODAY)
        conflict.declare(station, cases.find(station, number), "Terlapor ipar saya.", TODAY)
        with pytest.raises(NoSuchCaseError):
            cases.find(station, number)
        assert list(cases.readable(station)) == []
        for _id, opening in station.vault.rows("SELECT id, opening FROM openings"):
            with pytest.raises(VaultDamagedError):
                old.open(opening, b"log", _id)
        import_bundle(station, desk.deliver(2, [reporter.text("lanjutan")]))
        assert [problem.kind for problem in problems(station)] == ["waiting"]
    with unlocked("r1") as station:
        with station.vault.transaction():
            open_sealed(station)
        case = cases.find(station, number)
        assert case.head.conflicted == (R2,)
        assert len(thread.messages(station, case)) == 2
        (step,) = journal.of_kind(journal.of_case(station, case), "conflict")
        assert (step.reviewer, step.details["reason"]) == (R2, "Terlapor ipar saya.")
        assert sharing.others(station, case) == []
        with pytest.raises(ConflictOfInterestError):
            sharing.share(station, [number], "r2")
        assert sharing.share_all(station, "r2").kept == (number,)
    assert read_by(unlocked, "r2") == set()
    assert read_by(unlocked, "r3") == {number}


def test_nobody_gives_up_what_they_alone_read(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, ["r1", "r3"])
    with unlocked("r2") as station:
        (case,) = cases.readable(station)
        before = state(station)
        with pytest.raises(NobodyLeftError):
            conflict.declare(station, case, "Ipar.", TODAY)
        assert state(station) == before
        assert list(cases.readable(station)) == [case]


@pytest.mark.parametrize("office", [DINAS, SEKOLAH])
def test_a_classification_takes_the_keys_of_who_declared_it_before(
    desk: Desk, unlocked: Unlock, office: str
) -> None:
    """Also of what is about an office below the declared one."""
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r2") as station:
        enter_offices(station)
        assert conflict.declare_standing(station, "office", DINAS, "Saya pernah bekerja di sana.", TODAY) == (
            conflict.Declared((), ())
        )
    with unlocked("r1") as station:
        routing.replace_table(station, {DINAS: (R2, R3)})
        routing.assign(station, cases.find(station, number), "r2", TODAY)
        done = classifying.classify(station, cases.find(station, number), about(office), TODAY)
        assert done.away == ("r2",)
        assert done.case.head.assigned == "r3"
        assert cases.readers(station, done.case) == [R1, R3]
        with pytest.raises(ConflictOfInterestError):
            sharing.share(station, [number], "r2")
    assert read_by(unlocked, "r2") == set()
    assert read_by(unlocked, "r3") == {number}


def test_who_classifies_may_lose_the_case_by_it(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r2") as station:
        conflict.declare_standing(station, "category", "pungli", "Ipar saya bendahara.", TODAY)
        done = classifying.classify(station, cases.find(station, number), about("", "pungli"), TODAY)
        assert done.away == ("r2",)
        assert list(cases.readable(station)) == []
    assert read_by(unlocked, "r1") == {number}


def test_no_classification_leaves_a_case_without_readers(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    for reviewer in ("r1", "r2", "r3"):
        with unlocked(reviewer) as station:
            conflict.declare_standing(station, "category", "suap", "Kami semua.", TODAY)
    with unlocked("r1") as station:
        before = state(station)
        with pytest.raises(NobodyLeftError):
            classifying.classify(station, cases.find(station, number), about("", "suap"), TODAY)
        assert state(station) == before
        assert cases.find(station, number).head.category == ""


def test_a_later_declaration_takes_what_it_concerns(desk: Desk, unlocked: Unlock) -> None:
    """A case that the declarer alone reads goes when it is handed over."""
    shared, other, alone = sorted(file_cases(desk, unlocked, [], [], ["r1", "r3"]), key=_alone(unlocked))
    with unlocked("r2") as station:
        enter_offices(station)
        for number, office in ((shared, SEKOLAH), (alone, DINAS)):
            classifying.classify(station, cases.find(station, number), about(office), TODAY)
        done = conflict.declare_standing(station, "office", DINAS, "Dulu kepala dinas.", TODAY)
        assert done == conflict.Declared((shared,), (alone,))
        assert conflict.still_read(station) == [alone]
        assert str(alone) in reminders.reminders(station, TODAY)[-1]
        assert {case.number for case in cases.readable(station)} == {other, alone}
        with pytest.raises(NobodyLeftError):
            conflict.declare(station, cases.find(station, alone), "Ipar.", TODAY)
    renew(desk, R2, Staffing(joins=newcomer()))
    assert read_by(unlocked, "r2") == {other}
    assert read_by(unlocked, "r4") == {other, alone}
    assert read_by(unlocked, "r1") == {shared, other}


def _alone(unlocked: Unlock) -> Callable[[int], bool]:
    """Sorts those that r1 reads too before the others."""
    read = read_by(unlocked, "r1")
    return lambda number: number not in read


def test_handing_it_over_takes_the_key_of_who_had_to_keep_it(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r2") as station:
        routing.assign(station, cases.find(station, number), "r3", TODAY, only=True)
    with unlocked("r3") as station:
        classifying.classify(station, cases.find(station, number), about("", "suap"), TODAY)
        assert conflict.declare_standing(station, "category", "suap", "Ipar.", TODAY).alone == (number,)
        assert sharing.share(station, [number], "r1").given == (number,)
        assert conflict.still_read(station) == list(cases.readable(station)) == []
    assert read_by(unlocked, "r1") == {number}


def test_another_classification_or_an_ended_declaration_lets_it_be_handed_back(
    desk: Desk, unlocked: Unlock
) -> None:
    """But not what somebody gave up in the case itself; and nothing comes back by itself."""
    one, two = file_cases(desk, unlocked, [], [])
    with unlocked("r2") as station:
        conflict.declare_standing(station, "category", "suap", "Ipar.", TODAY)
        conflict.declare(station, cases.find(station, two), "Ipar.", TODAY)
    with unlocked("r1") as station:
        for number in (one, two):
            classifying.classify(station, cases.find(station, number), about("", "suap"), TODAY)
        with pytest.raises(NoSuchDeclarationError):
            conflict.end(station, "category", "suap")  # not r1's
        classifying.classify(station, cases.find(station, one), about("", "pungli"), TODAY)
    assert read_by(unlocked, "r2") == set()
    with unlocked("r1") as station:
        assert sharing.share_all(station, "r2") == sharing.Shared((one,), (), (two,))
        classifying.classify(station, cases.find(station, one), about("", "suap"), TODAY)
    assert read_by(unlocked, "r2") == set()
    with unlocked("r2") as station:
        conflict.end(station, "category", "suap")
        assert conflict.standing(station.vault) == ()
        assert list(cases.readable(station)) == []
    with unlocked("r1") as station:
        assert sharing.share_all(station, "r2").kept == (two,)
    assert read_by(unlocked, "r2") == {one}


def commands(number: int) -> list[list[str]]:
    case = str(number)
    return [
        ["classify", case],
        ["classify", case, "--category", "suap"],
        ["review", case, "--template"],
        ["review", case, "--reasons", "x"],
        ["plan", case, "show"],
        ["plan", case, "add", "--what", "x", "--who", "x", "--until", TODAY],
        ["lessons", case, "--cause", "x", "--improvement", "x"],
        ["conflict", case, "--reason", "x"],
        ["assign", case, "r1"],
    ]


def test_a_reviewer_who_is_reported_and_excluded_later_learns_nothing(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    """r2 handled the case until a message of its reporter said that r2 is the one it is about."""

    def said(words: list[str]) -> str:
        code = main([*words, *desk.as_("r2")])
        captured = capsys.readouterr()
        return f"{code} {captured.out} {captured.err}"

    with unlocked("r2") as station:
        enter_offices(station)
    lists = [["cases"], ["search", "rahasia"], ["due"], ["conflict", "list"]]
    lists += [[account, "--period", TODAY[:4]] for account in ("recap", "register", "performance")]
    before = [said([*words, "--json"]) for words in lists]
    assert all(answer.startswith("0 ") for answer in before), before
    reporter = desk.reporter()
    with unlocked("r2") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report("rahasia")])).opened.cases
        routing.replace_table(station, {DINAS: (R2,)})
        classifying.classify(station, cases.find(station, number), about(DINAS, "suap"), TODAY)
        assert cases.find(station, number).head.assigned == "r2"
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(2, [reporter.text("r2 terlibat", ["r2"])]))
        case = cases.find(station, number)
        assert case.head.assigned == ""
        classifying.classify(station, case, about(DINAS, "pungli"), TODAY)
        assert cases.find(station, number).head.assigned == ""
        with station.vault.transaction():
            assert _of_case(station, cases.find(station, number)) == {"classified": 2, "assigned": 1}

    absent = number + 1 if number < 9_999 else number - 1
    for there, not_there in zip(commands(number), commands(absent), strict=True):
        assert said(there).replace(str(number), "N") == said(not_there).replace(str(absent), "N")
    assert [said([*words, "--json"]) for words in lists] == before
    for words in (["routing", "show"], ["log"]):
        assert str(number) not in said([*words, "--json"]), words


def _of_case(station: Station, case: Case) -> dict[str, int]:
    kinds = [step.kind for step in journal.of_case(station, case)]
    return {kind: kinds.count(kind) for kind in kinds}
