"""The package for law enforcement (R13, R19) holds the facts and nothing of who reported them."""

import hashlib
import json
import re
import tarfile
from pathlib import Path

import pytest

from crypto import calendar
from crypto.binding import b64
from crypto.message import Report, Text, sign_message
from tests.workstation.casework.neighbours import OPD, POLICE, Unlock, enter
from tests.workstation.office import TODAY, Desk, Reporter, sealed_file
from tests.workstation.viewing.test_cleaned import with_comment
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import WordsMissingError
from workstation.cli import main
from workstation.dispositions import law_enforcement, package_note
from workstation.dispositions.law_enforcement import Wish
from workstation.errors import NoSuchEvidenceError
from workstation.inbox import import_bundle
from workstation.offices import registry
from workstation.offices.office_errors import (
    NotAPackageNoteError,
    NothingToForwardError,
    NotLawEnforcementError,
    RevokedOfficeError,
)
from workstation.station import Station

BEFORE = calendar.add_days(TODAY, -3)
WHAT = "Wartini-saksi: kepala dinas memungut uang, hubungi 0812-3456-7890"


@pytest.fixture
def reporter(desk: Desk) -> Reporter:
    return desk.reporter()


@pytest.fixture
def number(desk: Desk, unlocked: Unlock, reporter: Reporter) -> int:
    """A report of another day than it was received on, in English, that excludes a reviewer, with a photo
    whose name and hidden data tell who took it."""
    content, blob = sealed_file(with_comment(), "wartini-hp.jpg")

    def sealed(what: Report | Text) -> bytes:
        message = reporter.message(what, ["r3"], BEFORE)
        return reporter.seal_document(sign_message(message, reporter.keys.sign), message.excluded)

    items = [
        sealed(Report({"what": WHAT, "others": "hanya saya dan Wartini-teman"})),
        reporter.seal(content, ["r3"]),
    ]
    with unlocked("r1") as station:
        (found,) = import_bundle(station, desk.deliver(1, items, [(content.blob, blob)])).opened.cases
        enter(station, POLICE, "law-enforcement")
        enter(station, OPD)
    return found


def a_wish(**more: object) -> Wish:
    given: dict[str, object] = {
        "texts": {1: "Ada pungutan."},
        "evidence": (1,),
        "facts": "Pungutan tiap bulan.",
    }
    return Wish(POLICE, "Pungutan", "700/12/ITKO", **(given | more))  # type: ignore[arg-type]


def made(
    station: Station, number: int, to: Path, wish: Wish | None = None
) -> tuple[Case, law_enforcement.Package, Path]:
    return law_enforcement.make(station, cases.find(station, number), wish or a_wish(), TODAY, to)


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        found = archive.getmembers()
        assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in found} == {(0, 0, "", "", 0)}
        return {m.name.partition("/")[2]: archive.extractfile(m).read() for m in found}  # type: ignore[union-attr]


def test_nothing_of_the_reporter_in_any_byte(
    desk: Desk, unlocked: Unlock, number: int, reporter: Reporter
) -> None:
    """Neither what they wrote nor who they are, how they reach us or when they wrote; no hidden data."""
    with unlocked("r1") as station:
        case, package, path = made(station, number, desk.stick)
        head = case.head
        (item,) = station.vault.rows("SELECT id FROM blobs")
    data = path.read_bytes()
    thread = head.thread
    for raw in (thread.verify, thread.reply, thread.hint, *item):
        for form in (raw, raw.hex().encode(), b64(raw).encode()):
            assert form not in data
    for words in (
        WHAT,
        "Wartini",
        "wartini",
        "0812",
        "others",
        "Siti-Rahasia",
        BEFORE,
        "r3",
        reporter.channel,
    ):
        assert words.encode() not in data, words
    assert not re.search(rb"\d\d:\d\d", data)
    assert b'lang="en"' in data  # the station's language, whatever the reporter's was
    assert package.withheld[0].startswith("who the reporter is")


def test_what_is_in_it(desk: Desk, unlocked: Unlock, number: int) -> None:
    """Facts, a cleaned copy, their sums, and a note that proves who made it."""
    with unlocked("r1") as station:
        case, package, path = made(station, number, desk.stick)
        found = members(path)
        assert sorted(found) == ["SHA256SUMS", "evidence-1.jpg", "isi.html", "serah-terima.txt"]
        assert b"Ada pungutan." in found["isi.html"] and b"Pungutan tiap bulan." in found["isi.html"]
        sums = dict(line.split("  ")[::-1] for line in found["SHA256SUMS"].decode().splitlines())
        expected = {name: hashlib.sha256(found[name]).hexdigest() for name in ("isi.html", "evidence-1.jpg")}
        assert sums == expected
        note = package_note.read(station, found["serah-terima.txt"].decode())
        assert {name: digest.hex() for name, digest in note.sums.items()} == expected
        assert (note.reviewer, note.day, note.id) == ("r1", TODAY, package.id)
        assert package.sha256 == hashlib.sha256(path.read_bytes()).digest()
        assert law_enforcement.packages(journal.of_case(station, case)) == [package]


def test_a_note_that_proves_nothing(desk: Desk, unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        text = members(made(station, number, desk.stick)[2])["serah-terima.txt"].decode()
        head, _, last = text.rstrip().rpartition("\n")
        other = "A" if last[len(package_note.PREFIX)] != "A" else "B"
        for bad in (
            "",
            head,
            text + "x",
            f"{package_note.PREFIX}{other}{last[len(package_note.PREFIX) + 1 :]}",
        ):
            with pytest.raises(NotAPackageNoteError):
                package_note.read(station, bad)


def test_refused(desk: Desk, unlocked: Unlock, number: int) -> None:
    """Then nothing is written, and nothing stands in the journal."""
    with unlocked("r1") as station:
        for wish, error in (
            (a_wish(texts={}, facts=" "), NothingToForwardError),
            (Wish(OPD, "Hal", "1", "x"), NotLawEnforcementError),
            (Wish(POLICE, "Hal", " ", "x"), WordsMissingError),
            (a_wish(evidence=(2,)), NoSuchEvidenceError),
        ):
            with pytest.raises(error):
                made(station, number, desk.stick, wish)
        registry.revoke(station, POLICE, "pindah", TODAY)
        with pytest.raises(RevokedOfficeError):
            made(station, number, desk.stick)
        assert journal.of_case(station, cases.find(station, number)) == []
    assert list(desk.stick.glob("*aph*")) == []


def test_the_commands(desk: Desk, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    me = desk.as_("r1")
    facts = desk.stick / "facts.txt"
    facts.write_text("Pungutan tiap bulan.", "utf-8")
    what = ["--office", POLICE, "--subject", "Pungutan", "--letter", "700/12", "--facts", str(facts)]
    assert (
        main(
            [
                "package",
                "make",
                str(number),
                *what,
                "--mask",
                "Wartini-saksi",
                "--to",
                str(desk.stick),
                "--json",
                *me,
            ]
        )
        == 0
    )
    document = json.loads(capsys.readouterr().out)
    found = members(Path(document["path"]))
    assert b"Wartini" not in found["isi.html"] and b"0812" not in found["isi.html"]
    assert "memungut uang" in found["isi.html"].decode()
    note = desk.stick / "note.txt"
    note.write_bytes(found["serah-terima.txt"])
    assert main(["package", "check", str(note), *me]) == 0
    assert "The signature holds." in capsys.readouterr().out
