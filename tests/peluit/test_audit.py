"""`peluit audit verify`: what it says, and its exit codes."""

import hashlib
from pathlib import Path

import pytest

from crypto import chained_log
from crypto.chained_log import START, Entry, next_hash, note
from crypto.fields import Day, OfficeId
from tests.peluit.running import PELUIT, run

OFFICE = OfficeId("kota-contoh")


def chain(count: int) -> list[tuple[Entry, bytes]]:
    found, head = [], START
    for number in range(1, count + 1):
        entry = Entry(number, Day("2026-11-23"), OFFICE, "ani", "invited", f"p{number} reviewer")
        head = next_hash(head, entry)
        found.append((entry, head))
    return found


def saved(folder: Path, count: int = 5) -> Path:
    path = folder / "log.jsonl"
    path.write_bytes(b"".join(chained_log.export(OFFICE, chain(count))))
    return path


def test_a_whole_log(tmp_path: Path) -> None:
    path = saved(tmp_path)
    before = hashlib.sha256(path.read_bytes()).digest()
    done = run(PELUIT, "audit", "verify", path)
    assert (done.returncode, done.stderr) == (0, "")
    head = note(chain(5)[-1][1])
    assert done.stdout == f"The log of kota-contoh is whole: 5 entries.\nWrite down: 5, {head}\n"
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_a_stations_log(tmp_path: Path) -> None:
    path, entry = tmp_path / "log.jsonl", chain(1)[0][0]
    head = next_hash(START, entry, chained_log.STATION)
    path.write_bytes(b"".join(chained_log.export(OFFICE, [(entry, head)], chained_log.STATION)))
    done = run(PELUIT, "audit", "verify", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"The log of the station of kota-contoh is whole: 1 entry.\nWrite down: 1, {note(head)}\n"
    )


def test_what_was_noted(tmp_path: Path) -> None:
    path, noted = saved(tmp_path), note(chain(2)[-1][1])
    done = run(PELUIT, "audit", "verify", path, "--since", noted)
    assert done.returncode == 0
    assert "What was written down stands in it; since then: 3." in done.stdout
    saved(tmp_path, 1)
    done = run(PELUIT, "audit", "verify", path, "--since", noted)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere in its 1 entries" in done.stderr


def test_a_broken_log(tmp_path: Path) -> None:
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"p3 reviewer", b"p3 operator"))
    done = run(PELUIT, "audit", "verify", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("peluit: the log is broken: entry 3 is not as it was written")


@pytest.mark.parametrize("content", [None, b"", b"\x7fELF", b'{"kind":"other"}\n'])
def test_what_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "log.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = run(PELUIT, "audit", "verify", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"peluit: {path} ")


def test_numbers_that_are_no_note(tmp_path: Path) -> None:
    done = run(PELUIT, "audit", "verify", saved(tmp_path), "--since", "12345")
    assert done.returncode == 2
    assert "eight groups of five digits" in done.stderr
