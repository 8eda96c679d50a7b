"""A case that is erased is nowhere: not in the vault's pages, used or free, and not in any file."""

import io
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tests.workstation.ceremonies import renew
from tests.workstation.office import TODAY, Desk, snapshot
from workstation import cases, erasing, files, notes, replies, stationlog, thread
from workstation.cli import main
from workstation.errors import DiskFullError, EvidenceArrivingError, NoSuchCaseError
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]

PAGE, RESERVED = 4_096, 80
"""SQLCipher 4: each page ends with an IV of 16 bytes and an HMAC of 64."""


def pages(path: Path, key: bytes) -> bytes:
    """Every page of a vault without its encryption, free space included; the salt apart."""
    data, clear = path.read_bytes(), b""
    for at in range(0, len(data), PAGE):
        page = data[at : at + PAGE]
        sealed, iv = page[16 * (at == 0) : PAGE - RESERVED], page[PAGE - RESERVED :][:16]
        opening = Cipher(AES(key), CBC(iv)).decryptor()
        clear += opening.update(sealed) + opening.finalize()
    return clear


def traces(station: Station, number: int) -> list[bytes]:
    """Everything random that belongs to a case: ids, sealed values, wrapped keys, names of files."""
    rows = station.vault.rows
    selected = (
        "SELECT thread, head FROM cases WHERE number = ?",
        'SELECT item, meta, document FROM messages WHERE "case" = ?',
        'SELECT wrapped FROM readers WHERE "case" = ?',
        'SELECT body FROM replies WHERE "case" = ?',
        'SELECT body FROM notes WHERE "case" = ?',
        'SELECT words FROM words WHERE "case" = ?',
        'SELECT id, opening FROM openings WHERE "case" = ?',
    )
    found: list[bytes] = [value for sql in selected for row in rows(sql, number) for value in row]
    case = cases.find(station, number)
    for _, _, evidence in thread.evidence(thread.messages(station, case)):
        found += [evidence.blob, *(digest for digest, _ in thread.blobs(station, evidence.blob))]
    found += [token for sent in thread.replies(station, case) for token in sent.body.tokens]
    return [value[:24] for value in found]


@pytest.fixture
def two(desk: Desk, unlocked: Unlock) -> tuple[int, int]:
    """Two cases with evidence and replies, one of them sent."""
    with unlocked("r1") as station:
        numbers = []
        for n in (1, 2):
            reporter = desk.reporter()
            item, name, blob = reporter.evidence(os.urandom(200_000))
            parts = desk.deliver_parts(n, [reporter.report(), item], [(name, blob)])
            found = [import_bundle(station, part) for part in parts]
            (number,) = found[0].opened.cases
            replies.reply(station, cases.find(station, number), "jawaban", TODAY)
            notes.add(station, cases.find(station, number), "catatan", TODAY)
            numbers.append(number)
    return numbers[0], numbers[1]


def test_nothing_of_it_is_left(desk: Desk, unlocked: Unlock, two: tuple[int, int]) -> None:
    gone, stays = two
    path = Layout(desk.folder).vault
    with unlocked("r1") as station:
        key = station.keys.vault
        lost, kept = traces(station, gone), traces(station, stays)
        before = pages(path, key)
        assert all(trace in before for trace in (*lost, *kept)), "the search finds what is there"
        (file,) = thread.blobs(station, _blob(station, gone))
        assert (desk.folder / "evidence" / file[0].hex()).is_file()
        done = erasing.erase(station, cases.find(station, gone), "retention")
        assert (done.messages, done.replies, done.files) == (2, 1, 1)
    after = pages(path, key)
    assert [trace for trace in lost if trace in after] == []
    assert all(trace in after for trace in kept)
    assert not (desk.folder / "evidence" / file[0].hex()).exists()
    assert {name.split("/")[0] for name in snapshot(desk.folder)} == {
        "directories", "evidence", "office.key", "reviewers", "rosters", "vault.db",
    }  # fmt: skip
    for reviewer in ("r1", "r2"):
        with unlocked(reviewer) as station:
            assert [case.number for case in cases.readable(station)] == [stays]
            erased = "SELECT day, actor, subject FROM log WHERE act = 'case-erased'"
            assert station.vault.rows(erased) == [(TODAY, "r1", "retention")]
            assert stationlog.verify(station.vault, station.keys.place.office).count > 10
            assert station.vault.value("PRAGMA freelist_count") == 0
            station.vault.check()


