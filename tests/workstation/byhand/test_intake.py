"""What comes by hand is a case like any other: R18 (S0-7, S2-7, S4-6), S4-2."""

import io
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto import calendar, codename
from crypto.fields import ChannelId, Day, ReviewerId
from tests.workstation.office import ADUAN, TODAY, Desk, slots_in, snapshot
from tests.workstation.page.client import running
from tests.workstation.test_erasing import pages
from workstation import cases, changing, evidence, outbound, replies, thread
from workstation.byhand import identifiers, intake
from workstation.byhand.entry import Entry, set_oldest_days
from workstation.casework import journal
from workstation.casework.errors import (
    AnswersError,
    IdentifierError,
    IntakeTextError,
    NotAttachableError,
    NotYourChannelError,
    ReceivedDayError,
)
from workstation.cli import main
from workstation.errors import CannotReadError, DiskFullError, NoWayBackError
from workstation.layout import Layout
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]

ANSWERS = {"what": "Honor kegiatan fiktif", "who": "bendahara", "when": " "}


def entry(**changed: object) -> Entry:
    given: dict[str, object] = {
        "channel": ADUAN, "arrival": "letter", "received": TODAY, "language": "id", "answers": ANSWERS,
    }  # fmt: skip
    return Entry(**(given | changed))  # type: ignore[arg-type]


