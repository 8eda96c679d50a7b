"""What an office decides about its things: for itself, in the log, and within bounds."""

import pytest

from store.deadline import LAPOR, Deadline
from store.errors import OutOfRangeError
from store.layout import Layout
from store.staff import Account, Staff

from .conftest import OFFICE, OTHER, rows

ANI = Account("ani", OFFICE, "administrator")


def acts(layout: Layout) -> list[tuple[object, ...]]:
    return rows(layout, "SELECT office, actor, act, subject FROM log ORDER BY number")


def test_without_a_decision(staff: Staff) -> None:
    assert staff.settings.deadline(OFFICE) == LAPOR.deadline == Deadline(3, "working")
    assert staff.settings.retention(OFFICE) is None


def test_a_decision_holds_for_ones_own_office_and_is_logged(staff: Staff, layout: Layout) -> None:
    settings = staff.settings
    settings.set_deadline(ANI, Deadline(7, "calendar"))
    settings.set_deadline(ANI, Deadline(5, "working"))
    settings.set_retention(ANI, 90)
    assert (settings.deadline(OFFICE), settings.retention(OFFICE)) == (Deadline(5, "working"), 90)
    assert (settings.deadline(OTHER), settings.retention(OTHER)) == (LAPOR.deadline, None)
    settings.set_retention(ANI, 365)
    settings.set_retention(ANI, None)
    assert settings.retention(OFFICE) is None
    assert acts(layout) == [
        (OFFICE, "ani", "deadline-set", "7 calendar"),
        (OFFICE, "ani", "deadline-set", "5 working"),
        (OFFICE, "ani", "retention-set", "90"),
        (OFFICE, "ani", "retention-set", "365"),
        (OFFICE, "ani", "retention-ended", ""),
    ]


def test_what_changes_nothing_leaves_no_entry(staff: Staff, layout: Layout) -> None:
    staff.settings.set_deadline(ANI, LAPOR.deadline)
    staff.settings.set_retention(ANI, None)
    assert acts(layout) == []


@pytest.mark.parametrize("days", [-1, 0, 1, 29, 366, 10_000])
def test_out_of_range(staff: Staff, layout: Layout, days: int) -> None:
    with pytest.raises(OutOfRangeError):
        staff.settings.set_retention(ANI, days)
    if days not in (1, 29):
        with pytest.raises(OutOfRangeError):
            staff.settings.set_deadline(ANI, Deadline(days, "working"))
    assert acts(layout) == []
