"""One extension, written in time, with a reason that the reporter is told; on a real station."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.calendar import add_days
from crypto.fields import Day
from tests.workstation.office import TODAY, Desk, slots_in
from workstation import caselog, cases, outbound
from workstation.casework import journal, moving
from workstation.casework.course import Move
from workstation.casework.errors import WordsMissingError
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.station import Station
from workstation.timing import due, extension
from workstation.timing.deadline_errors import (
    ExtendedBeforeError,
    ExtensionOnHoldError,
    NothingToExtendError,
    TooLateToExtendError,
)

Unlock = Callable[[str], AbstractContextManager[Station]]


def take_in(station: Station, desk: Desk) -> int:
    (number,) = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
    return number


def completion(station: Station, number: int) -> Day | None:
    case = cases.find(station, number)
    running = due.of_case(station, case, journal.of_case(station, case), due.counting(station))
    return next((each.day for each in running if each.what == "completion"), None)


def test_the_day_moves_and_the_reporter_is_told(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        reporter = desk.reporter()
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        before = completion(station, number)
        found = extension.extend(station, cases.find(station, number), " ahli belum selesai ", "", TODAY)
        assert (found.before.day, found.day) == (before, completion(station, number))
        assert before is not None and found.day > before
        case = cases.find(station, number)
        (step,) = journal.of_kind(journal.of_case(station, case), "extended")
        assert step.details["reason"] == "ahli belum selesai"
        journal.check(
            journal.of_case(station, case), [deed for _, deed in caselog.of_case(station, case.key)]
        )
        (reply,) = reporter.replies(slots_in(outbound.write_bundle(station, desk.stick, TODAY).path))
        assert (reply.text, reply.status) == ("ahli belum selesai", None)


def test_other_words_for_the_reporter(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        reporter = desk.reporter()
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        extension.extend(station, cases.find(station, number), "tim kurang orang", "Perlu waktu lagi.", TODAY)
        (reply,) = reporter.replies(slots_in(outbound.write_bundle(station, desk.stick, TODAY).path))
        assert reply.text == "Perlu waktu lagi."


def test_what_cannot_be_extended(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        number = take_in(station, desk)

        def extend(on: Day = TODAY, reason: str = "ahli") -> None:
            extension.extend(station, cases.find(station, number), reason, "", on)

        with pytest.raises(WordsMissingError):
            extend(reason=" ")
        with pytest.raises(TooLateToExtendError):
            extend(on=add_days(TODAY, 200))
        moving.move(station, cases.find(station, number), Move("verification"), TODAY)
        moving.hold(station, cases.find(station, number), "awaiting-office", add_days(TODAY, 7), "", TODAY)
        with pytest.raises(ExtensionOnHoldError):
            extend()
        moving.resume(station, cases.find(station, number), "", TODAY)
        moving.move(station, cases.find(station, number), Move("incomplete", answer="Di mana?"), TODAY)
        with pytest.raises(NothingToExtendError):
            extend()  # the clock stands still
        moving.move(station, cases.find(station, number), Move("verification"), TODAY)
        due.use(station, ["id-wbs-30"])
        with pytest.raises(NothingToExtendError):
            extend()
        due.use(station, ["id-apip-default"])
        assert cases.find(station, number).head.steps == 5  # nothing of what was refused
        extend()
        with pytest.raises(ExtendedBeforeError):
            extend()


def test_the_command(desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]) -> None:
    with unlocked("r1") as station:
        number = take_in(station, desk)
    asked = ["extend", str(number), "--reason", "ahli", *desk.as_("r1")]
    assert main([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["case"], said["task"]) == (number, "completion")
    assert TODAY < said["before"] < said["due"]
    assert main(asked) == 1
    assert "extended before" in capsys.readouterr().err
    assert main(["due", str(number), *desk.as_("r1")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Deadlines of case {number}"
    assert f"  Complete: until {said['due']} · in" in lines[4]
    assert lines[5] == f"  Extended on {TODAY}; not again."
    assert main(["due", str(number), "--json", *desk.as_("r1")]) == 0
    assert [each["limit"] for each in json.loads(capsys.readouterr().out)["extended"]] == ["completion"]
