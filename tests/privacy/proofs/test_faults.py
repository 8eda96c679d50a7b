"""Nothing that was acknowledged is lost; losses, and others who cannot send, would be found."""

import os
from pathlib import Path

import pytest

from tests.privacy.proofs import faults, flood


def test_kills_lose_nothing(tmp_path: Path) -> None:
    layout, sent = faults.killed(tmp_path, 3)
    assert sent.items
    assert faults.lost(layout, sent) == []


def test_something_that_is_lost_would_be_found(tmp_path: Path) -> None:
    layout, sent = faults.killed(tmp_path, 1)
    layout.inbox.with_name("inbox.db-wal").unlink(missing_ok=True)
    layout.inbox.unlink()
    assert len(faults.lost(layout, sent)) == len(sent.items) + len(sent.blobs) > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_full_and_read_only_disks_lose_nothing(tmp_path: Path) -> None:
    lines = {line.name: line for line in faults._disks(tmp_path)}
    if "faults: lost on a full and a read-only disk" not in lines:
        pytest.skip("this container may not mount: the full disk of tests/store stands in")
    assert all(line.met for line in lines.values())


def test_a_flood_keeps_nobody_out(tmp_path: Path) -> None:
    assert flood.flooded(tmp_path, 5, 8).failed == 0


def test_a_server_that_takes_no_more_would_be_found(tmp_path: Path) -> None:
    assert flood.flooded(tmp_path, 1, 2, PELUIT_RESERVE=str(2**60)).failed == 3
