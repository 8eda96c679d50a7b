"""Reply slots: kept to their day, then erased."""

import pytest

from crypto.board import Slot
from crypto.fields import Day
from store.errors import ConflictError
from store.slots import Slots
from tests.store.installation import random_slots
from tests.store.pages_of import clear_bytes

NOVEMBER, DECEMBER = Day("2026-11-30"), Day("2026-12-31")


@pytest.fixture
def slots(inbox) -> Slots:
    return Slots(inbox)


def test_slots_live_to_the_end_of_their_day(slots: Slots) -> None:
    early, late = random_slots(16), random_slots(16)
    slots.add(early, NOVEMBER)
    slots.add(late, DECEMBER)
    assert set(slots.living(NOVEMBER)) == {*early, *late}
    assert set(slots.living(Day("2026-12-01"))) == set(late)


def test_the_order_tells_nothing_of_their_coming(slots: Slots) -> None:
    slots.add(random_slots(32), NOVEMBER)
    hints = [slot.hint for slot in slots.living(NOVEMBER)]
    assert hints == sorted(hints)


def test_adding_again_changes_nothing(slots: Slots) -> None:
    made = random_slots(16)
    slots.add(made, NOVEMBER)
    slots.add([Slot(made[0].hint, bytes(4096)), *made], DECEMBER)
    assert set(slots.living(NOVEMBER)) == set(made)
    assert slots.living(DECEMBER) == ()


def test_expired_slots_are_erased(slots: Slots, layout, key) -> None:
    gone, kept = random_slots(16), random_slots(16)
    slots.add(gone, NOVEMBER)
    slots.add(kept, DECEMBER)
    slots.expire(Day("2026-12-01"))
    left = clear_bytes(layout.inbox, key)
    assert [slot for slot in gone if slot.hint in left or slot.body[:64] in left] == []
    assert all(slot.hint in left for slot in kept)


@pytest.mark.parametrize(("hint", "body"), [(31, 4096), (32, 4095), (33, 4096)])
def test_odd_sizes_are_refused(slots: Slots, hint: int, body: int) -> None:
    with pytest.raises(ConflictError):
        slots.add([Slot(bytes(hint), bytes(body))], NOVEMBER)
