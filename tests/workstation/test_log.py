"""Who did what stands in a chain; what was done in a case, only its readers can tell."""

import base64
import json
import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto import calendar, chained_log
from crypto.fields import Day, Epoch, ReviewerId
from tests.workstation.ceremonies import R1, R2, R3, R4, newcomer, renew
from tests.workstation.office import OFFICE, PASSPHRASE, TODAY, Desk
from workstation import (
    backup,
    caselog,
    cases,
    destruction,
    evidence,
    logwords,
    notes,
    outbound,
    replies,
    shares,
    stationlog,
)
from workstation.cli import main
from workstation.errors import (
    DiskFullError,
    LogBrokenError,
    LogCutError,
    NoSuchCaseError,
    VaultDamagedError,
)
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.opening import open_sealed
from workstation.staffing import Staffing
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
Told = list[tuple[str, str, str]]
"""(actor, act, subject) of entries."""


def told(station: Station) -> Told:
    return station.vault.rows("SELECT actor, act, subject FROM log ORDER BY number")  # type: ignore[return-value]


def in_clear(entries: Told) -> Told:
    return [(actor, act, "" if act == "case" else subject) for actor, act, subject in entries]


def in_case(station: Station, number: int) -> list[tuple[str, str, int, str]]:
    case = cases.find(station, number)
    found = caselog.of_case(station, case.key)
    assert [entry.number for entry, _ in found] == sorted(entry.number for entry, _ in found)
    assert {(entry.day, deed.case) for entry, deed in found} == {(TODAY, number)}
    return [(entry.actor, deed.act, deed.number, deed.subject) for entry, deed in found]


def verified(station: Station, noted: str | None = None) -> chained_log.Verified:
    return stationlog.verify(station.vault, station.keys.place.office, noted)


def head(station: Station) -> str:
    return chained_log.note(verified(station).head)


@pytest.fixture
def number(desk: Desk, unlocked: Unlock) -> int:
    """A case with a piece of evidence that excludes r2, filed by r1."""
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(b"isi bukti", excluded=["r2"])
    with unlocked("r1") as station:
        path = desk.deliver(1, [reporter.report(excluded=["r2"]), item], [(name, blob)])
        (found,) = import_bundle(station, path).opened.cases
    return found


