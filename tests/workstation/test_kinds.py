"""What a reporter can say after the report: objections, threats, withdrawals, ratings; and forms' answers."""

import json
from dataclasses import replace

import pytest

from crypto.directory import sign_directory
from crypto.message import Content, Rating, Report, Text
from tests.workstation.conftest import Unlock
from tests.workstation.office import PASSPHRASE, Desk, Reporter
from workstation import cases, identity
from workstation.cli import main
from workstation.layout import Layout


def imported(desk: Desk, capsys: pytest.CaptureFixture[str], number: int, items: list[bytes]) -> list[str]:
    assert main(["import", str(desk.deliver(number, items)), "--json", *desk.as_("r1")]) == 0
    return [str(case) for case in json.loads(capsys.readouterr().out)["bundles"][0]["cases"]]


def shown(desk: Desk, capsys: pytest.CaptureFixture[str], number: str, *more: str) -> str:
    assert main(["show", number, *more, *desk.as_("r1")]) == 0
    return capsys.readouterr().out


def test_every_kind_is_shown_as_what_it_is(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = desk.reporter()
    contents: list[Content] = [
        Report({"what": "x", "where": "y"}),
        Text("Tolong periksa lagi", "objection"),
        Text("Saya \x1b[2Jdiancam", "threat"),
        Text("", "withdrawal"),
        Rating(1, 2, "Kurang \u202ejelas"),
        Rating(9, 5, ""),
    ]
    (number,) = imported(desk, capsys, 1, [reporter.seal(content) for content in contents])
    assert main(["reply", number, "--text", "Terima kasih.", *desk.as_("r1")]) == 0
    capsys.readouterr()
    text = shown(desk, capsys, number)
    assert not set(text) & {"\x1b", "\u202e"}
    lines = text.splitlines()
    assert lines[1].startswith("THREAT:")
    starts = ("Objection, received", "THREAT, received", "Withdrawal, received", "Rating of reply 1,")
    at = [next(i for i, line in enumerate(lines) if line.startswith(start)) for start in starts]
    assert at == sorted(at)
    assert lines[at[0] + 1] == "    │ Tolong periksa lagi"
    assert lines[at[1] + 1] == "    │ Saya ‹U+001B›[2Jdiancam"
    assert lines[at[2] + 1] == ""  # no words, no empty quotation
    assert lines[at[3]].endswith(": 2 of 5 stars")
    assert any(line.startswith("Rating of reply 9, which was never written,") for line in lines)
    said = json.loads(shown(desk, capsys, number, "--json"))["messages"]
    assert [message["kind"] for message in said] == [
        "report", "objection", "threat", "withdrawal", "rating", "rating"
    ]  # fmt: skip
    assert (said[4]["reply"], said[4]["stars"]) == (1, 2)
    indonesian = shown(desk, capsys, number, "--lang", "id")
    for word in ("ANCAMAN", "Keberatan", "Pencabutan", "2 dari 5 bintang"):
        assert word in indonesian


def test_a_threat_comes_first_until_it_is_answered(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    early, late = desk.reporter(), desk.reporter()
    (first,) = imported(desk, capsys, 1, [early.report()])
    (second,) = imported(desk, capsys, 2, [late.report(), late.seal(Text("", "threat"))])
    numbers = sorted([first, second], key=int)  # same day: by number, were it not for the threat

    def listed() -> list[str]:
        assert main(["cases", "--json", *desk.as_("r1")]) == 0
        return [str(case["number"]) for case in json.loads(capsys.readouterr().out)["cases"]]

    assert listed() == [second, first]
    assert main(["cases", *desk.as_("r1")]) == 0
    marked = [line for line in capsys.readouterr().out.splitlines() if "THREAT" in line]
    assert [line.split()[0] for line in marked] == [second]
    assert main(["reply", second, "--text", "Hubungi LPSK.", *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert listed() == numbers
    imported(desk, capsys, 3, [late.seal(Text("Lagi.", "threat"))])
    assert listed() == [second, first]


def test_an_answer_stands_under_its_question_and_a_choice_under_its_title(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"where": "Dinas", "category": "pungli", "what": "korupsi", "x-lain": "bebas"}
    (number,) = imported(desk, capsys, 1, [desk.reporter().seal(Report(answers))])
    text = shown(desk, capsys, number, "--lang", "id")
    order = [
        "Jenis pelanggaran apa?",
        "Pungutan liar (pungli)",
        "Apa yang terjadi?",
        "korupsi",
        "Di mana?",
        "x-lain",
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    assert "Illegal levies" in shown(desk, capsys, number, "--lang", "en")
    assert json.loads(shown(desk, capsys, number, "--json"))["messages"][0]["answers"] == answers


def test_a_list_shows_the_first_own_words_and_not_what_was_only_chosen(
    desk: Desk, capsys: pytest.CaptureFixture[str], unlocked: Unlock
) -> None:
    answers = {"category": "pungli", "what": "Uang sekolah\ndipungut", "where": "Dinas"}
    (number,) = imported(desk, capsys, 1, [desk.reporter().seal(Report(answers))])
    with unlocked("r1") as station:
        assert cases.find(station, int(number)).head.excerpt == "Uang sekolah dipungut"


def test_a_choice_that_the_form_does_not_have_is_shown_as_it_came(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = imported(desk, capsys, 1, [desk.reporter().seal(Report({"category": "\x1b[31mlain"}))])
    assert "│ ‹U+001B›[31mlain" in shown(desk, capsys, number)


def test_the_form_of_the_time_gives_the_questions(
    desk: Desk, capsys: pytest.CaptureFixture[str], unlocked: Unlock
) -> None:
    (number,) = imported(desk, capsys, 1, [desk.reporter().seal(Report({"what": "x"}))])
    renew(desk, 2, "Pertanyaan baru?")
    assert "What happened?" in shown(desk, capsys, number)
    (later,) = imported(desk, capsys, 2, [Reporter(desk.directory).seal(Report({"what": "x"}))])
    text = shown(desk, capsys, later)
    assert "Pertanyaan baru?" in text
    assert "What happened?" not in text
    first = Layout(desk.folder).directories / "1"
    first.write_bytes(first.read_bytes()[:-1])  # without it, the ids
    text = shown(desk, capsys, number)
    assert "What happened?" not in text
    assert "\n  what\n    │ x" in text
    with unlocked("r1") as station:
        assert station.directory_of(1) is None  # damaged
        assert station.directory_of(7) is None  # never there
        assert station.directory_of(2) == station.directory


def renew(desk: Desk, serial: int, question: str) -> None:
    """Puts the office's next directory in place, which asks something else."""
    layout = Layout(desk.folder)
    key = identity.open_office(layout.office_key.read_bytes(), PASSPHRASE.format("office"))
    office = desk.directory.office
    form = office.forms[0]
    asked = form.field("what")
    assert asked is not None
    field = replace(asked, titles={"en": question, "id": question})
    forms = (replace(form, fields=(field,)), *office.forms[1:])
    renewed = replace(desk.directory, office=replace(office, serial=serial, forms=forms))
    (layout.directories / str(serial)).write_bytes(sign_directory(renewed, key.root))
