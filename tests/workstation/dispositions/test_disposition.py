"""Dispositions (R13): what leaves a case for another office, what never does, and what comes back."""

import hashlib
import io
import json
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import calendar, disposition, signed
from crypto.fields import Fields
from crypto.open.item import open_item
from tests.workstation.casework.neighbours import (
    FAR,
    OPD,
    Unlock,
    classify,
    copied,
    document_of,
    enter,
    make,
    opener,
)
from tests.workstation.office import ADUAN, OFFICE, TODAY, Desk
from tests.workstation.viewing.conftest import picture
from workstation import attachments, cases, erasing, evidence, files
from workstation.casework import journal
from workstation.cli import main
from workstation.dispositions import disposition as dispositions
from workstation.dispositions import kept, passable, received, stick, taking
from workstation.dispositions.disposition import Wish
from workstation.filing import Filed
from workstation.inbox import import_bundle
from workstation.offices import addressing, registry
from workstation.offices.office_errors import (
    DispositionTooLongError,
    DueDayError,
    NoPlaceError,
    NoSuchPieceError,
    NotADispositionError,
    NotEnrolledError,
    NothingToForwardError,
    OldKeysError,
    PaperOnlyError,
    ReplayedError,
    ReportedOfficeError,
    RevokedOfficeError,
    UnclassifiedError,
    UnknownSenderError,
)
from workstation.station import Station
from workstation.timing import due

SECRET = "Saya bekerja di loket 3, hubungi 0812-3456-7890"
WHAT = f"Kepala dinas memungut uang. {SECRET}"
DUE = calendar.add_days(TODAY, 10)


