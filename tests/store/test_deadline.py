"""How long things may wait: counted by hand, and against a calendar."""

from datetime import date, timedelta

import pytest

from crypto import calendar
from crypto.fields import Day
from store.deadline import LAPOR, DayKind, Deadline

FRIDAY, SATURDAY, MONDAY = Day("2026-11-20"), Day("2026-11-21"), Day("2026-11-23")


@pytest.mark.parametrize(
    ("came", "today", "elapsed"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, Day("2026-11-24"), 1),
        (FRIDAY, SATURDAY, 0),
        (FRIDAY, Day("2026-11-22"), 0),
        (FRIDAY, MONDAY, 1),
        (SATURDAY, MONDAY, 1),
        (SATURDAY, Day("2026-11-27"), 5),
        (SATURDAY, Day("2026-11-28"), 5),
        (SATURDAY, Day("2026-11-30"), 6),
        (MONDAY, FRIDAY, 0),
    ],
)
def test_working_days_begin_on_the_next_one(came: Day, today: Day, elapsed: int) -> None:
    assert Deadline(3, "working").elapsed(came, today) == elapsed


def test_calendar_days() -> None:
    assert Deadline(7, "calendar").elapsed(FRIDAY, MONDAY) == 3
    assert Deadline(7, "calendar").late_by(FRIDAY, Day("2026-11-27")) == 0
    assert Deadline(7, "calendar").late_by(FRIDAY, Day("2026-11-28")) == 1


def test_what_is_due_on_friday_is_late_on_monday_and_not_on_the_weekend() -> None:
    came = Day("2026-11-17")
    late = [LAPOR.deadline.late_by(came, calendar.add_days(FRIDAY, days)) for days in range(4)]
    assert late == [0, 0, 0, 1]


@pytest.mark.parametrize("kind", ["working", "calendar"])
@pytest.mark.parametrize("days", [1, 3, 5, 6, 60])
def test_the_last_late_day_parts_late_from_not_late(kind: DayKind, days: int) -> None:
    deadline = Deadline(days, kind)
    for shift in range(14):
        today = calendar.add_days(MONDAY, shift)
        last = deadline.last_late_day(today)
        assert deadline.late_by(last, today) > 0
        assert deadline.late_by(calendar.add_days(last, 1), today) <= 0


def test_elapsed_is_what_counting_day_by_day_gives() -> None:
    for back in range(40):
        came = date(2026, 11, 23) - timedelta(back)
        counted = [came + timedelta(day) for day in range(1, back + 1)]
        working = sum(day.weekday() < 5 for day in counted)
        assert Deadline(1, "working").elapsed(Day(came.isoformat()), MONDAY) == working