def _blob(station: Station, number: int) -> bytes:
    ((_, _, evidence),) = thread.evidence(thread.messages(station, cases.find(station, number)))
    return evidence.blob


def test_the_old_files_are_overwritten(desk: Desk, unlocked: Unlock, two: tuple[int, int]) -> None:
    with unlocked("r1") as station:
        ((digest, _),) = thread.blobs(station, _blob(station, two[0]))
        old = [path.open("rb") for path in (desk.folder / "evidence" / digest.hex(), station.layout.vault)]
        erasing.erase(station, cases.find(station, two[0]), "mistake")
    for file in old:
        with file:
            data = file.read()
        assert data == bytes(len(data))
        assert data


def test_not_by_somebody_who_may_not_read_it(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        done = import_bundle(station, desk.deliver(1, [desk.reporter().report(excluded=["r2"])]))
        (number,) = done.opened.cases
    with unlocked("r2") as station, pytest.raises(NoSuchCaseError):
        cases.find(station, number)


def test_not_while_its_evidence_is_on_its_way(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(os.urandom(200_000))
    first, *others = desk.deliver_parts(1, [item], [(name, blob)])
    with unlocked("r1") as station:
        (number,) = import_bundle(station, first).opened.cases
        with pytest.raises(EvidenceArrivingError):
            erasing.erase(station, cases.find(station, number), "rubbish")
        for part in others:
            import_bundle(station, part)
        assert erasing.erase(station, cases.find(station, number), "rubbish").files == 1


def test_a_full_disk_erases_nothing(
    desk: Desk, unlocked: Unlock, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(desk.folder)

    def full(*_arguments: object) -> None:
        raise DiskFullError

    with unlocked("r1") as station:
        case = cases.find(station, two[0])
        monkeypatch.setattr(files, "need_room", full)
        with pytest.raises(DiskFullError):
            erasing.erase(station, case, "retention")
    assert snapshot(desk.folder) == before


def test_the_same_codename_begins_anew(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        erasing.erase(station, cases.find(station, number), "retention")
    with unlocked("r1") as station:
        done = import_bundle(station, desk.deliver(2, [reporter.text("masih di sini")]))
        assert len(done.opened.new_cases) == 1


@pytest.mark.parametrize("typed", ["", "1\nerase\n", "{}\n", "{}\nyes\n", "erase\n{}\n"])
def test_two_confirmations(
    desk: Desk,
    two: tuple[int, int],
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = snapshot(desk.folder)
    words = ["erase", str(two[0]), "--reason", "retention", "--json", *desk.as_("r1")]
    monkeypatch.setattr("sys.stdin", io.StringIO(typed.format(two[0])))
    assert main(words) == 1
    assert "Nothing was erased" in capsys.readouterr().err
    assert snapshot(desk.folder) == before
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{two[0]}\nerase\n"))
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == {
        "case": two[0], "files": 1, "messages": 2, "reason": "retention", "replies": 1,
    }  # fmt: skip
    assert main(words) == 1


def test_after_a_renewal(desk: Desk, unlocked: Unlock, two: tuple[int, int]) -> None:
    """The vault that the parcels open is the one without the case."""
    renew(desk)
    with unlocked("r1") as station:
        erasing.erase(station, cases.find(station, two[0]), "retention")
    with unlocked("r2") as station:
        assert [case.number for case in cases.readable(station)] == [two[1]]
