"""In which order blobs came: nothing that the file system tells about them shows it."""

import os
import random
import secrets
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from store import done
from store.layout import Layout
from store.uploads import Uploads
from tests.store.installation import OFFICE
from tests.store.uploading import DAY, DELETION, new_upload, put_all

COUNT = 64
# Of 64 things in random order, Spearman's rank correlation is beyond this once in 30 million times: its
# deviation is 1/sqrt(63) = 0.126, and this is 5.5 of them.
BOUND = 0.7


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value; equal ones share the mean of theirs."""
    ordered = sorted(values)
    first = {value: ordered.index(value) for value in set(values)}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def correlation(values: Sequence[float]) -> float:
    """How much the order of values tells of the order in which they stand: 1 or -1 all, 0 nothing."""
    if len(set(values)) == 1:
        return 0.0
    return statistics.correlation(ranks(values), list(range(len(values))))


def birth(path: Path) -> float:
    """0 if the file system does not keep it."""
    said = subprocess.run(["stat", "--format=%.9W", path], capture_output=True, text=True, check=True).stdout
    return float(said.replace(",", ".").replace("-", "0"))


def told(files: Sequence[Path]) -> dict[str, float]:
    """What each property of files tells about the order in which they are given."""
    found = [path.stat() for path in files]
    with os.scandir(files[0].parent) as entries:
        listed = [entry.name for entry in entries]
    values = {
        "name": [int(path.name, 16) for path in files],
        "inode": [status.st_ino for status in found],
        "birth": [birth(path) for path in files],
        "ctime": [status.st_ctime_ns for status in found],
        "mtime": [status.st_mtime_ns for status in found],
        "atime": [status.st_atime_ns for status in found],
        "listing": [listed.index(path.name) for path in files],
    }
    return {name: correlation(column) for name, column in values.items()}


def lists_in_order_of_arrival(folder: Path) -> bool:
    """Whether this file system lists files in the order in which they were made (docs/known-limits.md)."""
    folder.mkdir()
    files = [folder / secrets.token_hex(16) for _ in range(COUNT)]
    for path in files:
        path.touch()
    return abs(told(files)["listing"]) > BOUND


@pytest.fixture
def complete(layout: Layout, uploads: Uploads) -> list[Path]:
    """The files of blobs in the order in which they were completed, which is not that of their beginning."""
    uploads.tidy(DAY)
    begun = [new_upload() for _ in range(COUNT)]
    for upload in begun:
        put_all(uploads, upload)
    random.SystemRandom().shuffle(begun)
    for upload in begun:
        uploads.finish(upload, DELETION, DAY)
    return [layout.blob(OFFICE, upload.blob) for upload in begun]


@pytest.fixture
def in_turn(layout: Layout, uploads: Uploads) -> list[Path]:
    """The files of blobs that were sent and completed one after the other."""
    uploads.tidy(DAY)
    sent = [new_upload() for _ in range(COUNT)]
    for upload in sent:
        put_all(uploads, upload)
        uploads.finish(upload, DELETION, DAY)
    return [layout.blob(OFFICE, upload.blob) for upload in sent]


@pytest.mark.parametrize("fixture", ["complete", "in_turn"])
def test_no_property_of_a_file_tells_when_it_came(request, tmp_path: Path, fixture: str) -> None:
    found = told(request.getfixturevalue(fixture))
    listing = found.pop("listing")
    assert {name: value for name, value in found.items() if abs(value) > BOUND} == {}
    if lists_in_order_of_arrival(tmp_path / "probe"):
        pytest.xfail("this file system lists files in the order of arrival: docs/known-limits.md")
    assert abs(listing) <= BOUND


def test_the_times_are_those_of_the_last_arrival_for_all(in_turn: list[Path]) -> None:
    last = max(path.stat().st_ctime for path in in_turn)
    assert {path.stat().st_mtime_ns for path in in_turn} == {0}
    assert {path.stat().st_atime_ns for path in in_turn} == {0}
    # All were touched within the last completion, the first one too.
    assert all(path.stat().st_ctime > last - 1 for path in in_turn)


def test_after_the_next_tidying_nothing_tells_when_an_upload_was(
    layout: Layout, uploads: Uploads, tmp_path: Path
) -> None:
    """Of the folders too: neither their birth nor the time of their last change."""
    uploads.tidy(DAY)
    layout.make_done([OFFICE])
    before, after = tmp_path / "before", tmp_path / "after"
    before.touch()
    upload = new_upload()
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    while not after.exists() or after.stat().st_ctime_ns == before.stat().st_ctime_ns:
        after.touch()
    uploads.tidy(DAY)
    others = layout.blanks / DAY, layout.root / layout.relayed.uploads
    there = [path for path in layout.blanks.parent.rglob("*") if not any(map(path.is_relative_to, others))]
    there += [layout.blanks / DAY]
    assert {path.name for path in there if birth(path) > birth(before)} == set()
    assert {path.name for path in there if path.stat().st_ctime_ns < after.stat().st_ctime_ns} == set()


def test_very_many_files_make_a_completion_no_slower(layout: Layout, uploads: Uploads, monkeypatch) -> None:
    monkeypatch.setattr(done, "MOST_AT_ONCE", 8)
    sent = [new_upload() for _ in range(12)]
    for upload in sent:
        put_all(uploads, upload)
        uploads.finish(upload, DELETION, DAY)
    touched = []
    real = done.touch
    monkeypatch.setattr(done, "touch", lambda path: (touched.append(path), real(path)))
    last = new_upload()
    put_all(uploads, last)
    uploads.finish(last, DELETION, DAY)
    assert len([path for path in touched if path.is_file()]) == 8
    uploads.tidy(DAY)
    assert {layout.blob(OFFICE, each.blob) for each in (*sent, last)} <= set(touched)


def test_files_of_ones_own_would_be_found_out(tmp_path: Path) -> None:
    """What a server would do that gives no thought to it: the test above sees that."""
    files = [tmp_path / secrets.token_hex(16) for _ in range(COUNT)]
    for number, path in enumerate(files):
        path.write_bytes(b"x")
        os.utime(path, ns=(number, number))
    found = told(files)
    assert found["inode"] > BOUND
    assert found["ctime"] > BOUND
    assert found["mtime"] > BOUND
    assert found["atime"] > BOUND
    assert found["birth"] > BOUND or {birth(path) for path in files} == {0}
    assert abs(found["name"]) <= BOUND
