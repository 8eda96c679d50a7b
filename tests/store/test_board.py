"""The board's files: shuffled, whole, timeless, the former version kept."""

import os

import pytest

from crypto.board import Slot, read_index
from crypto.errors import MalformedError
from store import publication
from store.board import Board
from store.errors import NoSuchPageError, StorageFullError
from store.layout import Layout
from tests.store.installation import random_slots


@pytest.fixture
def board(layout: Layout) -> Board:
    return Board(layout.board)


def shown(board: Board) -> tuple[str, list[Slot]]:
    version, hints = read_index(board.index().read_bytes())
    bodies = b"".join(board.page(version.hex(), n).read_bytes() for n in range(len(hints) // 16))
    return version.hex(), [Slot(hint, bodies[i * 4096 :][:4096]) for i, hint in enumerate(hints)]


def test_every_slot_is_shown_with_its_hint(board: Board) -> None:
    slots = random_slots(48)
    board.publish(slots)
    assert sorted(shown(board)[1], key=lambda s: s.hint) == sorted(slots, key=lambda s: s.hint)


def test_each_publication_has_another_order(board: Board) -> None:
    slots = random_slots(64)
    board.publish(slots)
    first = shown(board)[1]
    board.publish(slots)
    assert shown(board)[1] != first != slots


def test_the_version_before_stays_and_older_ones_go(board: Board, layout: Layout) -> None:
    versions = []
    for _ in range(3):
        board.publish(random_slots(16))
        versions.append(shown(board)[0])
    assert board.page(versions[2], 0).is_file()
    assert board.page(versions[1], 0).is_file()
    with pytest.raises(NoSuchPageError):
        board.page(versions[0], 0)
    assert {path.name for path in layout.board.iterdir()} == {*versions[1:], "current"}


@pytest.mark.parametrize("count", [0, 15, 17])
def test_half_pages_are_refused(board: Board, count: int) -> None:
    with pytest.raises(MalformedError):
        board.publish(random_slots(count))


def test_before_the_first_publication_there_is_nothing(board: Board) -> None:
    with pytest.raises(NoSuchPageError):
        board.index()


@pytest.mark.parametrize(
    "version", ["", "current", "..", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n", "0" * 32]
)
def test_only_versions_name_pages(board: Board, version: str) -> None:
    board.publish(random_slots(16))
    with pytest.raises(NoSuchPageError):
        board.page(version, 0)


@pytest.mark.parametrize("number", [1, 10**15])
def test_pages_end(board: Board, number: int) -> None:
    board.publish(random_slots(16))
    with pytest.raises(NoSuchPageError):
        board.page(shown(board)[0], number)


def test_no_file_or_folder_tells_when(board: Board, layout: Layout) -> None:
    board.publish(random_slots(16))
    board.publish(random_slots(16))
    for path in (layout.board, *layout.board.rglob("*")):
        assert path.lstat().st_mtime_ns == 0, path.name


def test_a_full_disk_leaves_the_old_board(board: Board, layout: Layout, monkeypatch) -> None:
    board.publish(random_slots(16))
    before, names = shown(board), set(layout.board.iterdir())
    written = []

    def full(_file: int) -> None:
        written.append(1)
        if len(written) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError):
        board.publish(random_slots(32))
    assert shown(board) == before
    assert set(layout.board.iterdir()) == names


def test_the_same_edition_twice_changes_nothing(layout: Layout) -> None:
    publication.publish(layout.board, "a", {"x": b"1"})
    publication.publish(layout.board, "a", {"x": b"2"})
    assert (layout.board / "a" / "x").read_bytes() == b"1"
