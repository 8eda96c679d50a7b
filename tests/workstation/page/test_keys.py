"""Keys, backup and erasing on the page: what cannot be undone takes the passphrase once more."""

import argparse
import html
import re
import shlex
from pathlib import Path

import pytest

from crypto import calendar, fingerprint
from crypto.fields import Epoch
from tests.workstation.office import PASSPHRASE, TODAY, Desk, snapshot
from tests.workstation.page.client import Page
from workstation import cli, identity, restoring, shares
from workstation.layout import Layout

FIRST = calendar.epoch_of(TODAY)
LAST_DAY = calendar.last_day(FIRST)
DUE = calendar.add_days(LAST_DAY, 61)
AFTER = calendar.add_days(LAST_DAY, 8)
WORDS = PASSPHRASE.format("r1")


def bring(page: Page, bundle: Path) -> None:
    page.post("/import", path=str(bundle))
    assert 'id="ended"' in page.await_end().text
    page.post("/working")


def test_the_fingerprint_and_until_when_there_are_keys(
    unlocked_page: Page, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = desk.directory.office.root
    shown = unlocked_page.ask("/keys").text
    for parts in (
        fingerprint.spoken(root, "id"),
        fingerprint.spoken(root, "en"),
        fingerprint.digits(root),
    ):
        assert " ".join(parts) in shown
    assert 'id="none-due"' in shown
    until = desk.directory.office.expires
    for day, weeks in ((calendar.add_days(until, -28), 4), (calendar.add_days(until, -27), 3)):
        monkeypatch.setattr(calendar, "today", lambda day=day: day)
        shown = unlocked_page.ask("/keys").text
        assert f"{weeks} whole weeks" in shown
        assert ('id="until" class="refusal"' in shown) is (weeks == 3)
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(until, 1))
    assert "reporters cannot send anything" in unlocked_page.ask("/keys").text


def test_the_commands_that_it_shows_are_commands(unlocked_page: Page, desk: Desk) -> None:
    shown = html.unescape(unlocked_page.ask("/keys").text)
    lines = re.findall(r"<dd><code>(.+?)</code></dd>", shown)
    shown_words = {"renew", "reviewer", "custodian", "backup", "rehearse", "restore", "fingerprint"}
    assert {line.split()[2] for line in lines} == shown_words
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers(required=True))
    for line in lines:
        program, station, *words = shlex.split(line)
        assert (program, station) == ("peluit", "station")
        assert getattr(parser.parse_args(words), "folder", desk.folder) == desk.folder


