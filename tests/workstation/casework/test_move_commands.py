"""The commands that move a case, in both languages, for people and for scripts."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from crypto.calendar import add_days
from tests.workstation.office import TODAY, Desk
from workstation import cases
from workstation.casework import journal
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
SOON = add_days(TODAY, 7)


@pytest.fixture
def numbers(desk: Desk, unlocked: Unlock) -> tuple[int, int]:
    with unlocked("r1") as station:
        items = [desk.reporter().report(), desk.reporter().report()]
        one, two = sorted(import_bundle(station, desk.deliver(1, items)).opened.cases)
    return one, two


class Terminal:
    """Runs commands as a reviewer."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk, self.capsys = desk, capsys

    def run(self, *words: object, who: str = "r1", code: int = 0) -> str:
        assert main([*map(str, words), *self.desk.as_(who)]) == code, self.capsys.readouterr()
        said = self.capsys.readouterr()
        return said.err if code else said.out

    def ask(self, *words: object, who: str = "r1") -> Any:
        return json.loads(self.run(*words, "--json", who=who))


@pytest.fixture
def terminal(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(desk, capsys)


def test_from_stage_to_stage(terminal: Terminal, numbers: tuple[int, int]) -> None:
    number, _ = numbers
    said = terminal.run("move", number, "verification")
    assert said == (
        f"Case {number}: Verification\nThe reporter is told: Received\n"
        "Reply 1 waits for the next bundle: peluit station bundle --to DIR\n"
    )
    moved = terminal.ask("move", number, "incomplete", "--answer", "Kapan kejadiannya?")
    assert moved == {
        "along": [],
        "case": number,
        "held": None,
        "outcome": None,
        "reply": 2,
        "stage": "incomplete",
        "told": "incomplete",
    }
    assert "has no way" not in terminal.run("move", number, "verification")
    assert "no way from Verification to Result" in terminal.run("move", number, "result", code=1)
    assert "in words" in terminal.run("move", number, "incomplete", code=1)
    shown = terminal.ask("show", number)
    assert (shown["stage"], shown["held"], shown["outcome"]) == ("verification", None, None)
    assert [reply["status"] for reply in shown["replies"]] == ["received", "incomplete", "received"]


def test_a_second_person(terminal: Terminal, numbers: tuple[int, int], desk: Desk) -> None:
    number, other = numbers
    words = desk.stick / "answer.txt"
    words.write_text("Kami tidak dapat memahaminya.\n", "utf-8")
    terminal.run("move", number, "verification")
    archive = ("move", number, "closed", "--reason", "bukan laporan", "--answer-file", words)
    assert "Nothing has moved" in terminal.run(*archive)
    assert "waits for a second person, not you" in terminal.run("cases")
    assert "yourself" in terminal.run("agree", number, code=1)
    listed = terminal.ask("cases", who="r2")["cases"]
    assert [(case["number"], case["proposed_by"]) for case in listed] == [(number, "r1"), (other, None)]
    assert "waits for your agreement" in terminal.run("cases", who="r2")
    assert "Note: waits for your agreement" in terminal.run("show", number, who="r2")
    shown = terminal.run("stages", number, who="r2")
    assert "Verification → Closed (archived: unclear, or no report)" in " ".join(shown.split())
    assert "    │ Kami tidak dapat memahaminya.\n" in shown
    assert f"peluit station agree {number}" in shown
    terminal.run("decline", number, "--reason", "ada bukti", who="r2")
    assert "no second person" not in terminal.run(*archive)
    assert terminal.ask("agree", number, who="r3")["told"] == "closed-no-action"
    document = terminal.ask("stages", number)
    assert (document["stage"], document["outcome"], document["proposal"]) == ("closed", "archived", None)
    assert [(event["kind"], event["by"], event.get("agreed")) for event in document["events"]] == [
        ("moved", "r1", None),
        ("declined", "r2", None),
        ("moved", "r1", "r3"),
    ]
    assert document["next"] == [
        {
            "answer": False,
            "needs": [],
            "outcomes": [],
            "reasons": ["objection", "new-facts"],
            "reference": False,
            "second": False,
            "stage": "reopened",
        }
    ]


def test_on_hold(terminal: Terminal, numbers: tuple[int, int]) -> None:
    number, other = numbers
    hold = ("hold", number, "--reason", "awaiting-office", "--review-on")
    said = terminal.run(*hold, SOON, "--answer", "Kami menunggu jawaban dinas.")
    assert f"Case {number}: Received, on hold: waiting for an office\n" in said
    assert "within a year" in terminal.run(*hold, "besok", code=1)
    assert "on hold" in terminal.run("move", number, "verification", code=1)
    assert re.search(rf"(?m)^{number}  Received .* on hold, 1 unread$", terminal.run("cases"))
    shown = terminal.run("stages", number)
    assert f"{TODAY}  r1: on hold, waiting for an office; to be looked at on {SOON}" in shown
    assert f"peluit station resume {number}" in shown
    assert "told: Received" in terminal.run("resume", number)
    assert "not on hold" in terminal.run("resume", number, code=1)
    terminal.run("move", other, "verification")
    assert [case["number"] for case in terminal.ask("cases", "--stage", "verification")["cases"]] == [other]
    terminal.run("hold", number, "--reason", "holidays", "--review-on", SOON, code=2)


def test_cases_that_go_together(terminal: Terminal, numbers: tuple[int, int]) -> None:
    one, two = numbers
    for number in numbers:
        terminal.run("move", number, "verification")
    assert "another open case" in terminal.run("move", one, "merged", "--into", one, code=1)
    terminal.run("move", one, "merged", "--into", two)
    assert f"Goes with case: {two}" in terminal.run("stages", one)
    terminal.run("move", two, "incomplete", "--answer", "Apa lagi?")
    said = terminal.run("move", two, "closed", "--answer", "Tidak dilengkapi.")
    assert f"1 case was closed with it, and answered in the same words: {one}\n" in said
    assert {case["stage"] for case in terminal.ask("cases")["cases"]} == {"closed"}


def test_what_a_terminal_shows_fits(terminal: Terminal, numbers: tuple[int, int], unlocked: Unlock) -> None:
    number, _ = numbers
    terminal.run("move", number, "verification")
    terminal.run("move", number, "review")
    with unlocked("r1") as station, station.vault.transaction():
        journal.add(station, cases.find(station, number), "sheet", {"supervision": True}, TODAY)
    terminal.run("move", number, "no-action", "--reason", "kata " * 60)
    for language in ("en", "id"):
        shown = terminal.run("stages", number, "--lang", language, who="r2")
        assert max(map(len, shown.splitlines())) <= 80
        assert re.search(r"[{}]", shown) is None
    assert "Telaah → Tidak ditindaklanjuti" in " ".join(shown.split())
    assert "disetujui" not in shown


def test_a_reply_takes_no_status(terminal: Terminal, numbers: tuple[int, int]) -> None:
    """It comes from moving alone: one that contradicts the stage would mislead the reporter."""
    number, _ = numbers
    assert "--status" in terminal.run("reply", number, "--text", "x", "--status", "answered", code=2)
    assert terminal.ask("reply", number, "--text", "Terima kasih.") == {
        "case": number, "number": 1, "parts": 1,
    }  # fmt: skip