@pytest.fixture(scope="module")
def neighbour(pristine: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office on the same server that has enrolled ours."""
    desk = make(tmp_path_factory.mktemp("near") / "desk", OPD, pristine.directory.office.instance)
    with opener(desk)("r1") as station:
        enter(station, OFFICE, "oversight")  # type: ignore[arg-type]
        registry.enrol(station, OFFICE, document_of(pristine), TODAY)
    return desk


@pytest.fixture(scope="module")
def far(pristine: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The same on a server of its own."""
    desk = make(tmp_path_factory.mktemp("far") / "desk", FAR)
    with opener(desk)("r1") as station:
        enter(station, OFFICE, "oversight")  # type: ignore[arg-type]
        registry.enrol(station, OFFICE, document_of(pristine), TODAY)
    return desk


@pytest.fixture
def number(desk: Desk, unlocked: Unlock, neighbour: Desk, far: Desk) -> int:
    """A case of integrity with one picture, and both offices in the registry."""
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(picture(), "foto-wartini.jpg")
    with unlocked("r1") as station:
        bundle = desk.deliver(
            1, [reporter.report(WHAT), reporter.text("nama saya Wartini"), item], [(name, blob)]
        )
        (found,) = import_bundle(station, bundle).opened.cases
        for office, other in ((OPD, neighbour), (FAR, far)):
            enter(station, office)
            registry.enrol(station, office, document_of(other), TODAY)
        classify(station, cases.find(station, found))
    return found


def a_wish(office: str = OPD, **more: object) -> Wish:
    return replace(Wish(office, "Pungutan", "Mohon diperiksa", {1: "Ada pungutan."}, due=DUE), **more)  # type: ignore[arg-type]


def queued(station: Station, other: Desk) -> list[bytes]:
    """The documents that wait for an office, as its reviewer opens them."""
    with opener(other)("r1") as there:
        key = there.keys.epoch_key(calendar.epoch_of(TODAY))
        assert key is not None
        context = there.context(addressing.channel_of(other.directory).id)
        return [open_item(item, key, context) for (item,) in station.vault.rows("SELECT item FROM packages")]


def taken(station: Station, document: bytes, on: str = TODAY) -> Filed | None:
    with station.vault.transaction():
        return received.take(station, ADUAN, document, TODAY)


def test_through_the_server_and_back(
    desk: Desk, unlocked: Unlock, number: int, neighbour: Desk, tmp_path: Path
) -> None:
    """Forwarded, receipted by itself, worked on there, answered, and known here: nobody typed it off."""
    there = copied(neighbour, tmp_path / "there")
    with unlocked("r1") as station:
        done = dispositions.forward(station, cases.find(station, number), a_wish(), TODAY)
        assert (done.path, done.forwarded.way, done.forwarded.due) == (None, "server", DUE)
        (document,) = queued(station, neighbour)
    for secret in (SECRET, "0812", "loket 3", "Wartini", "wartini"):
        assert secret.encode() not in document
    with opener(there)("r1") as station:
        filed = taken(station, document)
        assert filed is not None and filed.new
        case = cases.find(station, filed.number)
        assert (case.head.arrival, case.head.way_back, case.head.excerpt) == ("office", False, "Pungutan")
        due.refresh(station)
        assert cases.find(station, filed.number).head.due <= DUE
        assert kept.wanted(journal.of_case(station, case)) == [DUE]
        (piece, said) = passable.pieces(station, case)
        assert (piece.untrusted_text, said.untrusted_text) == ("Mohon diperiksa", "Ada pungutan.")
        with pytest.raises(ReplayedError):
            taken(station, document)
        received.answer(station, case, "Sudah kami tertibkan.", TODAY)
        (answer,) = kept.replied(journal.of_case(station, cases.find(station, filed.number)))
        assert (answer.way, answer.document.text) == ("server", "Sudah kami tertibkan.")
    with opener(there)("r1") as station:
        back = queued(station, desk)
    kinds = {Fields(signed.peek(each, 10**6)).text("kind"): each for each in back}
    with unlocked("r1") as station:
        for kind in ("answer", "receipt"):  # also in the wrong order
            filed = taken(station, kinds[kind])
            assert filed is not None and (filed.number, filed.new) == (number, False)
            with pytest.raises(ReplayedError):
                taken(station, kinds[kind])
        case = cases.find(station, number)
        (found,) = kept.forwarded(journal.of_case(station, case))
        assert (found.receipt, [answer.text for answer in found.answers]) == (
            TODAY,
            ["Sudah kami tertibkan."],
        )
        assert case.head.unanswered and not found.late(calendar.add_days(DUE, 9))


def test_only_who_reads_the_case_learns_of_the_answer(
    desk: Desk, unlocked: Unlock, number: int, neighbour: Desk, tmp_path: Path
) -> None:
    there = copied(neighbour, tmp_path / "there")
    with unlocked("r1") as station:
        case = cases.take_from(station, cases.find(station, number), ["r2", "r3"])  # type: ignore[list-item]
        dispositions.forward(station, case, a_wish(), TODAY)
        (document,) = queued(station, neighbour)
    with opener(there)("r1") as station:
        taken(station, document)
        (receipt,) = queued(station, desk)
    with unlocked("r2") as station:
        assert taken(station, receipt) is None


def test_late_offices_stand_in_the_due_list(unlocked: Unlock, number: int) -> None:
    """By the day that was asked for, until there is an answer."""
    tomorrow = calendar.add_days(TODAY, 1)
    with unlocked("r1") as station:
        done = dispositions.forward(
            station,
            cases.find(station, number),
            a_wish(way="paper", due=tomorrow),
            TODAY,
            station.layout.folder,
        )
        due.refresh(station)
        assert cases.find(station, number).head.due == tomorrow
        assert done.forwarded.late(DUE) and kept.awaited(journal.of_case(station, done.case)) == [tomorrow]
        case = received.answered_on_paper(station, done.case, 1, "Selesai.", TODAY)
        (found,) = kept.forwarded(journal.of_case(station, case))
        assert not found.late(DUE) and kept.awaited(journal.of_case(station, case)) == []


def test_never_to_the_reported_side(unlocked: Unlock, number: int) -> None:
    """As in Pangandaran, 2023. Neither to it nor below it; but a service is its own office's matter."""
    with unlocked("r1") as station:
        case = classify(station, cases.find(station, number), office=OPD)
        for office in (OPD, "upt-jalan"):
            if office != OPD:
                enter(station, office, "unit", OPD)  # type: ignore[arg-type]
            with pytest.raises(ReportedOfficeError):
                dispositions.forward(station, case, a_wish(office, way="paper"), TODAY, station.layout.folder)
        assert station.vault.value("SELECT count(*) FROM packages") == 0
        assert not (set(station.layout.folder.glob("*.html")))
        dispositions.forward(station, case, a_wish(FAR), TODAY, station.layout.folder)
        case = classify(station, cases.find(station, number), "service", OPD)
        done = dispositions.forward(station, case, a_wish(), TODAY)
        assert done.forwarded.about_itself


def test_refused(desk: Desk, unlocked: Unlock, number: int, far: Desk) -> None:
    with unlocked("r1") as station:
        other = station.vault.value("SELECT max(id) FROM offices")
        assert other == FAR
        enter(station, "desa-a", "village")  # type: ignore[arg-type]
        case = cases.find(station, number)
        for wish, error in (
            (a_wish("desa-a"), NotEnrolledError),
            (a_wish(FAR), NoPlaceError),
            (a_wish(due=TODAY), DueDayError),
            (a_wish(texts={}, text=" "), NothingToForwardError),
            (a_wish(texts={9: "x"}), NoSuchPieceError),
            (a_wish(text="x" * 131_000), DispositionTooLongError),
            (a_wish(FAR, grant=True), NoPlaceError),
        ):
            with pytest.raises(error):
                dispositions.forward(station, case, wish, TODAY)
        for wish in (a_wish(FAR, grant=True), a_wish(way="paper", cleaned=(1,))):
            with pytest.raises(PaperOnlyError):
                dispositions.forward(station, case, wish, TODAY, desk.stick)
        registry.revoke(station, OPD, "ditutup", TODAY)
        with pytest.raises(RevokedOfficeError):
            dispositions.forward(station, case, a_wish(), TODAY)
        with pytest.raises(OldKeysError):
            addressing.seal(FAR, far.directory, b"", calendar.add_days(TODAY, 99))
        assert kept.forwarded(journal.of_case(station, case)) == []
        assert list(desk.stick.glob("*.peluit")) == []


def test_unclassified(desk: Desk, unlocked: Unlock, number: int) -> None:
    """Nobody can tell yet whether the office is the reported side."""
    with unlocked("r1") as station:
        (found,) = import_bundle(station, desk.deliver(2, [desk.reporter().report()])).opened.cases
        with pytest.raises(UnclassifiedError):
            dispositions.forward(station, cases.find(station, found), a_wish(), TODAY)


def test_a_letter(desk: Desk, unlocked: Unlock, number: int) -> None:
    """On paper go the redacted texts, escaped; the answer is typed in by hand."""
    with unlocked("r1") as station:
        wish = a_wish(way="paper", texts={1: "<b>Ada</b>\u202e pungutan"}, text="")
        done = dispositions.forward(station, cases.find(station, number), wish, TODAY, desk.stick)
        assert done.path is not None and done.forwarded.way == "paper"
        letter = done.path.read_text("utf-8")
        assert "&lt;b&gt;Ada&lt;/b&gt;‹U+202E› pungutan" in letter
        for secret in ("0812", "Wartini", "wartini", "<b>"):
            assert secret not in letter
        case = received.answered_on_paper(station, done.case, 1, "Selesai.", TODAY)
        (found,) = kept.forwarded(journal.of_case(station, case))
        assert [(each.text, each.document) for each in found.answers] == [("Selesai.", None)]


def test_evidence_goes_cleaned(unlocked: Unlock, number: int, neighbour: Desk, tmp_path: Path) -> None:
    """Nothing by default; then a cleaned copy under another name and key, of which the log tells."""
    there = copied(neighbour, tmp_path / "there")
    with unlocked("r1") as station:
        case = cases.find(station, number)
        assert dispositions.forward(station, case, a_wish(), TODAY).forwarded.document.evidence == ()
        station.vault.rows("DELETE FROM packages")
        done = dispositions.forward(station, cases.find(station, number), a_wish(cleaned=(1,)), TODAY)
        (document,) = queued(station, neighbour)
        blobs = station.vault.rows("SELECT id, blob FROM enclosures")
        (passed,) = done.forwarded.evidence
        assert (passed.number, passed.original) == (1, False)
        assert b"foto-wartini" not in document
    with opener(there)("r1") as station:
        (piece,) = done.forwarded.document.evidence
        ((name, blob),) = blobs
        digest = hashlib.sha256(blob).digest()
        (station.layout.evidence / digest.hex()).write_bytes(blob)
        with station.vault.transaction():
            station.vault.rows("INSERT INTO blobs VALUES (?, ?, ?)", name, digest, len(blob))
        filed = taken(station, document)
        assert filed is not None
        case = cases.find(station, filed.number)
        ((_, _, said),) = attachments.of_case(station, case)
        assert said == piece and said.untrusted_name.startswith("evidence-1.")
        with evidence.in_memory(station, case, 1, 10**7) as clear:
            assert clear.sha256 == passed.sha256


def test_on_a_stick_and_back(
    desk: Desk,
    unlocked: Unlock,
    number: int,
    far: Desk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """To an office on another server: sealed with its evidence, taken in, receipted and answered by files."""
    there = copied(far, tmp_path / "there")
    with unlocked("r1") as station:
        done = dispositions.forward(
            station, cases.find(station, number), a_wish(FAR, originals=(1,)), TODAY, desk.stick
        )
        assert done.path is not None and done.forwarded.way == "file"
        with pytest.raises(NotADispositionError):  # for another office
            taking.take(station, done.path)
    data = done.path.read_bytes()
    assert b"pungutan" not in data and b"wartini" not in data
    with opener(there)("r1") as station:
        before = sorted(station.layout.evidence.iterdir())
        for number_, bad in enumerate(
            (data[:-1], data[:30], b"", data + b"x", data[:5000] + b"!" + data[5001:])
        ):
            file = tmp_path / f"bad-{number_}"
            file.write_bytes(bad)
            with pytest.raises(NotADispositionError):
                taking.take(station, file)
        assert sorted(station.layout.evidence.iterdir()) == before
        (new,) = taking.take(station, done.path).new_cases
        with pytest.raises(ReplayedError):
            taking.take(station, done.path)
        case = cases.find(station, new)
        with evidence.in_memory(station, case, 1, 10**7) as clear:
            assert clear.sha256 == done.forwarded.evidence[0].sha256
    assert main(["dispositions", "list", *there.as_("r1")]) == 0
    assert f"due on {DUE}" in capsys.readouterr().out
    assert main(["show", str(new), *there.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "│ Ada pungutan." in shown and "Not passed on" in shown
    with opener(there)("r1") as station:
        case = cases.find(station, new)
        with pytest.raises(NoPlaceError):
            received.answer(station, case, "Selesai.", TODAY)
        receipt = received.receipt(station, case, TODAY, desk.stick)
        assert receipt is not None
        written = [receipt]
        sent = received.answer(station, cases.find(station, new), "Selesai.", TODAY, desk.stick)
        assert sent.path is not None
        written.append(sent.path)
        registry.revoke(station, OFFICE, "kunci hilang", TODAY)
        with pytest.raises(RevokedOfficeError):
            received.answer(station, cases.find(station, new), "Lagi.", TODAY, desk.stick)
        erased = erasing.erase(station, cases.find(station, new), "withdrawn")
        assert (erased.files, list(station.layout.evidence.iterdir())) == (1, before)
    with unlocked("r2") as station:
        for file in written:
            assert taking.take(station, file).cases == {number}
            with pytest.raises(ReplayedError):
                taking.take(station, file)
        (found,) = kept.forwarded(journal.of_case(station, cases.find(station, number)))
        assert (found.receipt, [each.text for each in found.answers]) == (TODAY, ["Selesai."])


def test_a_file_of_a_stranger(desk: Desk, unlocked: Unlock, tmp_path: Path, far: Desk) -> None:
    """Sealed to us, by an office that the registry does not know: nothing of it stays."""
    with opener(copied(far, tmp_path / "there"))("r1") as station:
        document = signed_by(far, station)
        with files.unnamed(desk.stick) as file:
            office = registry.find(station.vault, OFFICE)
            stick.write(file, office, document, [(secrets.token_bytes(16), b"x" * 70_000)], TODAY)
            file.name(desk.stick / "letter.peluit")
    with unlocked("r1") as station:
        with pytest.raises(UnknownSenderError):
            taking.take(station, desk.stick / "letter.peluit")
        assert station.vault.value("SELECT count(*) FROM sealed") == 0
        assert list(station.layout.evidence.iterdir()) == []


def signed_by(desk: Desk, station: Station, **more: object) -> bytes:
    """A document as a neighbour's reviewer would sign it."""
    office = desk.directory.office
    document = disposition.Disposition(
        id=secrets.token_bytes(16),
        kind="disposition",
        instance=office.instance,
        office=office.id,
        reviewer=station.reviewer,
        to_office=OFFICE,  # type: ignore[arg-type]
        day=TODAY,
        subject="Hal",
        answers=(("a", "b"),),
    )
    return disposition.sign_disposition(replace(document, **more), station.keys.sign)  # type: ignore[arg-type]


def test_hostile_documents(desk: Desk, unlocked: Unlock, number: int, neighbour: Desk, far: Desk) -> None:
    """From nobody, for another, changed, too large, in another's name, or from a revoked office: nothing is
    filed."""
    with opener(neighbour)("r1") as there, opener(far)("r1") as farther:
        good = signed_by(neighbour, there)
        foreign = signed_by(neighbour, there, to_office="polres")
        posing = signed_by(neighbour, farther)  # signed with another office's key
        stranger = signed_by(neighbour, there, office="siapa")
        unasked = signed_by(neighbour, there, kind="answer", answers=(), subject="", text="x")
    with unlocked("r1") as station:
        before = station.vault.value("SELECT count(*) FROM cases")
        flipped = bytes([good[0] ^ 1]) + good[1:]
        reordered = good.replace(b'[{"text":"b","title":"a"}]', b'[{"title":"a","text":"b"}]')
        assert reordered != good
        for bad in (
            foreign,
            posing,
            stranger,
            flipped,
            reordered,
            good[:-1],
            good + b" ",
            b"",
            bytes(200_000),
        ):
            with pytest.raises(UnknownSenderError):
                taken(station, bad)
        assert taken(station, unasked) is None
        sent = dispositions.forward(station, cases.find(station, number), a_wish(FAR), TODAY, desk.stick)
        name = sent.forwarded.document.id
    with opener(neighbour)("r1") as there:
        meddling = signed_by(neighbour, there, kind="receipt", answers=(), subject="", id=name)
    with unlocked("r1") as station:
        with pytest.raises(UnknownSenderError):  # the receipt of an office that never got it
            taken(station, meddling)
        registry.revoke(station, OPD, "kunci hilang", TODAY)
        with pytest.raises(RevokedOfficeError):
            taken(station, good)
        assert station.vault.value("SELECT count(*) FROM cases") == before


def test_the_commands(
    desk: Desk, number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown with marks; asked before it is sent; masked unless kept; late in the list."""
    me = desk.as_("r1")
    assert main(["forward", str(number), *me]) == 0
    shown = capsys.readouterr().out
    assert "0812-3456-7890: phone numbers" in shown and max(map(len, shown.splitlines())) <= 240
    options = ["--office", OPD, "--subject", "Pungutan", "--mask", "loket 3", "--due", DUE]
    monkeypatch.setattr("sys.stdin", io.StringIO("salah\n"))
    assert main(["forward", str(number), *options, *me]) == 1
    err = capsys.readouterr().err
    assert "Nothing was sent" in err and "0812" not in err and "▇▇▇" in err
    assert main(["forward", str(number), *options, "--yes", "--json", *me]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["way"] == "server" and "phone numbers" in document["withheld"]
    assert "words that the investigator took out" in document["withheld"]
    assert main(["dispositions", "list", str(number), *me]) == 0
    assert f"due on {DUE}" in capsys.readouterr().out
    assert main(["dispositions", "answered", str(number), "1", "--text", "Sudah", *me]) == 0
    assert main(["dispositions", "answered", str(number), "2", "--text", "Sudah", *me]) == 1
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("asli\n"))
    assert main(["forward", str(number), *options, "--original", "1", *me]) == 1
    assert "Nothing was sent" in capsys.readouterr().err
    assert main(["forward", str(number), *options, "--due", "besok", "--yes", *me]) == 2
