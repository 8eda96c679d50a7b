"""Closed cases go when their time is over, by two persons, with a certificate: R24 (UU PDP art. 44)."""

import io
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto import calendar
from crypto.fields import Day
from tests.workstation.office import PASSPHRASE, TODAY, Desk
from tests.workstation.page.client import running
from tests.workstation.test_erasing import pages, traces
from workstation import cases, stationlog
from workstation.casework import journal, moving
from workstation.casework.course import Move
from workstation.casework.errors import (
    LegalHoldError,
    NotACertificateError,
    NotDueError,
    NotHeldError,
    RetentionRulesError,
    UnprovenCertificateError,
)
from workstation.casework.stages import OUTCOMES
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.keeping import certificate, retention, retention_rules
from workstation.keeping.retention_rules import add_months
from workstation.layout import Layout
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
CLOSED = add_months(TODAY, -6)
"""The day on which the cases of these tests were closed: those that were never completed are kept so long."""


def close(station: Station, number: int, on: Day, target: int = 0) -> None:
    """Closes a case as never completed, or merges it."""
    for wish in (
        (Move("verification"), Move("merged", target=target))
        if target
        else (
            Move("verification"),
            Move("incomplete", answer="Mohon dilengkapi."),
            Move("closed", outcome="incomplete", answer="Tidak dilengkapi."),
        )
    ):
        moving.move(station, cases.find(station, number), wish, on)


@pytest.fixture
def three(desk: Desk, unlocked: Unlock) -> tuple[int, int, int]:
    """A closed case with evidence and one that was merged into it; and another that is still open."""
    with unlocked("r1") as station:
        numbers = []
        for number in (1, 2, 3):
            reporter = desk.reporter()
            item, name, blob = reporter.evidence(os.urandom(70_000))
            bundle = desk.deliver(number, [reporter.report(), item], [(name, blob)])
            numbers += import_bundle(station, bundle).opened.cases
        first, joined, opened = numbers
        close(station, joined, CLOSED, target=first)
        close(station, first, CLOSED)
    return first, joined, opened


def test_two_persons_destroy_what_is_due_and_sign_for_it(
    desk: Desk, unlocked: Unlock, three: tuple[int, int, int], tmp_path: Path
) -> None:
    first, joined, opened = three
    together = tuple(sorted((first, joined)))
    with unlocked("r1") as station:
        found = retention.due(station, TODAY)
        assert [kept.group for kept in found] == [together, together]
        assert not retention.due(station, calendar.add_days(TODAY, -1))
        key, lost = station.keys.vault, [trace for number in together for trace in traces(station, number)]
        retention.propose(station, retention.chosen(station, [joined], TODAY), TODAY)
        wanted = retention.chosen(station, [joined], TODAY)
        assert not retention.agreed(station, wanted)
    with unlocked("r2") as station:
        wanted = retention.chosen(station, [first], TODAY)
        assert retention.agreed(station, wanted)
        path = certificate.write(retention.destroy(station, wanted, TODAY), tmp_path)
    left = pages(Layout(desk.folder).vault, key)
    assert not [trace for trace in lost if trace in left]
    with unlocked("r3") as station:
        assert [case.number for case in cases.readable(station)] == [opened]
        found_out = certificate.read(station, path.read_text("utf-8"))
        assert (found_out.reviewer, found_out.day) == ("r2", TODAY)
        assert [(each.case, each.messages, each.files) for each in found_out.destroyed] == [
            (number, 2, 1) for number in together
        ]
        assert {(each.proposed, each.months, each.outcome) for each in found_out.destroyed} == {
            ("r1", 6, "incomplete")
        }
        office = station.keys.place.office
        entry = stationlog.page(station.vault, office, found_out.entries + 1, 1)[0]
        assert (entry.act, entry.subject) == ("case-erased", "retention")
        head = "SELECT hash FROM log WHERE number = ?"
        assert station.vault.value(head, found_out.entries) == found_out.head
        assert certificate.again(station, 1).text == path.read_text("utf-8")


def test_a_changed_certificate_proves_nothing(
    desk: Desk, unlocked: Unlock, three: tuple[int, int, int], tmp_path: Path
) -> None:
    for reviewer in ("r1", "r2"):
        with unlocked(reviewer) as station:
            wanted = retention.chosen(station, [three[0]], TODAY)
            if retention.agreed(station, wanted):
                text = retention.destroy(station, wanted, TODAY).text
            else:
                retention.propose(station, wanted, TODAY)
    with unlocked("r3") as station:
        with pytest.raises(NotACertificateError):
            certificate.read(station, text.replace(certificate.PREFIX, ""))
        body = text.rstrip().rpartition(":")[2]
        with pytest.raises(UnprovenCertificateError):
            changed = ("B" if body[0] == "A" else "A") + body[1:]
            certificate.read(station, text.replace(body, changed))