def test_a_new_station(unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        assert told(station) == [
            ("r1", "bundle-made", "1"), *((f"r{n}", "unlocked", "") for n in (1, 2, 3)),
        ]  # fmt: skip
        assert verified(station).count == 4


def test_unlocking_is_one_entry_for_each_person_and_day(
    unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked("r1") as station:
        before = told(station)
    monkeypatch.setattr("crypto.calendar.today", lambda: Day("2031-01-01"))
    for reviewer in ("r2", "r2", "r1", "r2"):
        with unlocked(reviewer) as station:
            last = told(station)[len(before) :]
            verified(station)
    assert last == [("r2", "unlocked", ""), ("r1", "unlocked", "")]


def test_what_is_done_in_a_case(desk: Desk, unlocked: Unlock, number: int) -> None:
    with unlocked("r3") as station:
        done = evidence.export(station, cases.find(station, number), 1, desk.stick)
        replies.reply(station, cases.find(station, number), "jawaban", TODAY)
        note = notes.add(station, cases.find(station, number), "catatan", TODAY)
        for _ in range(2):
            caselog.write_once_a_day(station, cases.find(station, number).key, "viewed", 1)
        outbound.write_bundle(station, desk.stick, TODAY)
        assert in_case(station, number) == [
            ("r1", "begun", 0, ""),
            ("r1", "filed", 1, ""),
            ("r1", "filed", 2, ""),
            ("r3", "exported", 1, done.sha256.hex()),
            ("r3", "replied", 1, ""),
            ("r3", "noted", 1, notes._digest(note)),
            ("r3", "viewed", 1, ""),
        ]
        assert in_clear(told(station))[4:] == [
            ("r1", "bundle-imported", "1"),
            *[("r1", "case", "")] * 3,
            *[("r3", "case", "")] * 4,
            ("r3", "bundle-made", "2"),
        ]
        assert verified(station).count == len(told(station))


def test_who_is_excluded_learns_neither_which_case_nor_what(unlocked: Unlock, number: int) -> None:
    """r2 holds the vault key: all that stands there is looked at as r2 can."""
    with unlocked("r1") as station:
        _, deed = caselog.of_case(station, cases.find(station, number).key)[0]
    with unlocked("r2") as station:
        assert logwords.Deeds().readable(station) == {}
        of_cases = [subject for _, act, subject in told(station) if act == "case"]
        assert len(of_cases) == 3
        for subject in of_cases:
            commitment = base64.urlsafe_b64decode(subject + "=")
            assert len(commitment) == 32
            for name, opening in station.vault.rows("SELECT id, opening FROM openings"):
                assert commitment not in opening
                assert name not in commitment
                assert b"begun" not in opening
        columns = {name for (name,) in station.vault.rows("SELECT name FROM pragma_table_info('openings')")}
        assert columns == {"id", "case", "opening"}, "nothing tells which entry a row opens"
        sizes = {size for (size,) in station.vault.rows("SELECT length(opening) FROM openings")}
        assert len(sizes) == 1, "nor how long the details are"
        # without the 32 random bytes nobody can try out what was done
        guesses = {caselog._commitment(nonce, caselog._dump(deed)) for nonce in (bytes(32), b"")}
        assert guesses.isdisjoint(of_cases)
        with pytest.raises(NoSuchCaseError):
            cases.find(station, number)
        said = [logwords.said(entry, None) for entry in stationlog.page(station.vault, OFFICE, None, 100)]  # type: ignore[arg-type]
        assert sum("a case that you cannot read" in line for line in said) == 3
        assert str(number) not in " ".join(said)


def test_whoever_is_excluded_later_loses_the_log_of_the_case(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r2") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        notes.add(station, cases.find(station, number), "catatan", TODAY)
        old = cases.find(station, number).key
        before = in_case(station, number)
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(2, [reporter.text("jangan r2", ["r2"])]))
        assert in_case(station, number) == [*before, ("r1", "excluded", 0, "r2"), ("r1", "filed", 2, "")]
        assert [note.text for note in notes.of_case(station, cases.find(station, number))] == ["catatan"]
    with unlocked("r2") as station:
        with pytest.raises(VaultDamagedError):  # the key that r2 once had opens nothing any more
            caselog.of_case(station, old)
        for (sealed,) in station.vault.rows("SELECT body FROM notes"):
            with pytest.raises(VaultDamagedError):
                old.open(sealed, b"note", b"1")


def test_a_reviewer_who_leaves_takes_only_their_cases_along(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
    renew(desk, R1, Staffing(leaves=R3))
    renew(desk, R1, Staffing(joins=newcomer()))
    renew(desk, R1, Staffing(leaves=R2, joins=newcomer(ReviewerId("r5"))))
    with unlocked("r1") as station:
        assert in_case(station, number)[0] == ("r1", "begun", 0, "")
        acts = [(act, subject) for _, act, subject in told(station) if act.startswith(("keys", "reviewer"))]
        assert acts == [
            ("keys-renewed", "2"), ("reviewer-removed", "r3"),
            ("keys-renewed", "3"), ("reviewer-added", "r4"),
            ("keys-renewed", "4"), ("reviewer-replaced", "r2 r5"),
        ]  # fmt: skip
        verified(station)
    with unlocked(R4) as station:
        assert in_case(station, number)[0] == ("r1", "begun", 0, "")


def test_settings_keys_and_backups(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        week, *_ = sorted(station.directory.epochs)
        import_bundle(station, desk.deliver(1, [], on=calendar.last_day(Epoch(week + 2))))
        destruction.set_keep_days(station, 10)
        due = calendar.add_days(calendar.last_day(week), 11)
        assert destruction.destroy(station, PASSPHRASE.format("r1"), due).weeks == (week,)
        key, _ = shares.generate(3, 2)
        shares.save(station, key)
        backup.write(station, key, desk.folder.parent / "backup", TODAY)
        assert told(station)[-4:] == [
            ("r1", "settings-changed", "keep-days 10"),
            ("r1", "keys-destroyed", calendar.last_day(week)),
            ("r1", "settings-changed", "backup-key"),
            ("r1", "backup-made", ""),
        ]


def test_an_act_that_fails_leaves_no_entry(
    desk: Desk, unlocked: Unlock, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked("r1") as station:
        before = told(station)
        case = cases.find(station, number)

        def full(*_arguments: object, **_more: object) -> None:
            raise DiskFullError

        with monkeypatch.context() as patched:
            patched.setattr(cases, "update", full)
            with pytest.raises(DiskFullError):
                replies.reply(station, case, "jawaban", TODAY)
            with pytest.raises(DiskFullError):
                notes.add(station, case, "catatan", TODAY)
        assert told(station) == before
        assert in_case(station, number)[-1] == ("r1", "filed", 2, "")


def test_an_entry_that_fails_leaves_no_act(
    desk: Desk, unlocked: Unlock, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise DiskFullError

    before = sorted(desk.stick.iterdir())
    with unlocked("r1") as station:
        case = cases.find(station, number)
        monkeypatch.setattr(stationlog, "write", full)
        for act in (
            lambda: replies.reply(station, case, "jawaban", TODAY),
            lambda: notes.add(station, case, "catatan", TODAY),
            lambda: evidence.export(station, case, 1, desk.stick),
            lambda: outbound.write_bundle(station, desk.stick, TODAY),
        ):
            with pytest.raises(DiskFullError):
                act()  # type: ignore[no-untyped-call]
        counts = [station.vault.value(f"SELECT count(*) FROM {t}") for t in ("replies", "notes", "outbox")]
    assert counts == [0, 0, 0]
    assert sorted(desk.stick.iterdir()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE log SET actor = 'r3' WHERE number = 2",
        "DELETE FROM log WHERE number = 4",
        "INSERT OR REPLACE INTO log SELECT * FROM log WHERE number = 2",
        "INSERT INTO log SELECT 9, day, actor, act, subject, hash FROM log WHERE number = 2",
    ],
)
def test_it_is_only_added_to(unlocked: Unlock, sql: str) -> None:
    with unlocked("r1") as station:
        before = told(station)
        with pytest.raises(VaultDamagedError):
            station.vault.rows(sql)
        assert told(station) == before


def test_whoever_drops_the_triggers_breaks_the_chain(unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        noted = head(station)
        station.vault.rows("DROP TRIGGER log_stays")
        station.vault.rows("UPDATE log SET actor = 'r3' WHERE number = 2")
        with pytest.raises(LogBrokenError) as broken:
            verified(station)
        assert broken.value.details == {"number": 2}
        station.vault.rows("DROP TRIGGER log_is_kept")
        station.vault.rows("DELETE FROM log WHERE number > 1")
        assert verified(station).count == 1, "a chain that was cut is whole"
        with pytest.raises(LogCutError):
            verified(station, noted)


def test_an_opening_without_its_entry_is_noticed(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        station.vault.rows("DROP TRIGGER log_stays")
        station.vault.rows("UPDATE log SET subject = 'x' WHERE number = (SELECT max(number) FROM log)")
        with pytest.raises(VaultDamagedError):
            in_case(station, number)


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return dict(json.loads(capsys.readouterr().out))


def test_a_vault_copied_back_is_noticed_by_what_was_noted(
    desk: Desk, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault, old = Layout(desk.folder).vault, tmp_path / "old"
    shutil.copy(vault, old)
    first = str(ask(capsys, "log", *desk.as_("r1"))["note"])
    ask(capsys, "note", str(number), "--text", "catatan", *desk.as_("r1"))
    later = ask(capsys, "log", "--since", first, *desk.as_("r1"))
    assert later["since"] == 1
    shutil.copy(old, vault)
    assert main(["log", *desk.as_("r1")]) == 0, "by itself the shorter log is whole"
    capsys.readouterr()
    assert main(["log", "--since", str(later["note"]), *desk.as_("r1")]) == 1
    captured = capsys.readouterr()
    assert "copied back from a time before them" in captured.err
    assert captured.out == ""
    assert main(["log", "--since", first, *desk.as_("r1")]) == 0


def test_the_command(desk: Desk, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    export = desk.stick / "log.jsonl"
    assert main(["log", "--export", str(export), *desk.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert f"{TODAY}  r1  case {number}: filed message 2" in shown
    assert "The log is whole: 8 entries." in shown
    with export.open("rb") as file:
        found = chained_log.verify(file)
    assert (found.kind, found.office, found.count) == (chained_log.STATION, OFFICE, 8)
    assert shown.endswith(f"  8, {chained_log.note(found.head)}\n")
    assert str(number).encode() not in re.sub(rb'"(hash|subject|head)":"[^"]*"', b"", export.read_bytes())
    assert main(["log", "--export", str(export), *desk.as_("r1")]) == 1
    assert "is there already" in capsys.readouterr().err

    of_case = ask(capsys, "log", "--case", str(number), *desk.as_("r3"))
    assert [entry["in_case"] for entry in of_case["entries"]] == ["begun", "filed", "filed"]  # type: ignore[attr-defined]
    assert main(["log", "--case", str(number), *desk.as_("r2")]) == 1
    capsys.readouterr()
    assert main(["log", "--last", "2", *desk.as_("r2")]) == 0
    shown = capsys.readouterr().out
    assert shown.count("a case that you cannot read") == 2
    assert str(number) not in shown.replace(head_line(shown), "")
    assert main(["log", "--since", "12345", *desk.as_("r1")]) == 2


def head_line(shown: str) -> str:
    return shown.rstrip().rpartition("\n")[2]


def test_opening_what_a_colleague_imported(desk: Desk, unlocked: Unlock) -> None:
    """An item that only r3 can open is filed by r3."""
    with unlocked("r2") as station:
        import_bundle(station, desk.deliver(1, [desk.reporter().report(excluded=["r2"])]))
        assert told(station)[-1] == ("r2", "bundle-imported", "1")
    with unlocked("r3") as station:
        with station.vault.transaction():
            (number,) = open_sealed(station).cases
        assert [(actor, act) for actor, act, *_ in in_case(station, number)] == [
            ("r3", "begun"), ("r3", "filed"),
        ]  # fmt: skip
