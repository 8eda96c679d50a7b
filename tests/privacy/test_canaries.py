"""The search finds what it is meant to find, wherever and however it is hidden."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.privacy import canaries
from tests.privacy.canaries import Hit, Search

CANARY = "kenari-é-7351"
SEARCH = Search([CANARY])


@pytest.mark.parametrize(
    "hidden",
    [
        CANARY.encode(),
        CANARY.encode("utf-16-le"),
        CANARY.encode().hex().encode(),
        base64.b64encode(CANARY.encode()),
        base64.b64encode(b"x" + CANARY.encode() + b"yz"),
        base64.urlsafe_b64encode(b"xy" + CANARY.encode() + b"z"),
    ],
)
def test_a_planted_canary_is_found(tmp_path: Path, hidden: bytes) -> None:
    path = tmp_path / "deep" / "file.bin"
    path.parent.mkdir()
    path.write_bytes(bytes(1000) + hidden + bytes(1000))
    assert SEARCH.tree(tmp_path) == {Hit(CANARY, str(path))}


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"kenari-e-7351")
    assert SEARCH.tree(tmp_path) == set()


def test_a_canary_across_two_pieces_is_found() -> None:
    raw = CANARY.encode()
    assert SEARCH.data([b"..." + raw[:5], raw[5:] + b"..."], "stream") == {Hit(CANARY, "stream")}


def test_a_file_name_is_searched_too(tmp_path: Path) -> None:
    (tmp_path / f"{CANARY}.jpg").touch()
    assert {hit.canary for hit in SEARCH.tree(tmp_path)} == {CANARY}


def test_a_file_that_moves_during_the_search_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server at work renames folders; the one that was already listed must not hide its file."""
    read = canaries._file
    waiting, ready = tmp_path / "waiting", tmp_path / "ready"
    waiting.mkdir()
    ready.mkdir()
    (waiting / "file").write_text(CANARY)

    def moved(path: Path) -> Iterator[bytes]:
        if path.parent == waiting:
            path.rename(ready / "file")
        return read(path)

    monkeypatch.setattr(canaries, "_file", moved)
    assert SEARCH.tree(tmp_path) == {Hit(CANARY, str(ready / "file"))}


def test_a_canary_in_another_processs_memory_is_found() -> None:
    half = len(CANARY) // 2
    script = f"kept = {CANARY[:half]!r} + {CANARY[half:]!r}; print('ready', flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe) as child:
        assert child.stdout
        child.stdout.readline()
        hits = SEARCH.memory(child.pid)
        child.communicate(b"\n")
    assert {hit.canary for hit in hits} == {CANARY}