def test_a_legal_process_and_an_open_case_that_goes_with_it_hold_it(
    unlocked: Unlock, three: tuple[int, int, int]
) -> None:
    first, joined, opened = three
    with unlocked("r1") as station:
        with pytest.raises(NotDueError):
            retention.chosen(station, [opened], TODAY)
        with pytest.raises(NotHeldError):
            retention.free(station, cases.find(station, joined), "keliru", TODAY)
        retention.hold(station, cases.find(station, joined), "perkara 12/2026", TODAY)
        assert not retention.due(station, TODAY)
        with pytest.raises(LegalHoldError):
            retention.chosen(station, [first], TODAY)
        retention.free(station, cases.find(station, joined), "putusan tetap", TODAY)
        assert len(retention.due(station, TODAY)) == 2
        reopened = Move("reopened", reason="new-facts")
        moving.move(station, cases.find(station, first), reopened, TODAY)
        assert not retention.closed(station)


def test_a_proposal_ends_when_something_is_done_with_the_case(
    unlocked: Unlock, three: tuple[int, int, int]
) -> None:
    first = three[0]
    with unlocked("r1") as station:
        retention.propose(station, retention.chosen(station, [first], TODAY), TODAY)
    with unlocked("r2") as station:
        retention.hold(station, cases.find(station, first), "perkara", TODAY)
        retention.free(station, cases.find(station, first), "selesai", TODAY)
        assert not retention.agreed(station, retention.chosen(station, [first], TODAY))


def test_rules_of_the_office_hold(
    desk: Desk, unlocked: Unlock, three: tuple[int, int, int], tmp_path: Path
) -> None:
    with unlocked("r1") as station:
        default = retention_rules.rules(station)
        assert set(default) == set(OUTCOMES)
        assert all(rule.citation["id"] and rule.citation["en"] for rule in default.values())
    document = retention_rules.rules_json(default)
    document["rules"][0]["months"] += 1  # type: ignore[index,call-overload,operator]
    file = tmp_path / "retensi.json"
    for broken in ("{}", "[", json.dumps({"rules": []}), json.dumps(document | {"lain": 1})):
        file.write_text(broken, "utf-8")
        with pytest.raises(RetentionRulesError):
            retention_rules.load(file)
    longer = json.loads(retention_rules.DEFAULT.read_bytes())
    for rule in longer["rules"]:
        rule["months"] = 12
    file.write_text(json.dumps(longer), "utf-8")
    assert main(["retention", "set", *desk.as_("r2"), str(file)]) == 0
    with unlocked("r1") as station:
        assert not retention.due(station, TODAY)
        (ends, _) = [kept.ends for kept in retention.closed(station)]
        assert ends == add_months(CLOSED, 12)


def test_months_end_on_the_last_day_there_is() -> None:
    assert add_months(Day("2026-08-31"), 6) == "2027-02-28"
    assert add_months(Day("2027-08-31"), 6) == "2028-02-29"
    assert add_months(Day("2026-12-15"), 120) == "2036-12-15"


def test_the_commands_ask_two_persons_and_the_second_types_the_numbers(
    desk: Desk,
    three: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    together = " ".join(str(number) for number in sorted(three[:2]))
    to = ["--to", str(desk.stick)]
    assert main(["retention", "due", *desk.as_("r1")]) == 0
    assert capsys.readouterr().out.count("never completed") == 2
    for _ in range(2):  # the same person twice is one person
        assert main(["retention", "erase", *desk.as_("r1"), str(three[0]), *to]) == 0
        assert "Another reader" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("ya\n"))
    assert main(["retention", "erase", *desk.as_("r2"), str(three[0]), *to]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{together}\n"))
    assert main(["retention", "erase", *desk.as_("r2"), str(three[0]), *to]) == 0
    (path,) = desk.stick.glob("pemusnahan-*.txt")
    assert main(["retention", "check", *desk.as_("r3"), str(path)]) == 0
    assert "The signature holds." in capsys.readouterr().out


def test_the_page_does_the_same(desk: Desk, three: tuple[int, int, int], unlocked: Unlock) -> None:
    first, joined, opened = three
    with running(desk.folder) as page:
        page.begin()
        page.unlock("r1")
        assert page.ask("/retention").text.count('name="case"') == 2
        assert page.post("/retention", case=str(first)).to == "/retention"
        assert 'id="waiting"' in page.ask("/retention").text
        assert page.post(f"/cases/{opened}/retention", step="1", reason="perkara").to is not None
        assert "kept for a legal process: perkara" in page.ask(f"/cases/{opened}/retention").text
        page.post("/lock")
        page.unlock("r2")
        assert 'id="do-destroy"' in page.ask("/retention").text
        form = {"case": str(joined), "path": str(desk.stick), "passphrase": "salah"}
        assert "wrong" in page.post("/retention/destroy", **form).text
        form["passphrase"] = PASSPHRASE.format("r2")
        assert page.post("/retention/destroy", **form).to == "/working"
        assert "Destroyed:" in page.await_end().text
        page.post("/working")
        assert 'id="certificates"' in page.ask("/retention").text
        saved = page.post("/retention/certificate", number="1", path=str(desk.stick))
        assert "Written:" in saved.text
        text = next(desk.stick.glob("pemusnahan-*.txt")).read_text("utf-8")
        page.post("/check", text=text)
        assert "Destroyed on" in page.await_end().text
    assert len(list(desk.stick.glob("pemusnahan-*.txt"))) == 2
    with unlocked("r3") as station:
        assert [case.number for case in cases.readable(station)] == [opened]
        assert journal.of_kind(journal.of_case(station, cases.find(station, opened)), "legal-hold")
