"""Blanks: made together, taken at random, renewed once a day."""

from pathlib import Path

import pytest

from crypto.fields import Day
from store.blanks import Blanks

DAY, NEXT = Day("2026-11-23"), Day("2026-11-24")


@pytest.fixture
def blanks(tmp_path: Path) -> Blanks:
    (tmp_path / "blanks").mkdir()
    return Blanks(tmp_path / "blanks", 8)


def stock(tmp_path: Path) -> set[str]:
    """The days and inode numbers of what is there."""
    return {f"{path.parent.name} {path.stat().st_ino}" for path in (tmp_path / "blanks").glob("*/*")}


def test_a_batch_is_made_once_a_day_and_the_rest_of_the_last_goes(blanks: Blanks, tmp_path: Path) -> None:
    blanks.renew(DAY)
    first = stock(tmp_path)
    assert len(first) == 8
    blanks.take(tmp_path / "taken", DAY)
    blanks.renew(DAY)
    assert stock(tmp_path) < first
    blanks.renew(NEXT)
    assert len(stock(tmp_path)) == 8
    assert {name[:10] for name in stock(tmp_path)} == {NEXT}


def test_a_blank_is_an_empty_file_of_the_owners_alone(blanks: Blanks, tmp_path: Path) -> None:
    blanks.take(tmp_path / "taken", DAY)
    status = (tmp_path / "taken").stat()
    assert (status.st_size, status.st_mode & 0o777, status.st_nlink) == (0, 0o600, 1)
    assert (status.st_mtime_ns, status.st_atime_ns) == (0, 0)


def test_when_none_is_left_another_batch_is_made(blanks: Blanks, tmp_path: Path) -> None:
    blanks.renew(DAY)
    for number in range(9):
        blanks.take(tmp_path / str(number), DAY)
    assert len({(tmp_path / str(number)).stat().st_ino for number in range(9)}) == 9
    assert len(stock(tmp_path)) == 7


def test_a_stock_of_yesterday_is_used_until_it_is_renewed(blanks: Blanks, tmp_path: Path) -> None:
    blanks.renew(DAY)
    blanks.take(tmp_path / "taken", NEXT)
    assert {name[:10] for name in stock(tmp_path)} == {DAY}


def test_what_a_killed_maker_left_goes_with_the_day(blanks: Blanks, tmp_path: Path) -> None:
    half = tmp_path / "blanks" / f".{DAY}-0123"
    half.mkdir()
    (half / "4567").touch()
    blanks.renew(DAY)
    assert half.exists()  # its maker may be at work
    blanks.renew(NEXT)
    assert not half.exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Blanks(tmp_path / "nowhere").take(tmp_path / "taken", DAY)
