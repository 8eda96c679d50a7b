"""Destroyed keys open nothing any more; keys that were kept somewhere would be found."""

from pathlib import Path

from tests.privacy.proofs import key_erasure


def test_nothing_that_is_left_opens_old_items(tmp_path: Path) -> None:
    tried = key_erasure.attempt(tmp_path, 3)
    assert (tried.before, tried.after) == (3, 0)
    assert tried.keys == 12, "two weeks of three reviewers, on the station and in the backup"


def test_a_backup_from_before_would_be_found(tmp_path: Path) -> None:
    assert key_erasure.attempt(tmp_path, 3, backup_before=True).after == 3
