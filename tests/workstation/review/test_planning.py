"""The action plan of a case, and what is learned from it.

Requirement R17, S3-1, S4-10.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto import calendar
from crypto.fields import Day
from tests.workstation.office import TODAY, Desk
from tests.workstation.test_reviewers import file_cases
from workstation import cases
from workstation.casework import journal
from workstation.casework.errors import (
    ItemDayError,
    NoSuchItemError,
    UnknownSectorError,
    WordsMissingError,
    WordsTooLongError,
)
from workstation.cli import main
from workstation.errors import VaultDamagedError
from workstation.review import classifying, lessons, planning
from workstation.review.classification import Classification
from workstation.review.lessons import Lessons
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
LATER = calendar.add_days(TODAY, 7)


def test_items_are_planned_and_done(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        for until in (LATER, TODAY):
            planning.add(station, case, " Minta data gaji. ", "Auditor", until, TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, number)
        first, second = planning.latest(journal.of_case(station, case))
        assert (first.what, first.who, first.until, first.done_on) == (
            "Minta data gaji.",
            "Auditor",
            LATER,
            None,
        )
        done = planning.done(station, case, second.number, "Ada.", LATER)
        with pytest.raises(NoSuchItemError):
            planning.done(station, case, second.number, "", LATER)
        steps = journal.of_case(station, cases.find(station, number))
        assert planning.latest(steps) == [first, done]
        assert (done.done_on, done.result, done.by) == (LATER, "Ada.", "r2")
        assert planning.progress(planning.latest(steps)) == (1, 2)
        with pytest.raises(VaultDamagedError):
            planning.latest(steps[-1:])  # something done that was never planned
        with pytest.raises(NoSuchItemError):
            planning.done(station, case, 9, "", TODAY)
        for what, who, until, error in (
            ("", "Auditor", LATER, WordsMissingError),
            ("x", " ", LATER, WordsMissingError),
            ("x" * 1_001, "Auditor", LATER, WordsTooLongError),
            ("x", "Auditor", calendar.add_days(TODAY, -1), ItemDayError),
        ):
            with pytest.raises(error):
                planning.add(station, case, what, who, Day(until), TODAY)


def test_the_plan_on_the_command_line(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    plan = ["plan", str(number)]
    assert main([*plan, "show", *desk.as_("r1")]) == 0
    assert "Nothing is planned yet." in capsys.readouterr().out
    item = ["--what", "Minta data.", "--who", "Auditor", "--until"]
    assert main([*plan, "add", *item, LATER, *desk.as_("r1")]) == 0
    assert f"1. Auditor: until {LATER}" in capsys.readouterr().out
    assert main([*plan, "add", *item, "besok", *desk.as_("r1")]) == 1
    assert main([*plan, "done", "1", "--result", "Ada.", "--lang", "id", *desk.as_("r1")]) == 0
    assert f"selesai pada {TODAY}" in capsys.readouterr().out
    assert main([*plan, "show", "--json", *desk.as_("r2")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["done"], document["items"][0]["by"]) == (1, "r1")


def test_lessons_have_the_sector_of_the_category_unless_another_is_named(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        with pytest.raises(UnknownSectorError):
            lessons.keep(station, case, "Tanpa pengawasan.", "Dua tanda tangan.", "", TODAY)
        case = classifying.classify(station, case, Classification("aduan", "integrity", "pungli"), TODAY).case
        with pytest.raises(WordsMissingError):
            lessons.keep(station, case, "Tanpa pengawasan.", " ", "", TODAY)
        assert lessons.latest(journal.of_case(station, case)) is None
        case = lessons.keep(station, case, "Tanpa pengawasan.", "Dua tanda tangan.", "", TODAY)
        found = lessons.latest(journal.of_case(station, case))
        assert found == Lessons("Tanpa pengawasan.", "Dua tanda tangan.", "pelayanan")
    more = ["--cause", "Tanpa tarif.", "--improvement", "Tarif di loket.", "--sector", "kesehatan"]
    assert main(["lessons", str(number), *more, "--lang", "id", *desk.as_("r2")]) == 0
    out = capsys.readouterr().out
    assert "Kesehatan" in out and "Tarif di loket." in out
