"""Working days by hand-checked examples, the office's own list, and the laws of counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.fields import Day
from workstation.timing import clock, owndays
from workstation.timing.clock import Clock, Pause, add_months
from workstation.timing.deadline_errors import BadWorkdaysError
from workstation.timing.workdays import LAST_YEAR, Calendar, OwnDays

INDONESIA = Calendar(OwnDays())
"""2026, by the decree: Nyepi 19 March with leave on the 18th, Idul Fitri 21 and 22 March with leave on the
20th, 23rd and 24th, Good Friday 3 April, Christmas with leave on 24 December, New Year, Isra Mikraj 5 Jan."""

DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31)).map(lambda day: Day(day.isoformat()))
PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=4).map(
    lambda found: tuple(
        Pause("awaiting-office", since, Day((date.fromisoformat(since) + timedelta(days)).isoformat()))
        for since, days in found
    )
)


def due(
    start: str, count: int, days: Calendar | None = INDONESIA, *pauses: tuple[str, str | None]
) -> str | None:
    found = tuple(Pause("x", Day(since), Day(until) if until else None) for since, until in pauses)
    return Clock(Day(start), days, found).reaches(count)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-03-12", 1, "2026-03-13"),
        ("2026-03-13", 1, "2026-03-16"),
        ("2026-03-13", 3, "2026-03-25"),
        ("2026-03-13", 10, "2026-04-06"),
        ("2026-03-21", 1, "2026-03-25"),
        ("2026-12-22", 1, "2026-12-23"),
        ("2026-12-22", 5, "2026-12-31"),
        ("2026-12-22", 6, "2027-01-04"),
        ("2026-12-22", 7, "2027-01-06"),
        ("2028-02-25", 1, "2028-02-29"),
    ],
)
def test_over_feasts_year_ends_and_leap_days(start: str, count: int, expected: str) -> None:
    assert due(start, count) == expected


def test_every_day_counts_if_it_is_a_calendar_day() -> None:
    assert due("2028-02-28", 1, None) == "2028-02-29"
    assert due("2026-03-13", 3, None) == "2026-03-16"


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-03-12", 3, "2026-06-12"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-31", 6, "2027-06-30"),
        ("9999-11-30", 3, "9999-12-31"),
    ],
)
def test_months(start: str, months: int, expected: str) -> None:
    assert add_months(Day(start), months) == expected


def test_a_pause_across_a_feast() -> None:
    """Held on 12 March, which still counts; ended on the 25th, which does not yet."""
    assert due("2026-03-02", 10, INDONESIA, ("2026-03-12", "2026-03-25")) == "2026-03-27"
    stood = Clock(Day("2026-03-02"), INDONESIA, (Pause("x", Day("2026-03-12"), Day("2026-03-25")),))
    assert [stood.elapsed(Day(f"2026-03-{day}")) for day in ("02", "12", "20", "25", "26")] == [0, 8, 8, 8, 9]


def test_a_pause_that_lasts_and_two_that_overlap() -> None:
    assert due("2026-03-02", 10, INDONESIA, ("2026-03-12", None)) is None
    assert due("2026-03-02", 8, INDONESIA, ("2026-03-12", None)) == "2026-03-12"
    both = (("2026-03-12", "2026-03-20"), ("2026-03-16", "2026-03-25"))
    assert due("2026-03-02", 10, INDONESIA, *both) == "2026-03-27"


def test_the_office_s_list_has_the_last_word() -> None:
    own = owndays.parse(
        b"# SKB\ncountry ID\nchecked 2026\n-2026-03-24 kantor buka\n+2026-03-25 Hari jadi kota\n2026-03-26"
    )
    days = Calendar(own)
    assert due("2026-03-13", 3, days) == "2026-03-24"
    assert due("2026-03-13", 4, days) == "2026-03-27"
    listed = {holiday.day: holiday for holiday in days.holidays(2026)}
    assert (listed[Day("2026-03-25")].name, listed[Day("2026-03-25")].own) == ("Hari jadi kota", True)
    assert "2026-03-24" not in listed


def test_both_ways_of_writing_say_the_same() -> None:
    text = '{"checked": [2026], "free": {"2026-07-01": "Hari jadi"}, "work": {"2026-03-24": "buka"}}'
    own = owndays.parse(text.encode())
    assert own == OwnDays("ID", {Day("2026-07-01"): "Hari jadi"}, {Day("2026-03-24"): "buka"}, (2026,))
    assert owndays.parse("\n".join(owndays.lines(own)).encode()) == own


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("+2026-02-30", "line 1"),
        ("\n\nbesok", "line 3"),
        ("2026-07-01\n-2026-07-01", "line 2"),
        ("-2026-03-21 sabtu", "line 1"),
        ("1999-12-31", "line 1"),
        ("country XX", "XX"),
        ("checked 26", "checked"),
        ("checked 2026\nchecked 2026", "checked"),
        ('{"libur": []}', "JSON"),
        ('{"free": {"2026-07-01": 7}}', "2026-07-01"),
        ('{"country": ["ID"]}', "ID"),
        ("2026-07-01 " + "x" * 121, "line 1"),
        ("\udcff", "1"),
    ],
)
def test_a_wrong_list_is_refused_with_the_place(text: str, where: str) -> None:
    with pytest.raises(BadWorkdaysError) as raised:
        owndays.parse(text.encode("utf-8", "surrogateescape"))
    assert where in str(raised.value)


def test_estimates_are_called_so() -> None:
    """For 2026 all was decreed; for 2028 the Islamic feasts are computed."""
    assert not any(holiday.estimated for holiday in INDONESIA.holidays(2026))
    feasts = {holiday.day: holiday.estimated for holiday in INDONESIA.holidays(2028)}
    assert feasts[Day("2028-02-27")]
    assert not feasts[Day("2028-08-17")]


def test_years_that_nobody_checked_are_named() -> None:
    assert INDONESIA.unchecked(Day("2026-06-01")) == [2026]
    assert INDONESIA.unchecked(Day("2026-11-23")) == [2026, 2027]
    checked = Calendar(OwnDays(checked=(2026,), free={Day("2027-04-01"): ""}))
    assert checked.unchecked(Day("2026-11-23")) == []


def test_other_countries() -> None:
    assert due("2026-08-13", 1, Calendar(OwnDays(country="IT"))) == "2026-08-14"
    assert due("2026-08-14", 1, Calendar(OwnDays(country="IT"))) == "2026-08-17"
    assert due("2026-08-14", 1) == "2026-08-18"


def test_days_far_away_do_no_harm() -> None:
    """The server could say any day of receipt."""
    assert due("9999-12-30", 10) == "9999-12-31"
    assert Clock(Day("0001-01-01"), INDONESIA).elapsed(Day("0001-01-08")) == 5
    years = range(2000, LAST_YEAR + 1)
    off = sum(date.fromisoformat(h.day).weekday() < 5 for year in years for h in INDONESIA.holidays(year))
    all_weekdays = (date(9999, 12, 31) - date(1, 1, 1)).days // 7 * 5 + 4
    assert INDONESIA.count(date(1, 1, 1), date(9999, 12, 31)) == all_weekdays - off


@given(DAYS, st.integers(1, 120), PAUSES)
def test_adding_and_elapsing_are_inverses(start: Day, count: int, pauses: tuple[Pause, ...]) -> None:
    stands = Clock(start, INDONESIA, pauses)
    day = stands.reaches(count)
    assert day is not None
    assert INDONESIA.is_working(date.fromisoformat(day))
    assert stands.elapsed(day) == count
    assert stands.elapsed(Day((date.fromisoformat(day) - timedelta(1)).isoformat())) == count - 1


@given(DAYS, DAYS, st.integers(1, 60), PAUSES)
def test_later_is_never_earlier(one: Day, other: Day, count: int, pauses: tuple[Pause, ...]) -> None:
    first, second = sorted((one, other))
    days = [Clock(start, INDONESIA, pauses).reaches(count) for start in (first, second)]
    assert days[0] is not None and days[1] is not None and days[0] <= days[1]
    more = Clock(first, INDONESIA, pauses).reaches(count + 1)
    assert more is not None and more > days[0]


@given(DAYS, st.integers(0, 800))
def test_the_count_is_the_sum_of_its_days(after: Day, length: int) -> None:
    start = date.fromisoformat(after)
    expected = sum(INDONESIA.is_working(start + timedelta(1 + each)) for each in range(length))
    assert INDONESIA.count(start, start + timedelta(length)) == expected


@given(DAYS, DAYS)
def test_days_between(one: Day, other: Day) -> None:
    assert clock.days_between(one, other) == -clock.days_between(other, one)
