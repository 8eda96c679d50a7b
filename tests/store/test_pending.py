"""Bundles that wait for a decision: one for each office, for a day."""

import io

import pytest

from crypto import calendar
from crypto.fields import Day
from store.errors import StorageFullError
from store.layout import Layout
from store.pending import PendingBundles, digest
from tests.store.installation import OFFICE, OTHER

TODAY = Day("2026-11-23")
TOMORROW = calendar.add_days(TODAY, 1)
LATER = calendar.add_days(TODAY, 2)


@pytest.fixture
def pending(layout: Layout) -> PendingBundles:
    return PendingBundles(layout)


def content(pending: PendingBundles, office=OFFICE, on: Day = TODAY) -> bytes | None:
    file = pending.open(office, on)
    if file is None:
        return None
    with file:
        return file.read()


def test_the_last_one_of_each_office_is_kept(pending: PendingBundles) -> None:
    assert content(pending) is None
    pending.keep(OFFICE, TODAY, io.BytesIO(b"first"))
    pending.keep(OTHER, TODAY, io.BytesIO(b"other"))
    pending.keep(OFFICE, TODAY, io.BytesIO(b"second"))
    assert (content(pending), content(pending, OTHER)) == (b"second", b"other")
    pending.keep(OFFICE, TOMORROW, io.BytesIO(b"third"))
    assert (content(pending), content(pending, on=TOMORROW)) == (None, b"third")
    pending.drop(OFFICE)
    assert (content(pending, on=TOMORROW), content(pending, OTHER)) == (None, b"other")


def test_it_is_there_until_the_end_of_the_next_day(pending: PendingBundles, layout: Layout) -> None:
    pending.keep(OFFICE, TODAY, io.BytesIO(b"x"))
    assert (content(pending, on=TOMORROW), content(pending, on=LATER)) == (b"x", None)
    pending.expire(TOMORROW)
    assert content(pending, on=TOMORROW) == b"x"
    pending.expire(LATER)
    assert [path for path in layout.imports.rglob("*") if path.is_file()] == []


def test_no_time_is_left(pending: PendingBundles, layout: Layout) -> None:
    pending.keep(OFFICE, TODAY, io.BytesIO(b"x"))
    content(pending)
    folder, paths = layout.imports / OFFICE, [*layout.imports.rglob("*")]
    assert {path.stat().st_mtime_ns for path in paths} == {0}
    assert (folder / TODAY).stat().st_atime_ns == 0
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


def test_a_full_disk_keeps_the_one_before(pending: PendingBundles, monkeypatch) -> None:
    pending.keep(OFFICE, TODAY, io.BytesIO(b"first"))

    def full(_path: object, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("store.pending.write_whole", full)
    with pytest.raises(StorageFullError):
        pending.keep(OFFICE, TODAY, io.BytesIO(b"second"))
    assert content(pending) == b"first"


def test_what_tells_one_file_from_another() -> None:
    file = io.BytesIO(b"x")
    assert digest(file) == digest(file) != digest(io.BytesIO(b"y"))
    assert file.read() == b"x"
