"""Notes stay on the station, in their case, as they were written."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.workstation.office import TODAY, Desk, slots_in
from workstation import caselog, cases, notes, outbound, replies
from workstation.cases import Case
from workstation.cli import main
from workstation.errors import EmptyNoteError, NoteTextError, NoteTooLongError, VaultDamagedError
from workstation.inbox import import_bundle
from workstation.notes import Note
from workstation.searching import Finder
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
WORDS = "Bandingkan dengan KUITANSI bulan Mei"


@pytest.fixture
def number(desk: Desk, unlocked: Unlock) -> int:
    with unlocked("r1") as station:
        (found,) = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
    return found


def deeds(station: Station, case: Case) -> list[caselog.Deed]:
    return [deed for _, deed in caselog.of_case(station, case.key)]


def test_written_in_turn(unlocked: Unlock, number: int) -> None:
    for reviewer, text in (("r1", f" {WORDS}\n\n- satu\n "), ("r2", "setuju")):
        with unlocked(reviewer) as station:
            notes.add(station, cases.find(station, number), text, TODAY)
    with unlocked("r3") as station:
        case = cases.find(station, number)
        found = notes.of_case(station, case)
        assert [(note.number, note.reviewer, note.text) for note in found] == [
            (1, "r1", f"{WORDS}\n\n- satu"), (2, "r2", "setuju"),
        ]  # fmt: skip
        notes.check(found, deeds(station, case))
        assert (case.head.notes, case.head.replies, case.head.unanswered) == (2, 0, True)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" \n", EmptyNoteError),
        ("a\0b", NoteTextError),
        ("\ud800", NoteTextError),
        ("a" * (notes.LONGEST + 1), NoteTooLongError),
    ],
)
def test_refused(unlocked: Unlock, number: int, text: str, error: type[Exception]) -> None:
    with unlocked("r1") as station:
        with pytest.raises(error):
            notes.add(station, cases.find(station, number), text, TODAY)
        assert notes.of_case(station, cases.find(station, number)) == []
        notes.add(station, cases.find(station, number), "é" * notes.LONGEST, TODAY)


def test_changed_or_taken_out_it_is_noticed(unlocked: Unlock, number: int) -> None:
    """By a reader of the case with a program of their own."""
    with unlocked("r1") as station:
        written = notes.add(station, cases.find(station, number), WORDS, TODAY)
        case = cases.find(station, number)
        for found in ([], [Note(1, TODAY, written.reviewer, "lain")], [written, written]):
            with pytest.raises(VaultDamagedError):
                notes.check(found, deeds(station, case))


def test_no_bundle_carries_anything_of_it(desk: Desk, unlocked: Unlock, number: int) -> None:
    """Neither its words nor its sealed body; and it queues nothing."""
    with unlocked("r1") as station:
        replies.reply(station, cases.find(station, number), "terima kasih", TODAY)
        queued = station.vault.rows("SELECT token, slot FROM outbox")
        notes.add(station, cases.find(station, number), WORDS, TODAY)
        assert station.vault.rows("SELECT token, slot FROM outbox") == queued
        sealed = [body for (body,) in station.vault.rows("SELECT body FROM notes")]
        written = outbound.write_bundle(station, desk.stick, TODAY)
        archives = [archive for (archive,) in station.vault.rows("SELECT archive FROM outbound")]
    assert written.path.read_bytes() == archives[-1]
    for archive in archives:
        for trace in (WORDS.encode(), WORDS.casefold().encode(), *(body[:24] for body in sealed)):
            assert trace not in archive
    reporter = [slot for slot in slots_in(written.path) if slot.body in queued[0][1]]
    assert len(reporter) == 1


def test_the_commands(desk: Desk, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    file = desk.stick / "note.txt"
    file.write_text("dari berkas\n", "utf-8")
    assert main(["note", str(number), "--text", WORDS, *desk.as_("r1")]) == 0
    assert "Note 1 in case" in capsys.readouterr().out
    assert main(["note", str(number), "--text-file", str(file), "--json", *desk.as_("r1")]) == 0
    assert json.loads(capsys.readouterr().out) == {"case": number, "number": 2}
    assert main(["note", str(number), "--text", " ", *desk.as_("r1")]) == 2
    capsys.readouterr()
    assert main(["show", str(number), *desk.as_("r2")]) == 0
    shown = capsys.readouterr().out
    assert f"Note 1 of {TODAY}, r1: never leaves the station\n    │ {WORDS}\n" in shown
    assert "    │ dari berkas\n" in shown
    assert main(["show", str(number), "--json", *desk.as_("r2")]) == 0
    assert [note["number"] for note in json.loads(capsys.readouterr().out)["notes"]] == [1, 2]


def test_the_search_finds_it(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        finder = Finder()
        assert finder.find(station, list(cases.readable(station)), "kuitansi") == []
        notes.add(station, cases.find(station, number), WORDS, TODAY)
        found = finder.find(station, list(cases.readable(station)), "kuitansi")
        assert [case.number for case in found] == [number]
