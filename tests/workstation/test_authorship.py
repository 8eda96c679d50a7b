"""`station authorship`: who a statement comes from, and plain words for what is none."""

import io
import json
import sys
from pathlib import Path

import pytest

from crypto.authorship import sign_authorship
from crypto.fields import InstanceId, OfficeId
from tests.workstation.office import TODAY, Desk, Reporter
from workstation.cli import main


def statement(reporter: Reporter, text: str = "Saya yang menulis laporan itu.") -> str:
    office = reporter.directory.office
    return sign_authorship(office.instance, office.id, TODAY, text, reporter.keys.sign)


def check(desk: Desk, text: str | bytes, *more: str, reviewer: str = "r1") -> int:
    path = desk.folder.parent / "statement.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return main(["authorship", str(path), *more, *desk.as_(reviewer)])


@pytest.fixture
def reporter(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Reporter:
    """One whose report is at the station, excluded r3."""
    found = desk.reporter()
    assert main(["import", str(desk.deliver(1, [found.report(excluded=["r3"])])), *desk.as_("r1")]) == 0
    capsys.readouterr()
    return found


def number_of(desk: Desk, capsys: pytest.CaptureFixture[str]) -> int:
    assert main(["cases", "--json", *desk.as_("r1")]) == 0
    return int(json.loads(capsys.readouterr().out)["cases"][0]["number"])


def test_it_names_the_case(desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str]) -> None:
    number = number_of(desk, capsys)
    assert check(desk, statement(reporter)) == 0
    text = capsys.readouterr().out
    assert f"knew the codename of case {number}." in text
    assert TODAY in text
    assert "  │ Saya yang menulis laporan itu." in text
    assert check(desk, statement(reporter), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "case": number,
        "day": TODAY,
        "statement": "Saya yang menulis laporan itu.",
    }
    assert check(desk, statement(reporter), "--lang", "id") == 0
    assert f"frasa sandi kasus {number}." in capsys.readouterr().out


def test_from_paper_and_from_a_keyboard(
    desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = statement(reporter)
    broken = "\r\n".join(f"  {text[i : i + 5]}\t" for i in range(0, len(text), 5))
    assert check(desk, b"\xef\xbb\xbf" + broken.encode()) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode() + b"\n")))
    assert main(["authorship", "-", *desk.as_("r1")]) == 0
    assert capsys.readouterr().out.count("The signature holds: ") == 2


def test_a_stranger_to_the_case_learns_no_number(
    desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a codename that sent nothing nor one whose case this reviewer may not read has a number."""
    for text, reviewer in ((statement(desk.reporter()), "r1"), (statement(reporter), "r3")):
        assert check(desk, text, reviewer=reviewer) == 0
        assert "no case that you can read" in capsys.readouterr().out
        assert check(desk, text, "--json", reviewer=reviewer) == 0
        assert json.loads(capsys.readouterr().out)["case"] is None


def test_what_a_colleague_imported_is_found(
    desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str]
) -> None:
    late = desk.reporter()
    assert main(["import", str(desk.deliver(2, [late.report(excluded=["r1"])])), *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert check(desk, statement(late), reviewer="r2") == 0
    assert "knew the codename of case" in capsys.readouterr().out


def test_control_characters_stay_off_the_screen(
    desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]0;x\x07\x1b[2J\u202eterbalik\nThe signature holds: whoever made this knew"
    assert check(desk, statement(reporter, evil)) == 0
    text = capsys.readouterr().out
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
    assert "\n  │ The signature holds: " in text
    assert sum(line.startswith("The signature holds") for line in text.splitlines()) == 1


def test_what_proves_nothing(desk: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str]) -> None:
    good = statement(reporter)
    at = len(good) // 2
    office = reporter.directory.office
    foreign = sign_authorship(InstanceId(bytes(16)), office.id, TODAY, "x", reporter.keys.sign)
    other = sign_authorship(office.instance, OfficeId("lain"), TODAY, "x", reporter.keys.sign)
    cases: list[tuple[str | bytes, str]] = [
        (good[:40] + ("A" if good[40] != "A" else "B") + good[41:], "The signature does not hold"),
        (foreign, "another office or another installation"),
        (other, "another office or another installation"),
        (good[:at], "not a statement of authorship, or not all of it"),
        (good[20:], "not a statement of authorship"),
        ("Dengan hormat, " + good, "not a statement of authorship"),
        (good + good, "not a statement of authorship"),
        ("", "not a statement of authorship"),
        ("peluit-authorship-1:", "not a statement of authorship"),
        ("peluit-authorship-1:" + "A" * 500_000, "not a statement of authorship"),
        (" " * 1_000_001, "not a statement of authorship"),
        (b"\xff\xfe\x00" * 100, "not a statement of authorship"),
        ("\x1b[2J", "not a statement of authorship"),
    ]
    for text, said in cases:
        assert check(desk, text) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert said in captured.err
        assert "\x1b" not in captured.err


def test_a_file_that_is_not_there(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["authorship", str(tmp_path / "absent"), *desk.as_("r1")]) == 1
    assert "cannot be read: it is not there" in capsys.readouterr().err
