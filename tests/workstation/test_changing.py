"""Several files at once: all of the change or none, wherever the power goes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workstation.office import snapshot
from workstation import changing, files
from workstation.errors import DiskFullError
from workstation.layout import Layout

OLD = {"office.key": b"old office", "reviewers/r1.key": b"old r1", "reviewers/r2.key": b"old r2"}
NEW = {"office.key": b"new", "reviewers/r1.key": b"new r1", "parcels/r1/2": b"parcel", "rosters/2": b"two"}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(tmp_path / "station")
    found.folder.mkdir()
    for folder in found.folders():
        folder.mkdir()
    write(found.folder, OLD)
    return found


def write(folder: Path, contents: dict[str, bytes]) -> None:
    for name, data in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        files.write_new(folder / name, [data])


def contents(layout: Layout) -> dict[str, bytes]:
    return {name: (layout.folder / name).read_bytes() for name in snapshot(layout.folder)}


def make(layout: Layout) -> None:
    with changing.change(layout) as change:
        write(change.made.folder, NEW)
        change.drop(layout.folder / "reviewers" / "r2.key")


def test_all_of_it(layout: Layout) -> None:
    make(layout)
    assert contents(layout) == NEW
    assert not layout.next.exists()
    assert not layout.preparing.exists()
    changing.settle(layout)
    assert contents(layout) == NEW


def test_nothing_if_it_fails(layout: Layout) -> None:
    with pytest.raises(DiskFullError), changing.change(layout) as change:
        write(change.made.folder, NEW)
        raise DiskFullError
    assert contents(layout) == OLD
    assert not layout.preparing.exists()


def steps(run: Callable[[], None], die_at: int | None = None) -> int:
    """Runs in a process of its own, which dies at a step; gives the number of steps (0: it died)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object, **named: object) -> object:
                nonlocal count
                count += 1
                if count == die_at:
                    os._exit(1)
                return real(*arguments, **named)

            return call

        for owner, name in (
            (os, "write"),
            (os, "fsync"),
            (os, "link"),
            (Path, "replace"),
            (Path, "rename"),
            (Path, "unlink"),
            (Path, "mkdir"),
        ):
            setattr(owner, name, counted(getattr(owner, name)))
        run()
        os._exit(0 if os.writev(writing, [bytes([count])]) else 2)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return said[0] if said else 0


def test_a_process_that_dies_at_any_step(tmp_path: Path) -> None:
    def fresh(name: str) -> Layout:
        found = Layout(tmp_path / name)
        for folder in (found.folder, *found.folders()):
            folder.mkdir()
        write(found.folder, OLD)
        return found

    counting = fresh("counting")
    total = steps(lambda: make(counting))
    assert contents(counting) == NEW
    assert total > 20
    outcomes = []
    for step in range(1, total + 1):
        layout = fresh(str(step))
        assert steps(lambda layout=layout: make(layout), step) == 0  # type: ignore[misc]
        changing.settle(layout)
        assert contents(layout) in (OLD, NEW), step
        assert not layout.next.exists()
        assert not layout.preparing.exists()
        outcomes.append(contents(layout) == NEW)
    assert outcomes == sorted(outcomes), "never back to the old after the moment of change"
    assert {True, False} == set(outcomes)


def test_what_goes_is_overwritten(layout: Layout) -> None:
    """An open file shows what stays in its place on the disk after its name is gone."""
    kept = [(layout.folder / name).open("rb") for name in OLD]
    make(layout)
    for file in kept:
        with file:
            data = file.read()
        assert data == bytes(len(data))
        assert data
