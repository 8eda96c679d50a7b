"""What a case is about: checked against the office's own lists, which are data.

Requirements R13 (competence table) and R26, S1-4, S1-7.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto.constants import FAMILIES
from tests.workstation.office import TODAY, Desk
from tests.workstation.test_reviewers import file_cases
from workstation import cases
from workstation.casework import journal
from workstation.casework.errors import (
    BadCategoriesError,
    FamilyError,
    UnknownCategoryError,
    UnknownLevelError,
)
from workstation.cli import main
from workstation.errors import VaultDamagedError
from workstation.offices.office_errors import NoSuchOfficeError
from workstation.review import categories, classification, classifying
from workstation.review.classification import Classification
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def test_the_lists_that_come_with_it_are_whole_and_can_be_written_back() -> None:
    found = categories.load(categories.DEFAULT)
    assert categories._read(categories.write(found), "") == found
    for family in FAMILIES:
        assert found.of_family(family)
    assert {each.sector for each in found.categories} <= {each.id for each in found.sectors}
    assert found.competent("etika", "provinsi") != found.competent("korupsi", "provinsi") != ""
    assert found.competent("korupsi", "daerah") == found.competent("", "") == ""


def test_a_classification_replaces_the_last_and_all_stay(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        assert classification.latest(journal.of_case(station, case)) is None
        first = classifying.of_case(station, case)
        assert first == Classification("aduan", "integrity")  # of its channel
        wanted = Classification("aduan", "integrity", "etika", "", "administrative", "provinsi", urgent=True)
        done = classifying.classify(station, case, wanted, TODAY)
        assert "BKD" in done.competent
        assert classifying.of_case(station, done.case) == wanted
        assert cases.find(station, number).head.urgent
        classifying.classify(station, done.case, first, TODAY)
        case = cases.find(station, number)
        assert not case.head.urgent
        steps = journal.of_case(station, case)
        assert [classification.read(step.details) for step in steps] == [wanted, first]
        with pytest.raises(VaultDamagedError):
            classification.read({**steps[0].details, "urgent?": True})


def test_urgent_cases_come_first(desk: Desk, unlocked: Unlock) -> None:
    numbers = sorted(file_cases(desk, unlocked, [], [], []))
    with unlocked("r1") as station:
        assert [case.number for case in cases.readable(station)] == numbers
        urgent = Classification("aduan", "integrity", urgent=True)
        classifying.classify(station, cases.find(station, numbers[1]), urgent, TODAY)
        first, *others = [case.number for case in cases.readable(station)]
        assert (first, others) == (numbers[1], [numbers[0], numbers[2]])


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Classification("aduan", "none"), FamilyError),
        (Classification("aspirasi", "service"), FamilyError),
        (Classification("aduan", "integrity", "jalan"), UnknownCategoryError),
        (Classification("aduan", "service", "korupsi"), UnknownCategoryError),
        (Classification("aduan", "integrity", office="tidak-ada"), NoSuchOfficeError),
        (Classification("aduan", "integrity", level="langit"), UnknownLevelError),
    ],
)
def test_what_the_office_does_not_know_is_refused(
    desk: Desk, unlocked: Unlock, wanted: Classification, error: type[Exception]
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        with pytest.raises(error):
            classifying.classify(station, case, wanted, TODAY)
        assert cases.find(station, number) == case


def changed(path: str, value: object) -> dict[str, object]:
    """The default lists with one value changed: `path` as in `categories.0.sector`."""
    whole = json.loads(categories.DEFAULT.read_text("utf-8"))
    *steps, last = path.split(".")
    place = whole
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = value
    return whole  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "file.json"),
        ("{", "file.json"),
        (changed("lists", []), "file.json"),
        (changed("categories", []), "file.json"),
        (changed("categories.1.sector", "langit"), "categories 2"),
        (changed("categories.0.id", "Korupsi"), "categories 1"),
        (changed("categories.0.families", ["integrity", "integrity"]), "categories 1"),
        (changed("categories.2.titles", {"id": "Saja"}), "categories 3"),
        (changed("categories.0.id", "suap"), "categories)"),
        (changed("levels.0.id", "desa"), "levels)"),
        (changed("competence.3.level", "langit"), "competence 4"),
        (changed("competence.3.categories", ["langit"]), "competence 4"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, content: object, says: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(BadCategoriesError) as refused:
        categories.load(path)
    assert says in str(refused.value)


def test_an_office_has_lists_of_its_own(
    desk: Desk, unlocked: Unlock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    own = changed("categories.0.id", "kkn-kami")
    path = tmp_path / "own.json"
    path.write_text(json.dumps(own))
    assert main(["categories", "set", str(path), *desk.as_("r1")]) == 0
    assert "24 categories, 8 sectors, 8 levels, 8 rows" in capsys.readouterr().out
    assert main(["categories", "show", *desk.as_("r2")]) == 0
    assert json.loads(capsys.readouterr().out) == own  # what is shown can be set again
    assert main(["classify", str(number), "--category", "korupsi", *desk.as_("r1")]) == 2
    assert "kkn-kami" in capsys.readouterr().err
    words = ["classify", str(number), "--category", "kkn-kami", "--level", "provinsi", "--urgent"]
    assert main([*words, *desk.as_("r1"), "--lang", "id"]) == 0
    out = capsys.readouterr().out
    for said in ("Korupsi, kolusi, nepotisme", "biasanya ditangani oleh inspektorat provinsi", "Mendesak"):
        assert said in out
    assert main(["classify", str(number), "--indication", "criminal", "--json", *desk.as_("r2")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["category"], document["urgent"]) == ("kkn-kami", True)  # what is not named stays
    assert main(["classify", str(number), "--kind", "aspirasi", *desk.as_("r1")]) == 2
    assert main(["classify", str(number), "--kind", "aspirasi", "--category", "jalan", *desk.as_("r1")]) == 0
    capsys.readouterr()
    with unlocked("r1") as station:
        acts = station.vault.rows("SELECT subject FROM log WHERE act = 'settings-changed'")
        assert acts == [("categories",)]
