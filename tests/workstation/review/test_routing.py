"""Who handles what: the routing table, and cases that are assigned.

Requirement R14, S4-3.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto.fields import ReviewerId
from tests.workstation.office import TODAY, Desk
from tests.workstation.review.test_conflict import DINAS, SEKOLAH, about, enter_offices, read_by
from tests.workstation.test_reviewers import file_cases
from workstation import cases
from workstation.casework import journal
from workstation.casework.errors import BadRoutingError, NotAReaderError, OnlyForYourselfError
from workstation.cli import main
from workstation.errors import UnknownReviewerError
from workstation.offices.office_errors import NoSuchOfficeError
from workstation.review import classifying, routing
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
R1, R2, R3 = (ReviewerId(f"r{n}") for n in range(1, 4))


def test_a_case_goes_to_the_first_of_the_table_who_reads_it(desk: Desk, unlocked: Unlock) -> None:
    one, two = file_cases(desk, unlocked, [], ["r3"])
    with unlocked("r1") as station:
        enter_offices(station)
        routing.replace_table(station, {DINAS: (R3, R2)})
        for number in (one, two):
            case = cases.find(station, number)
            wanted = "r2" if "r3" in case.head.excluded else "r3"
            done = classifying.classify(station, case, about(SEKOLAH), TODAY)
            assert done.case.head.assigned == wanted
        routing.assign(station, cases.find(station, one), "r1", TODAY)
        classifying.classify(station, cases.find(station, one), about(SEKOLAH, "suap"), TODAY)
        assert cases.find(station, one).head.assigned == "r1"  # the office is the same
        routing.route(station, SEKOLAH, ["r2"])
        classifying.classify(station, cases.find(station, one), about(DINAS), TODAY)
        classifying.classify(station, cases.find(station, one), about(SEKOLAH), TODAY)
        case = cases.find(station, one)
        assert case.head.assigned == "r2"
        steps = journal.of_kind(journal.of_case(station, case), "assigned")
        assert routing.latest(steps) == "r2"
        routing.route(station, SEKOLAH, [])
        assert routing.table(station.vault) == {DINAS: (R3, R2)}


def test_who_does_not_read_a_case_does_not_handle_it(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, ["r3"])
    with unlocked("r1") as station:
        for nobody in ("r3", "r9"):
            with pytest.raises(NotAReaderError):
                routing.assign(station, cases.find(station, number), nobody, TODAY)


def test_only_one_reads_it_from_then_on_but_nobody_takes_it_for_themselves(
    desk: Desk, unlocked: Unlock
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        with pytest.raises(OnlyForYourselfError):
            routing.assign(station, case, "r1", TODAY, only=True)
        assert cases.readers(station, case) == [R1, R2, R3]
        routing.assign(station, case, "r3", TODAY, only=True)
        assert list(cases.readable(station)) == []
    assert read_by(unlocked, "r2") == set()
    assert read_by(unlocked, "r3") == {number}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("[]", BadRoutingError),
        ('{"x": "r1"}', BadRoutingError),
        ('{"x": []}', BadRoutingError),
        ('{"dinas-pendidikan": ["r1", "r1"]}', BadRoutingError),
        ('{"dinas-pendidikan": ["R1"]}', BadRoutingError),
        ('{"dinas-pendidikan": ["r9"]}', UnknownReviewerError),
        ('{"tidak-ada": ["r1"]}', NoSuchOfficeError),
    ],
)
def test_a_wrong_table_is_refused(
    desk: Desk, unlocked: Unlock, tmp_path: Path, content: str, error: type[Exception]
) -> None:
    path = tmp_path / "table.json"
    path.write_text(content)
    with unlocked("r1") as station:
        enter_offices(station)
        with pytest.raises(error):
            routing.replace_table(station, routing.load(path))
        assert routing.table(station.vault) == {}


def test_on_the_command_line(
    desk: Desk, unlocked: Unlock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        enter_offices(station)
    path = tmp_path / "table.json"
    path.write_text(json.dumps({DINAS: ["r2"]}))
    assert main(["routing", "set", str(path), *desk.as_("r1")]) == 0
    assert "Education agency (dinas-pendidikan): Reviewer 2 (r2)" in capsys.readouterr().out
    assert main(["routing", "route", SEKOLAH, "r3", "r1", *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["routing", "show", "--json", *desk.as_("r2")]) == 0
    assert json.loads(capsys.readouterr().out) == {DINAS: ["r2"], SEKOLAH: ["r3", "r1"]}
    assert main(["classify", str(number), "--office", SEKOLAH, "--lang", "id", *desk.as_("r1")]) == 0
    assert "Ditangani oleh Penelaah 3 (r3)." in capsys.readouterr().out
    assert main(["cases", "--mine", "--json", *desk.as_("r3")]) == 0
    assert [case["number"] for case in json.loads(capsys.readouterr().out)["cases"]] == [number]
    assert main(["cases", "--mine", "--json", *desk.as_("r1")]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == []
    assert main(["cases", *desk.as_("r3")]) == 0
    assert "yours" in capsys.readouterr().out
    assert main(["assign", str(number), "r2", "--only", *desk.as_("r1")]) == 0
    assert "Reviewer 2 (r2) alone reads case" in capsys.readouterr().out
    assert read_by(unlocked, "r2") == {number}
    assert read_by(unlocked, "r1") == set()
