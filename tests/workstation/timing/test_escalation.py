"""What is due on a real station: heads up to date, the most urgent first, one's own cases only."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.calendar import add_days
from crypto.fields import Day
from crypto.message import Text
from tests.workstation.office import TODAY, Desk
from workstation import cases, replies
from workstation.casework import course, facts, journal, moving
from workstation.casework.course import Move
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.station import Station
from workstation.timing import due, escalation, owndays
from workstation.timing.deadline_errors import NotForCasesError, UnknownPresetError
from workstation.timing.escalation import Entry
from workstation.timing.workdays import OwnDays

Unlock = Callable[[str], AbstractContextManager[Station]]


@pytest.fixture
def two(desk: Desk, unlocked: Unlock) -> tuple[int, int]:
    """Two cases: one, and one in which somebody is threatened."""
    with unlocked("r1") as station:
        found = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
        threatened = desk.reporter()
        items = [threatened.report(), threatened.seal(Text("ia diancam", "threat"))]
        also = import_bundle(station, desk.deliver(2, items)).opened.cases
    return next(iter(found)), next(iter(also))


def move(station: Station, number: int, wish: Move, on: Day = TODAY) -> None:
    moving.move(station, cases.find(station, number), wish, on)


def listed(station: Station, on: Day = TODAY, within: int = 7) -> list[Entry]:
    return escalation.entries(station, on, within)


def test_danger_first_then_by_the_day(unlocked: Unlock, two: tuple[int, int]) -> None:
    calm, threatened = two
    with unlocked("r1") as station:
        assert [(each.case.number, each.what, each.urgent) for each in listed(station)] == [
            (threatened, "register", True), (calm, "register", False),
        ]  # fmt: skip
        replies.reply(station, cases.find(station, threatened), "Kami membantu.", TODAY)
        move(station, threatened, Move("verification"))
        found = listed(station, within=0)
        assert [each.case.number for each in found] == [calm]  # nobody has taken it up
        assert {each.what for each in listed(station, within=40)} == {"register", "verify"}


def test_late_grows_day_by_day(unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        day = Day(cases.find(station, two[0]).head.due) if listed(station) else TODAY
        for days in (0, 1, 12):
            later = [each for each in listed(station, add_days(day, days)) if each.case.number == two[0]]
            assert [each.late for each in later] == [days]
            assert bool(escalation.late_only(later)) is (days > 0)


def test_a_pause_and_a_proposal(unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        for number in two:
            move(station, number, Move("verification"))
        calm, threatened = two
        moving.hold(station, cases.find(station, calm), "awaiting-office", add_days(TODAY, 20), "", TODAY)
        move(station, threatened, Move("closed", "archived", reason="x", answer="y"))
        assert [(each.case.number, each.what) for each in listed(station)] == [
            (threatened, "proposal"), (threatened, "verify"),
        ]  # fmt: skip
        (looked,) = (each for each in listed(station, add_days(TODAY, 20)) if each.case.number == calm)
        assert (looked.what, looked.day, looked.late) == ("hold", add_days(TODAY, 20), 0)


def test_danger_before_what_waits_for_a_person(unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        calm, threatened = two
        move(station, calm, Move("verification"))
        move(station, calm, Move("closed", "archived", reason="x", answer="y"))
        assert [(each.case.number, each.what) for each in listed(station)][:2] == [
            (threatened, "register"), (calm, "proposal"),
        ]  # fmt: skip


def test_only_cases_that_one_reads(desk: Desk, unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        secret = [desk.reporter().report(excluded=["r2"])]
        (hidden,) = import_bundle(station, desk.deliver(3, secret)).opened.cases
        assert hidden in {each.case.number for each in listed(station)}
    with unlocked("r2") as station:
        assert {each.case.number for each in listed(station)} == set(two)


def test_other_rules_count_anew_for_every_reader(desk: Desk, unlocked: Unlock, two: tuple[int, int]) -> None:
    """Also in a case that the one who changes them cannot read."""
    with unlocked("r1") as station:
        secret = [desk.reporter().report(excluded=["r2"])]
        (hidden,) = import_bundle(station, desk.deliver(3, secret)).opened.cases
        listed(station)
        before = cases.find(station, hidden).head
        assert before.task == "register"
    with unlocked("r2") as station:
        due.use(station, ["id-wbs-30"])
        assert cases.find(station, two[0]).head.due == add_days(TODAY, 30)
    with unlocked("r1") as station:
        assert cases.find(station, hidden).head == before
        due.refresh(station)
        assert cases.find(station, hidden).head.due == add_days(TODAY, 30)
        with pytest.raises(UnknownPresetError):
            due.use(station, ["id-lapor", "lapor"])
        with pytest.raises(NotForCasesError):
            due.use(station, ["id-pdp-breach"])


def test_other_days_count_anew(unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        due.refresh(station)
        day = Day(cases.find(station, two[0]).head.due)
        owndays.write(station, OwnDays(free={day: "libur"}))
        due.refresh(station)
        assert cases.find(station, two[0]).head.due > day


def test_what_counts_again_after_a_step(unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        due.refresh(station)
        move(station, two[0], Move("verification"))
        assert cases.find(station, two[0]).head.counted == ""
        due.refresh(station)
        case = cases.find(station, two[0])
        assert case.head.task == "verify"
        assert case.head.due == due.next_due(station, case, journal.of_case(station, case))


def test_silence_is_as_long_as_the_rules_say(unlocked: Unlock, two: tuple[int, int]) -> None:
    """The last answer counts, and nothing may be unanswered."""
    with unlocked("r1") as station:
        due.use(station, ["id-wbs-30"])  # says nothing of it: ten working days
        number, _other = two
        with station.vault.transaction():
            for kind, details in (("sheet", {"supervision": False}), ("forwarded", {}), ("lessons", {})):
                journal.add(station, cases.find(station, number), kind, details, TODAY)  # type: ignore[arg-type]
        for stage in ("verification", "review", "disposition"):
            move(station, number, Move(stage))  # type: ignore[arg-type]
        with station.vault.transaction():
            journal.add(station, cases.find(station, number), "forwarded", {}, TODAY)
        move(station, number, Move("office-handling"))
        move(station, number, Move("answered", answer="Sudah diperbaiki."))

        def is_quiet(on: Day, came: int = 0) -> bool:
            case = cases.find(station, number)
            case = replace(case, head=replace(case.head, messages=case.head.messages + came))
            steps = journal.of_case(station, case)
            now = course.follow(steps, case.head.first)
            return facts.gather(station, case, steps, now, Move("closed"), on).quiet

        due.refresh(station)
        end = Day(cases.find(station, number).head.due)
        assert (is_quiet(end), is_quiet(add_days(end, 1))) == (False, True)
        assert not is_quiet(add_days(end, 1), came=1)
        replies.reply(station, cases.find(station, number), "Masih ada pertanyaan?", end)
        assert (is_quiet(add_days(end, 1)), is_quiet(add_days(end, 40))) == (False, True)


def test_the_commands(
    desk: Desk, two: tuple[int, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(*words: str) -> dict[str, object]:
        assert main([*words, "--json", *desk.as_("r1")]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    rows = ask("due")["due"]
    assert isinstance(rows, list)
    assert [row["case"] for row in rows] == [two[1], two[0]]
    assert ask("due", "--late")["due"] == []
    assert main(["due", *desk.as_("r1")]) == 0
    assert "Take it up" in capsys.readouterr().out
    file = tmp_path / "libur.txt"
    file.write_text(f"checked {TODAY[:4]}\n+{TODAY[:4]}-07-01 Hari jadi kota\n", "utf-8")
    assert ask("workdays", "set", str(file))["checked"] == [int(TODAY[:4])]
    assert main(["workdays", "show", *desk.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "Hari jadi kota" in shown
    assert main(["workdays", "show", "--own", *desk.as_("r1")]) == 0
    assert owndays.parse(capsys.readouterr().out.encode()).checked == (int(TODAY[:4]),)
    known = ask("deadlines", "show", "--all")["known"]
    assert isinstance(known, list)
    (lapor,) = (each for each in known if each["id"] == "id-lapor")
    own = tmp_path / "own.json"
    own.write_text(json.dumps(lapor | {"id": "kota"}), "utf-8")
    assert ask("deadlines", "set", str(own))["use"] == ["kota"]
    assert ask("deadlines", "use", "kota", "id-tgr")["use"] == ["kota", "id-tgr"]
    assert main(["deadlines", "show", *desk.as_("r1")]) == 0
    assert "kota: SP4N-LAPOR! (in use)" in capsys.readouterr().out
    file.write_text("besok\n", "utf-8")
    assert main(["workdays", "set", str(file), *desk.as_("r1")]) == 1
    assert "line 1" in capsys.readouterr().err
