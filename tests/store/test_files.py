"""Files that are whole or not there, and opened without a trace."""

import os
from pathlib import Path

import pytest

from store import files


def test_a_file_is_written_whole_and_without_times(tmp_path: Path) -> None:
    path = tmp_path / "x"
    files.write_whole(path, b"one")
    files.write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_mtime_ns == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    files.write_whole(path, b"one")

    def fail(_file: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input"):
        files.write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_reading_leaves_no_access_time(tmp_path: Path) -> None:
    path = tmp_path / "x"
    files.write_whole(path, b"one")
    assert files.read_quietly(path) == b"one"
    assert path.stat().st_atime_ns == 0


def test_anothers_file_is_read_in_the_plain_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "x", os.open
    files.write_whole(path, b"one")

    def owners_only(name: Path, flags: int, *rest: int) -> int:
        if flags & os.O_NOATIME:
            raise PermissionError
        return real(name, flags, *rest)

    monkeypatch.setattr(os, "open", owners_only)
    assert files.read_quietly(path) == b"one"
