"""The review sheet: begun from the report, kept in the journal, and asked for by the rules.

Requirement R11, S0-10, S0-15.
"""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto.message import Report
from tests.workstation.office import TODAY, Desk
from workstation import cases
from workstation.cases import Case
from workstation.casework import course, facts, journal
from workstation.casework.course import Move
from workstation.casework.errors import BadSheetError, WordsMissingError, WordsTooLongError
from workstation.casework.words import LONGEST
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.review import review_sheet
from workstation.review.review_sheet import WORDS, ReviewSheet
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
SECRET = "bendahara meminta uang"


def file_report(desk: Desk, station: Station, **answers: str) -> Case:
    item = desk.reporter().seal(Report(answers or {"what": SECRET, "who": "bendahara", "when": " "}))
    (number,) = import_bundle(station, desk.deliver(1, [item])).opened.cases
    return cases.find(station, number)


def sheet(**fields: object) -> dict[str, object]:
    return {
        "answered": ["what", "who"],
        "evidence": "fair",
        "evidence_words": "Dua kuitansi.",
        "supervision": True,
        "ground": "Penyalahgunaan wewenang oleh ASN.",
        "recognisable": "likely",
        "known_to": "Hanya tiga orang di bidang itu.",
        "conflict": "",
        "recommendation": "clarification",
        "reasons": "Cukup alasan.",
    } | fields


def test_it_begins_with_what_the_report_answers(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        case = file_report(desk, station)
        begun = review_sheet.begun(station, case)
        assert begun.answered == ("what", "who")
        assert begun.missing == ("where", "when", "why", "how")
        review_sheet.keep(station, case, sheet(answered=["how", "what", "when"]), TODAY)  # corrected
        assert review_sheet.begun(station, cases.find(station, case.number)).answered == (
            "what",
            "when",
            "how",
        )


def test_a_newer_sheet_holds_and_all_stay(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        case = file_report(desk, station)
        case = review_sheet.keep(station, case, sheet(), TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, case.number)
        review_sheet.keep(station, case, sheet(supervision=False, ground=""), TODAY)
        steps = journal.of_case(station, cases.find(station, case.number))
        first, second = review_sheet.all_of(steps)
        assert review_sheet.latest(steps) == second
        assert (first.step.reviewer, second.step.reviewer) == ("r1", "r2")
        assert (first.sheet.supervision, second.sheet.supervision) == (True, False)
        assert review_sheet.write(first.sheet) == sheet()


@pytest.mark.parametrize("supervision", [True, False])
def test_the_rules_see_it(desk: Desk, unlocked: Unlock, supervision: bool) -> None:
    with unlocked("r1") as station:
        case = file_report(desk, station)

        def known() -> tuple[bool, bool, bool]:
            now = cases.find(station, case.number)
            steps = journal.of_case(station, now)
            found = facts.gather(
                station, now, steps, course.follow(steps, TODAY), Move("clarification"), TODAY
            )
            return found.sheet, found.supervised, found.unsupervised

        assert known() == (False, False, False)
        review_sheet.keep(station, case, sheet(supervision=supervision, ground="Pasal 1."), TODAY)
        assert known() == (True, supervision, not supervision)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([], BadSheetError),
        ({}, BadSheetError),
        (sheet(more=1), BadSheetError),
        (sheet(answered=["whom"]), BadSheetError),
        (sheet(evidence="good"), BadSheetError),
        (sheet(supervision="yes"), BadSheetError),
        (sheet(recognisable=""), BadSheetError),
        (sheet(recommendation="arrest"), BadSheetError),
        (sheet(reasons=" "), WordsMissingError),
        (sheet(ground=""), WordsMissingError),
        (sheet(evidence_words=""), WordsMissingError),
        (sheet(reasons="x" * (LONGEST + 1)), WordsTooLongError),
    ],
)
def test_what_is_missing_or_unknown_is_refused(
    desk: Desk, unlocked: Unlock, value: object, error: type[Exception]
) -> None:
    with unlocked("r1") as station:
        case = file_report(desk, station)
        with pytest.raises(error):
            review_sheet.keep(station, case, value, TODAY)
        assert review_sheet.latest(journal.of_case(station, case)) is None


def test_words_that_are_not_asked_for_may_be_missing(desk: Desk, unlocked: Unlock) -> None:
    words = dict.fromkeys(WORDS, "") | {"reasons": "Terlalu umum."}
    with unlocked("r1") as station:
        case = file_report(desk, station)
        review_sheet.keep(station, case, sheet(evidence="none", supervision=False, **words), TODAY)


def test_on_the_command_line(
    desk: Desk,
    unlocked: Unlock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with unlocked("r1") as station:
        number = str(file_report(desk, station).number)
    assert main(["review", number, *desk.as_("r1")]) == 0
    assert "2 of 6 questions answered; missing: where, when, why, how" in capsys.readouterr().out
    assert main(["review", number, "--template", *desk.as_("r1")]) == 0
    template = json.loads(capsys.readouterr().out)
    assert template["answered"] == ["what", "who"]
    path = tmp_path / "sheet.json"
    path.write_text(json.dumps(template | {"reasons": "Belum jelas."}))
    assert main(["review", number, "--file", str(path), *desk.as_("r1")]) == 0
    assert main(["review", number, "--file", str(path), "--evidence", "weak", *desk.as_("r1")]) == 2
    assert main(["review", number, "--supervision", "yes", *desk.as_("r1")]) == 1
    captured = capsys.readouterr()
    assert "legal ground" in captured.err
    options = ["--supervision", "yes", "--ground", "Permendagri 8/2023", "--recommendation", "clarification"]
    assert main(["review", number, *options, "--answered", "what,who,where", *desk.as_("r2")]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(sheet()).encode())))
    assert main(["review", number, "--file", "-", "--lang", "id", *desk.as_("r2")]) == 0
    out = capsys.readouterr().out
    for said in ("Lembar telaah", "Penelaah 2", "Berkadar pengawasan: ya", "Dua kuitansi.", "klarifikasi"):
        assert said in out
    assert SECRET not in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert main(["review", number, "--json", *desk.as_("r1")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["step"], document["sheet"]) == (3, sheet())
    assert isinstance(ReviewSheet(**document["sheet"]), ReviewSheet)