def test_a_letter_is_a_case_for_all_readers(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    scan = tmp_path / "WA-0812 dari Budi.JPG"
    scan.write_bytes(os.urandom(70_000))
    original, received = scan.read_bytes(), calendar.add_days(TODAY, -20)
    with unlocked("r1") as station:
        taken = intake.take(station, entry(received=received, attached=(scan,), sender="agency"), TODAY)
        assert (taken.words, taken.evidence) == ((), 1)
        case = cases.find(station, taken.number)
        assert (case.head.arrival, case.head.way_back, case.head.first) == ("letter", False, received)
        assert not case.head.unanswered
        with pytest.raises(NoWayBackError):
            replies.reply(station, case, "jawaban", TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, taken.number)
        said, piece = thread.messages(station, case)
        assert said.message.content.answers == {"what": "Honor kegiatan fiktif", "who": "bendahara"}  # type: ignore[union-attr]
        (step,) = journal.of_case(station, case)
        assert (step.reviewer, step.kind) == ("r1", "taken-in")
        assert step.details == {"arrival": "letter", "kept": "", "sender": "agency", "way_back": False}
        done = evidence.export(station, case, piece.meta.evidence, tmp_path)
        assert done.path.read_bytes() == original
        assert "lampiran-1.jpg" in done.path.name
    assert b"Budi" not in pages(Layout(desk.folder).vault, station.keys.vault)


def test_with_a_codename_the_sender_reads_the_answer_and_the_words_are_nowhere(
    desk: Desk, unlocked: Unlock, tmp_path: Path
) -> None:
    paper = tmp_path / "kertas.html"
    args = ["--channel", ADUAN, "--arrival", "sms", "--received", TODAY, "--answer", "what=Pungli di loket"]
    args += ["--answer", "where=loket 3", "--with-codename", "--paper", str(paper)]
    assert main(["intake", *desk.as_("r1"), *args]) == 0
    html = paper.read_text("utf-8")
    words = re.findall(r"<li>([a-z]+)</li>", html)
    assert len(words) == 8
    assert "Untuk hal yang berbahaya" in html
    keys = codename.keys(codename.stretch(codename.read(" ".join(words)), desk.directory.office.instance))
    with unlocked("r1") as station:
        (case,) = cases.readable(station)
        replies.reply(station, case, "Terima kasih, sedang ditelaah", TODAY)
        written = outbound.write_bundle(station, desk.stick, TODAY)
        key = station.keys.vault
    reporter = desk.reporter()
    reporter.keys = keys
    (part,) = reporter.replies(slots_in(written.path))
    assert part.text == "Terima kasih, sedang ditelaah"
    stored = pages(Layout(desk.folder).vault, key) + b"".join(
        path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()
    )
    assert not [word for word in words if f" {word} ".encode() in stored or f'"{word}"'.encode() in stored]
    with unlocked("r1") as station:
        assert words[0] not in str(journal.of_case(station, cases.find(station, case.number)))


def test_it_is_kept_from_whom_the_letter_excludes(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        taken = intake.take(station, entry(excluded=(ReviewerId("r2"),)), TODAY)
        assert cases.readers(station, cases.find(station, taken.number)) == ["r1", "r3"]
        with pytest.raises(NotYourChannelError):
            intake.take(station, entry(excluded=(ReviewerId("r1"),)), TODAY)
        with pytest.raises(NotYourChannelError):
            intake.take(station, entry(channel=ChannelId("lain")), TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hubungi 0812-3456-7890", ["phone"]),
        ("WA +62 812 3456 789", ["phone"]),
        ("kantor (021) 345-6789", ["phone"]),
        ("NIK 3174010101900001", ["nik"]),
        ("budi.s@contoh.go.id dan @budi_s", ["e-mail", "handle"]),
        ("lihat facebook.com/budi.s", ["page"]),
        ("anggaran Rp 1.250.000.000 kode 5.1.02.01.01.0024, 05-11-2026, NIP 198001012005011001", []),
        ("pukul 08.00-16.00, SPM 00812/2026, email kantor tidak dijawab", []),
    ],
)
def test_what_names_a_sender_is_found(text: str, found: list[str]) -> None:
    assert identifiers.find(text) == found


def test_a_number_stays_only_for_a_reason(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"what": "Uang diminta lewat 081234567890", "who": "bendahara"}
    with unlocked("r1") as station:
        with pytest.raises(IdentifierError) as refused:
            intake.take(station, entry(answers=answers), TODAY)
        assert "0812" not in str(refused.value)
        assert not list(cases.readable(station))
        taken = intake.take(station, entry(answers=answers, kept="nomor milik terlapor"), TODAY)
        (step,) = journal.of_case(station, cases.find(station, taken.number))
        assert step.details["kept"] == "nomor milik terlapor"
    assert main(["show", *desk.as_("r1"), str(taken.number)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Taken in by hand by r1: letter, from somebody. Nobody can be told anything." in out
    assert "nomor milik terlapor" in out


def test_what_cannot_be_taken_in(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    program = tmp_path / "x.exe"
    program.write_bytes(b"MZ")
    with unlocked("r1") as station:
        for changed, error in (
            ({"received": calendar.add_days(TODAY, 1)}, ReceivedDayError),
            ({"received": calendar.add_days(TODAY, -367)}, ReceivedDayError),
            ({"answers": {"who": "bendahara"}}, AnswersError),
            ({"answers": {"what": "apa"}}, AnswersError),
            ({"answers": ANSWERS | {"nama": "Budi"}}, AnswersError),
            ({"answers": ANSWERS | {"category": "salah"}}, AnswersError),
            ({"answers": ANSWERS | {"how": "a" * 140_000}}, IntakeTextError),
            ({"answers": ANSWERS | {"how": "a\ud800"}}, IntakeTextError),
            ({"attached": (program,)}, NotAttachableError),
            ({"attached": (tmp_path / "tidak-ada.pdf",)}, CannotReadError),
        ):
            with pytest.raises(error):
                intake.take(station, entry(**changed), TODAY)
        set_oldest_days(station, 400)
        assert intake.take(station, entry(received=calendar.add_days(TODAY, -367)), TODAY).number


def test_a_full_disk_leaves_nothing(
    desk: Desk, unlocked: Unlock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF" + bytes(70_000))

    def full(*_arguments: object) -> Day:
        raise DiskFullError

    with unlocked("r1") as station:
        before = snapshot(desk.folder)
        monkeypatch.setattr(journal, "add", full)
        with pytest.raises(DiskFullError):
            intake.take(station, entry(attached=(scan,)), TODAY)
        assert snapshot(desk.folder) == before


def test_the_attached_file_is_destroyed_on_request(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pindai"
    folder.mkdir()
    for name in ("1.jpg", "2.jpg", ".tersembunyi"):
        (folder / name).write_bytes(b"x" * 1_000)
    args = ["--channel", ADUAN, "--arrival", "letter", "--received", TODAY, "--answer", "what=a"]
    args += ["--answer", "who=b", "--attach", str(folder), "--destroy-attached"]
    assert main(["intake", *desk.as_("r1"), *args]) == 0
    assert [path.name for path in folder.iterdir()] == [".tersembunyi"]
    out = capsys.readouterr().out
    assert "2 files are sealed" in out
    assert "destroy the medium" in out


def test_the_page_takes_in_once_and_shows_the_words_until_they_are_handed_over(
    desk: Desk, unlocked: Unlock
) -> None:
    with running(desk.folder) as page:
        page.begin()
        page.unlock()
        assert f"/take-in/{ADUAN}" in page.ask("/take-in").text
        form = {"cases": "0", "arrival": "visit", "received": TODAY, "language": "id", "codename": "on"}
        form |= {"answer-what": "Pungli\r\ndi loket", "answer-who": ""}
        refused = page.post(f"/take-in/{ADUAN}", **form)
        assert "there is no answer to" in refused.text
        assert (
            "Pungli\r\ndi loket</textarea>" in refused.text or "Pungli\ndi loket</textarea>" in refused.text
        )
        form["answer-who"] = "petugas loket"
        assert page.post(f"/take-in/{ADUAN}", **form).to == "/working"
        assert page.await_end().to == "/codename"
        again = page.post(f"/take-in/{ADUAN}", **form)
        assert "A case was filed since this form was opened" in again.text
        shown = page.ask("/codename").text
        assert len(re.findall(r"<li>[a-z]+</li>", shown)) == 8
        to = page.post("/codename", lost="").to
        assert to is not None
        assert page.ask("/codename").status == 404
        assert "visit, from somebody. Nobody can be told anything." in page.ask(to).text
    with unlocked("r1") as station:
        (case,) = cases.readable(station)
        assert to == f"/cases/{case.number}"
        assert not case.head.way_back


def test_an_attached_file_that_cannot_be_destroyed_is_named(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF")

    def refuse(_path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(changing, "shred", refuse)
    args = ["--channel", ADUAN, "--arrival", "letter", "--received", TODAY, "--answer", "what=a"]
    args += ["--answer", "who=b", "--attach", str(scan), "--destroy-attached"]
    assert main(["intake", *desk.as_("r1"), *args]) == 1
    out = capsys.readouterr().out
    assert "It is case" in out
    assert f"{scan} could not be overwritten" in out


def test_the_sheet_is_destroyed_once_somebody_says_that_it_is_printed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper, seen = tmp_path / "kertas.html", []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, _size: int | None = -1, /) -> str:
            seen.append(paper.read_text("utf-8").count("<li>"))
            return "\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    args = ["--channel", ADUAN, "--arrival", "visit", "--received", TODAY, "--answer", "what=a"]
    args += ["--answer", "who=b", "--with-codename", "--paper", str(paper)]
    assert main(["intake", *desk.as_("r1"), *args]) == 0
    assert seen == [12]
    assert not paper.exists()
    assert "no way back" not in capsys.readouterr().out
