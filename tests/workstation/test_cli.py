"""The command line: exit codes, one sentence for each refusal, languages, JSON, and no terminal tricks."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from crypto import calendar
from crypto.message import Report
from tests.workstation.office import PASSPHRASE, TODAY, Desk
from workstation import passphrases
from workstation.cli import main
from workstation.commands import common
from workstation.errors import NoPassphraseError, WeakPassphraseError


def test_untrusted_text_is_harmless_on_the_screen(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = desk.reporter()
    evil = "\x1b]0;judul\x07\x1b[2J\u202eterbalik\nCase 1 · palsu\r\n\x9b31m" + "panjang " * 40
    item, _, _ = reporter.evidence(b"x", name="\x1b[31m\u202egnp.exe")
    report = reporter.seal(Report({"what": evil, "x-lain": "jawaban bebas", "where": "\u2067kantor"}))
    assert main(["import", str(desk.deliver(1, [report, item])), "--json", *desk.as_("r1")]) == 0
    (number,) = json.loads(capsys.readouterr().out)["bundles"][0]["cases"]
    assert main(["show", str(number), *desk.as_("r1")]) == 0
    text = capsys.readouterr().out
    assert not set(text) & {"\x1b", "\x07", "\r", "\u202e", "\x9b", "\u2067"}
    assert "‹U+202E›terbalik" in text
    assert "\n    │ Case 1 · palsu" in text
    assert all(len(line) <= 80 for line in text.splitlines() if "│" in line)
    assert text.index("What happened?") < text.index("Where?") < text.index("x-lain")
    assert main(["show", str(number), "--json", *desk.as_("r1")]) == 0
    raw = capsys.readouterr().out
    assert not set(raw) & {"\x1b", "\u202e"}
    assert json.loads(raw)["messages"][0]["answers"]["what"] == evil


def test_show_has_what_an_investigator_needs(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = desk.reporter()
    item, _, _ = reporter.evidence(b"x" * 1_234_567, excluded=["r3"])
    path = desk.deliver(1, [reporter.report(excluded=["r3"]), item, reporter.text("Tambahan.", ["r3"])])
    assert main(["import", str(path), "--json", *desk.as_("r1")]) == 0
    number = str(json.loads(capsys.readouterr().out)["bundles"][0]["cases"][0])
    assert main(["reply", number, "--text", "Terima kasih.", *desk.as_("r1")]) == 0
    assert main(["move", number, "verification", *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["show", number, "--lang", "id", *desk.as_("r1")]) == 0
    text = capsys.readouterr().out
    for needed in (
        f"Kasus {number}",
        "Aduan",
        "Penelaah 3",
        "Apa yang terjadi?",
        "foto.jpg",
        "1,2 MB",
        "belum ada",
        "Tambahan.",
        "Terima kasih.",
        "Diterima",
        "menunggu bundel",
    ):
        assert needed in text, needed


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["nonsense"], 2),
        (["cases"], 2),
        (["cases", "--as", "r9"], 2),
        (["show", "x", "--as", "r1"], 2),
        (["show", "1", "--as", "r1"], 1),
        (["reply", "1", "--as", "r1", "--text", "a", "--text-file", "b"], 2),
        (["reply", "1", "--as", "r1"], 2),
        (["move", "1", "nonsense", "--as", "r1"], 2),
        (["import", "/nonexistent", "--as", "r1"], 1),
        (["bundle", "--as", "r1", "--to", "/nonexistent"], 1),
        (["bundle", "--as", "r1", "--to", "/tmp", "--again", "77"], 1),
        (["evidence", "--as", "r1"], 2),
        (["evidence", "export", "1", "1", "--to", "/tmp", "--as", "r1"], 1),
        (["cases", "--as", "r1", "--passphrase-file", "/nonexistent"], 1),
    ],
)
@pytest.mark.parametrize("language", ["en", "id"])
def test_refusals_are_sentences(
    desk: Desk, capsys: pytest.CaptureFixture[str], words: list[str], code: int, language: str
) -> None:
    unlocking = [] if "--passphrase-file" in words else ["--passphrase-file", str(desk.passphrase_file("r1"))]
    if not words or (words[0] in ("nonsense", "evidence") and "export" not in words):
        unlocking = []
    if words and words[0] != "nonsense" and unlocking:
        words = [*words, "--folder", str(desk.folder)]
    assert main([*words, *unlocking, "--lang", language] if words else words) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip()
    assert "Traceback" not in captured.err


def test_wrong_passphrase(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cases", "--folder", str(desk.folder), "--as", "r1"]
    assert main([*words, "--passphrase-file", str(desk.passphrase_file("r2"))]) == 1
    assert capsys.readouterr().err == "The passphrase of r1 is wrong.\n"


def test_every_command_speaks_json(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"x")
    path = desk.deliver(1, [reporter.report(), item], [(blob_id, blob)])
    me = desk.as_("r1")
    assert main(["import", str(path), "--json", *me]) == 0
    number = str(json.loads(capsys.readouterr().out)["bundles"][0]["cases"][0])
    for words in (
        ["cases"],
        ["open-waiting"],
        ["show", number],
        ["evidence", "export", number, "1", "--to", str(tmp_path)],
        ["reply", number, "--text", "x"],
        ["bundle", "--to", str(desk.stick)],
        ["bundle", "--to", str(tmp_path), "--again", "2"],
    ):
        assert main([*words, "--json", *me]) == 0
        assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_days_are_warned_of(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    me = desk.as_("r1")
    assert main(["cases", *me]) == 0
    assert "before that: peluit station renew" in capsys.readouterr().err
    later = calendar.add_days(TODAY, 60)
    monkeypatch.setattr(common.calendar, "today", lambda: later)
    assert main(["cases", *me]) == 0
    assert "reporters cannot send anything" in capsys.readouterr().err
    assert main(["import", str(desk.deliver(1, [])), *me]) == 0
    monkeypatch.setattr(common.calendar, "today", lambda: calendar.add_days(TODAY, -30))
    capsys.readouterr()
    assert main(["cases", *me]) == 0
    assert "Set the date." in capsys.readouterr().err


def test_the_only_reviewer_need_not_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.workstation.office import make_desk

    desk = make_desk(tmp_path, reviewers=1, epochs=1)
    words = ["cases", "--folder", str(desk.folder), "--passphrase-file", str(desk.passphrase_file("r1"))]
    assert main(words) == 0
    assert "There is no case" in capsys.readouterr().out


def test_folder_and_language_before_the_command_or_from_the_environment(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = ["--as", "r1", "--passphrase-file", str(desk.passphrase_file("r1"))]
    assert main(["--folder", str(desk.folder), "--lang", "id", "cases", *rest]) == 0
    assert "Belum ada kasus" in capsys.readouterr().out
    monkeypatch.setenv("PELUIT_STATION", str(desk.folder))
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert main(["cases", *rest]) == 0
    assert "Belum ada kasus" in capsys.readouterr().out
    assert main(["cases", "--lang=en", *rest]) == 0
    assert "There is no case" in capsys.readouterr().out


def test_umask_is_set(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    os.umask(0o022)
    assert main(["fingerprint", "--folder", str(desk.folder)]) == 0
    capsys.readouterr()
    assert os.umask(0o077) == 0o077


def test_without_a_terminal_a_passphrase_is_not_asked_for(desk: Desk) -> None:
    words = [
        sys.executable,
        "-c",
        "import sys; from workstation.cli import main; sys.exit(main(sys.argv[1:]))",
    ]
    words += ["cases", "--folder", str(desk.folder), "--as", "r1"]
    ran = subprocess.run(
        words, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True, check=False
    )
    assert ran.returncode == 2
    assert "--passphrase-file" in ran.stderr


def test_on_a_real_terminal(desk: Desk) -> None:
    """The prompt shows nothing of the passphrase, and the import shows its progress."""
    path = desk.deliver(1, [desk.reporter().report()])
    code = "import sys; from workstation.cli import main; sys.exit(main(sys.argv[1:]))"
    pid, terminal = pty.fork()
    if pid == 0:
        words = ["import", str(path), "--folder", str(desk.folder), "--as", "r1"]
        os.execv(sys.executable, [sys.executable, "-c", code, *words])
    screen = b""
    while b"Passphrase of r1: " not in screen:
        screen += os.read(terminal, 1_000)
    os.write(terminal, PASSPHRASE.format("r1").encode() + b"\n")
    try:
        while piece := os.read(terminal, 10_000):
            screen += piece
    except OSError:
        pass  # Linux says EIO when the other side has gone
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert PASSPHRASE.format("r1").encode() not in screen
    assert b"1 message filed" in screen
    assert b"Reading and checking" in screen


def test_new_passphrases_are_asked_for_until_they_are_long_enough_and_twice_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    same = "the same once more"
    answers = iter(["short", "one passphrase of mine", "another of mine", same, same])
    monkeypatch.setattr(passphrases, "_has_terminal", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    assert passphrases.new("r1", {}) == same
    said = capsys.readouterr().err
    assert "at least" in said
    assert "differ" in said
    assert "passphrase one" not in said
    (tmp_path / "weak").write_text("short\n")
    with pytest.raises(WeakPassphraseError):
        passphrases.new("r1", {"r1": tmp_path / "weak"})
    monkeypatch.setattr(passphrases, "_has_terminal", lambda: False)
    with pytest.raises(NoPassphraseError):
        passphrases.known("r1", {})


def test_an_unknown_reviewer_is_named_before_a_passphrase_is_asked_for(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", "--folder", str(desk.folder), "--as", "\x1b[2Jr9"]) == 2
    said = capsys.readouterr().err
    assert "r1, r2, r3" in said
    assert "\x1b" not in said


def test_a_slip_while_naming_reviewers_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The ceremony's prompts: nobody starts over for one wrong line."""
    lines = ["kota", "Kota", "City", "Irban", "Ir ban=A/B", "irban=Irban/Assistant", ""]
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))
    files = []
    for owner in ("office", "irban"):
        (tmp_path / owner).write_text("a passphrase that is long enough\n")
        files += ["--passphrase-file", f"{owner}={tmp_path / owner}"]
    (tmp_path / "stick").mkdir()
    words = ["init", "--folder", str(tmp_path / "station"), "--to", str(tmp_path / "stick"), "--epochs", "1"]
    assert main([*words, *files, "--json", "--lang", "en"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["reviewers"] == ["irban"]
    assert captured.err.count("ID=TITLE") == 1
    assert captured.err.count("lower-case") == 1


def test_evidence_fits_into_eighty_columns(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = desk.reporter()
    item, _, _ = reporter.evidence(b"x" * 999_900, name="nama yang panjang sekali " * 8)
    assert main(["import", str(desk.deliver(1, [reporter.report(), item])), "--json", *desk.as_("r1")]) == 0
    number = str(json.loads(capsys.readouterr().out)["bundles"][0]["cases"][0])
    for language in ("id", "en"):
        assert main(["show", number, "--lang", language, *desk.as_("r1")]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert max(len(line) for line in lines) <= 80
        assert any(f"evidence export {number}" in line for line in lines)


class Terminal(io.StringIO):
    """Typed lines."""

    def isatty(self) -> bool:
        return True
