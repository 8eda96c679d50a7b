"""R21. How offices answered: counted in working days without pauses, stated, signed and checked."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest

from crypto import calendar
from crypto.fields import Day
from tests.workstation.casework.neighbours import OPD, classify, enter
from tests.workstation.office import TODAY, Desk
from tests.workstation.recap.test_recap import ask
from tests.workstation.test_reviewers import file_cases
from workstation import cases
from workstation.cli import main
from workstation.dispositions import disposition, received
from workstation.dispositions.disposition import Wish
from workstation.recap.performance import Passed, Performance, Sent, measure
from workstation.station import Station
from workstation.timing.clock import Pause

Unlock = Callable[[str], AbstractContextManager[Station]]


DUE = calendar.add_days(TODAY, 20)


class Weekdays:
    """Mondays to Fridays."""

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5

    def count(self, after: date, to: date) -> int:
        return sum(self.is_working(after + timedelta(n)) for n in range(1, (to - after).days + 1))


@pytest.mark.parametrize(
    ("answered", "on", "pauses", "days", "late", "state"),
    [
        ("2026-06-08", "2026-07-01", [], 5, 0, "in-time"),
        ("2026-06-15", "2026-07-01", [], 10, 0, "in-time"),
        ("2026-06-16", "2026-07-01", [], 11, 1, "late"),
        ("2026-06-16", "2026-07-01", [("2026-06-03", "2026-06-05")], 9, 0, "in-time"),
        (None, "2026-06-12", [], 9, 0, "open"),
        (None, "2026-06-22", [], 15, 5, "unanswered"),
        (None, "2026-06-22", [("2026-06-03", None)], 2, 0, "open"),
    ],
)
def test_days_pauses_and_states(
    answered: str | None, on: str, pauses: list[tuple[str, str | None]], days: int,
    late: int, state: str,
) -> None:  # fmt: skip
    """Sent on Monday 1 June 2026, due two weeks later: ten working days."""
    spans = [Pause("awaiting-budget", Day(since), until and Day(until)) for since, until in pauses]  # type: ignore[arg-type]
    found = measure(
        Sent("a", Day("2026-06-01"), Day("2026-06-15"), answered and Day(answered)),  # type: ignore[arg-type]
        spans,
        Weekdays(),
        Day(on),
    )
    assert (found.days, found.late, found.state) == (days, late, state)
    assert found.pauses == tuple(spans)


def test_the_figures_of_an_office() -> None:
    def one(answered: str | None, days: int, late: int) -> Passed:
        day = None if answered is None else Day(answered)
        return Passed("a", Day("2026-06-01"), Day("2026-06-15"), day, days, late, ())

    found = Performance(
        "a", (one("2026-06-08", 5, 0), one("2026-06-18", 13, 3), one(None, 20, 10), one(None, 1, 0))
    )
    assert [found.count(state) for state in ("in-time", "late", "open", "unanswered")] == [1, 1, 1, 1]
    assert (found.mean_tenths, found.longest_late) == (90, 10)
    assert Performance("b", (one(None, 1, 0),)).mean_tenths is None


def test_a_statement_is_signed_and_checked(
    desk: Desk, unlocked: Unlock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three letters to an office, of which it answered one."""
    numbers = file_cases(desk, unlocked, [], [], [])
    with unlocked("r1") as station:
        enter(station, OPD)
        for number in numbers:
            case = classify(station, cases.find(station, number), "service")
            wish = Wish(OPD, "Jalan rusak", "Mohon diperbaiki.", due=DUE, way="paper")
            case = disposition.forward(station, case, wish, TODAY, tmp_path).case
        received.answered_on_paper(station, case, 1, "Selesai.", TODAY)
    (office,) = ask(capsys, "performance", *desk.as_("r1"))["offices"]  # type: ignore[misc]
    assert (office["office"], office["passed_on"], office["answered_in_time"], office["open"]) == (
        OPD,
        3,
        1,
        2,
    )
    assert [each["sent"] for each in office["dispositions"]] == [TODAY] * 3
    assert not ask(capsys, "performance", "--office", "lain", *desk.as_("r1"))["offices"]
    path = tmp_path / "statement.txt"
    assert main(["performance", "--sign", str(path), *desk.as_("r1"), "--lang", "id"]) == 0
    assert "Dinas PU" in path.read_text() and "Ditandatangani" in capsys.readouterr().out
    checked = ask(capsys, "performance", "--check", str(path), *desk.as_("r2"))
    assert checked["offices"] == [office] and checked["reviewer"] == "r1"
    assert main(["performance", "--check", str(path), *desk.as_("r3")]) == 0
    assert "The signature holds." in capsys.readouterr().out
    forged = tmp_path / "forged.txt"
    body = path.read_text().rstrip("\n")
    forged.write_text(body[:-1] + ("A" if body[-1] != "A" else "Q"))
    assert main(["performance", "--check", str(forged), *desk.as_("r1")]) == 1
    forged.write_text("nothing signed\n")
    assert main(["performance", "--check", str(forged), *desk.as_("r1")]) == 1
    assert json.dumps(checked)
