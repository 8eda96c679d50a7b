"""Who reported when within a day leaves no trace, and if it did, the proof would be red."""

from pathlib import Path

import pytest

from crypto import calendar
from source_app import housekeeping
from source_app.services import open_services
from store.layout import Layout
from store.space import DEFAULT_LIMITS
from tests.privacy.proofs import two_worlds, world
from tests.store.test_order import BOUND, lists_in_order_of_arrival


def test_two_days_leave_the_same(tmp_path: Path) -> None:
    ended = two_worlds.compare(tmp_path, two_worlds.TEXTS, two_worlds.FILES)
    assert (ended.differences, ended.times) == ([], [])
    assert {kind: value for kind, value in ended.told.items() if abs(value) > BOUND} == {}
    if lists_in_order_of_arrival(tmp_path / "probe"):
        pytest.xfail("this file system lists files in the order of arrival: docs/known-limits.md")
    assert ended.listings == []


def without_compaction(layout: Layout) -> None:
    """Tidying as if the database did not matter."""
    services = open_services(layout, DEFAULT_LIMITS)
    housekeeping.chores(services)[0]()


def test_pages_in_the_order_of_arrival_are_found(tmp_path: Path) -> None:
    ended = two_worlds.compare(tmp_path, 40, 2, without_compaction)
    assert any(name.startswith("inbox.db page ") for name in ended.differences)
    assert any("inbox.db-wal" in name for name in ended.differences)
    assert any(time.startswith("ctime") and time.endswith("inbox.db") for time in ended.times)


def test_a_file_that_remembers_the_order_is_found(tmp_path: Path) -> None:
    """A note of who came, in the order of arrival, written when the first one comes."""
    planted = "blobs/last"

    def remember(layout: Layout) -> None:
        world.tidy(layout)
        newest = max((layout.done / "kota-contoh").iterdir(), key=lambda path: path.stat().st_ino)
        (layout.root / planted).write_text(newest.name)

    ended = two_worlds.compare(tmp_path, 2, 20, remember)
    assert planted in ended.differences


def test_a_file_that_was_made_in_the_day_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = f"blobs/came-{calendar.today()}"
    live = world.live

    def noting(lived: world.World, server, events, at_once: int = 1) -> None:
        def note(_server) -> None:
            (lived.layout.root / planted).touch()

        live(lived, server, [*events, note], at_once)

    monkeypatch.setattr(world, "live", noting)
    ended = two_worlds.compare(tmp_path, 2, 2)
    assert {time for time in ended.times if time.endswith(planted)} >= {
        f"mtime {planted}",
        f"ctime {planted}",
    }
