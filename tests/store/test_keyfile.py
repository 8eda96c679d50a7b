"""Key files: random, never overwritten, nobody else's."""

import os
from pathlib import Path

import pytest

from store import keyfile
from store.errors import KeyFileExistsError, KeyFileMissingError, KeyFileModeError, KeyFileSizeError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.key"


def test_a_new_key_is_read_back(path: Path) -> None:
    key = keyfile.create(path)
    assert len(key) == 32
    assert keyfile.read(path) == key


def test_keys_differ(tmp_path: Path) -> None:
    assert keyfile.create(tmp_path / "1") != keyfile.create(tmp_path / "2")


@pytest.mark.parametrize("umask", [0, 0o077])
def test_the_file_is_its_owners_alone_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        keyfile.create(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(path: Path) -> None:
    key = keyfile.create(path)
    with pytest.raises(KeyFileExistsError):
        keyfile.create(path)
    assert keyfile.read(path) == key


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileExistsError):
        keyfile.create(path)


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o660, 0o700, 0o666])
def test_a_key_that_others_can_reach_is_refused(path: Path, mode: int) -> None:
    keyfile.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileModeError):
        keyfile.read(path)


def test_a_read_only_key_is_taken(path: Path) -> None:
    key = keyfile.create(path)
    path.chmod(0o400)
    assert keyfile.read(path) == key


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_key_of_another_size_is_refused(path: Path, size: int) -> None:
    keyfile.create(path)
    path.write_bytes(bytes(size))
    with pytest.raises(KeyFileSizeError):
        keyfile.read(path)


def test_a_missing_key_is_named(path: Path) -> None:
    with pytest.raises(KeyFileMissingError):
        keyfile.read(path)