def test_keys_that_are_due_go_after_the_passphrase_was_given_again(
    unlocked_page: Page, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(unlocked_page, desk.deliver(1, [], on=AFTER))
    monkeypatch.setattr(calendar, "today", lambda: DUE)
    assert "can go" in unlocked_page.ask("/keys").text
    before = snapshot(desk.folder / "reviewers")
    for wrong in ("", "wrong", PASSPHRASE.format("r2")):
        assert "The passphrase of r1 is wrong." in unlocked_page.post("/keys/destroy", passphrase=wrong).text
    assert unlocked_page.session.work is None
    assert snapshot(desk.folder / "reviewers") == before
    assert unlocked_page.post("/keys/destroy", passphrase=WORDS).to == "/working"
    assert unlocked_page.session.work is not None
    assert not unlocked_page.session.work.result.stoppable
    assert "The key of 1 week is destroyed." in unlocked_page.await_end().text
    left = set(unlocked_page.session.station.keys.epochs)
    assert left == {FIRST + 1, FIRST + 2}, "not in this memory either"
    assert unlocked_page.post("/working").to == "/keys"
    path = Layout(desk.folder).reviewer_key(unlocked_page.session.station.reviewer)
    keys = identity.open_reviewer(path.read_bytes(), unlocked_page.session.station.reviewer, WORDS)
    assert set(keys.epochs) == left
    assert unlocked_page.ask("/keys").text.count("due-weeks") == 0


def test_keys_that_may_still_be_needed_stay(
    unlocked_page: Page, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(unlocked_page, desk.deliver(2, [], on=AFTER))
    monkeypatch.setattr(calendar, "today", lambda: DUE)
    shown = unlocked_page.ask("/keys").text
    assert "must stay" in shown
    assert "bundles up to number 1 are not all here" in shown
    unlocked_page.post("/keys/destroy", passphrase=WORDS)
    assert "had to stay" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    assert Epoch(FIRST) in unlocked_page.session.station.keys.epochs
    unlocked_page.post("/keys/destroy", passphrase=WORDS, **{"even-if-missing": "on"})
    assert "is destroyed" in unlocked_page.await_end().text


def test_how_long_keys_stay(unlocked_page: Page) -> None:
    assert "7 to 3650 days" in unlocked_page.post("/keys/keep", days="6").text
    assert 'id="problem"' in unlocked_page.post("/keys/keep", days="x").text
    assert unlocked_page.post("/keys/keep", days="90").status == 303
    assert 'value="90"' in unlocked_page.ask("/keys").text


def test_a_backup_needs_a_key_on_paper_and_then_opens(
    unlocked_page: Page, desk: Desk, case: int, tmp_path: Path
) -> None:
    assert 'id="no-backup-key"' in unlocked_page.ask("/keys").text
    unlocked_page.post("/backup", path=str(tmp_path))
    assert "use a terminal" in unlocked_page.await_end().text
    unlocked_page.post("/lock")
    key, words = shares.generate(3, 2)
    with restoring.unlock(desk.folder, "r1", WORDS) as station:
        shares.save(station, key)
    unlocked_page.unlock()
    assert "2 of the 3 shares" in unlocked_page.ask("/keys").text
    unlocked_page.post("/backup", path=str(tmp_path / "nothing"))
    assert 'id="problem"' in unlocked_page.await_end().text
    unlocked_page.post("/working")
    unlocked_page.post("/backup", path=str(tmp_path))
    said = unlocked_page.await_end().text
    (written,) = tmp_path.glob("*.backup")
    assert written.name in said
    assert TODAY in written.name
    assert restoring.rehearse(written, shares.combine(words[:2]), "r1", WORDS).cases == 1


def test_a_case_is_erased_with_a_reason_and_the_passphrase(
    unlocked_page: Page, desk: Desk, case: int
) -> None:
    url = f"/cases/{case}/erase"
    assert url in unlocked_page.ask(f"/cases/{case}").text
    assert f"Case {case}: 3 messages, 1 pieces of evidence" in unlocked_page.ask(url).text
    unlocked_page.ask("/cases?q=bendahara")
    assert unlocked_page.post(url, reason="bored", passphrase=WORDS).status == 400
    wrong = unlocked_page.post(url, reason="withdrawn", passphrase="wrong").text
    assert "The passphrase of r1 is wrong." in wrong
    assert re.search(r'value="withdrawn" required checked', wrong)
    assert f'data-case="{case}"' in unlocked_page.ask("/cases").text
    assert unlocked_page.post(url, reason="withdrawn", passphrase=WORDS).to == "/working"
    assert f"Case {case} is erased." in unlocked_page.await_end().text
    assert unlocked_page.post("/working").to == "/cases"
    assert unlocked_page.session.unlocked
    assert "data-case" not in unlocked_page.ask("/cases?q=bendahara").text
    assert unlocked_page.ask(url).status == 404
    assert list((desk.folder / "evidence").iterdir()) == []
    bring(unlocked_page, desk.deliver(2, [desk.reporter().report()]))
    assert "1 of 1" in unlocked_page.ask("/cases?q=bendahara").text, "the new vault is at work"


def test_a_case_that_cannot_go_yet_stays(unlocked_page: Page, desk: Desk) -> None:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"x" * 200_000)
    first, *_ = desk.deliver_parts(1, [reporter.report(), item], [(blob_id, blob)])
    bring(unlocked_page, first)
    (number,) = re.findall(r'data-case="(\d+)"', unlocked_page.ask("/cases").text)
    unlocked_page.post(f"/cases/{number}/erase", reason="mistake", passphrase=WORDS)
    assert "still on its way" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    assert unlocked_page.ask(f"/cases/{number}").status == 200
