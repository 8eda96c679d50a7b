"""A reviewer whom a reporter excludes has no way to the case: by keys, not by flags."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.secret import SecretBox

from crypto.codename import thread_id
from crypto.errors import ProtocolError
from crypto.item import read_shape
from crypto.open.item import open_item
from tests.workstation.office import TODAY, Desk, Reporter
from workstation import cases, replies, thread
from workstation.cli import main
from workstation.errors import NoSuchCaseError
from workstation.inbox import import_bundle
from workstation.opening import open_sealed, problems
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
SECRET = "nama bendahara yang sangat rahasia"


def tables(station: Station) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for (table,) in station.vault.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in station.vault.rows(f"SELECT * FROM {table}"):
            yield table, row


def secrets_of(station: Station) -> list[bytes]:
    keys = station.keys
    return [keys.vault, bytes(keys.box), bytes(keys.sign), *keys.epochs.values()]


def test_an_excluded_reviewer_cannot_read_anything(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"isi bukti", name="daftar-rahasia.pdf", excluded=["r2"])
    items = [reporter.report(SECRET, ["r2"]), item]
    with unlocked("r1") as station:
        done = import_bundle(station, desk.deliver(1, items, [(blob_id, blob)]))
        (number,) = done.opened.cases
        replies.reply(station, cases.find(station, number), "jawaban rahasia", TODAY)

    with unlocked("r2") as station:
        assert open_sealed(station).messages == 0
        assert list(cases.readable(station)) == []
        with pytest.raises(NoSuchCaseError):
            cases.find(station, number)
        clear = [SECRET, "daftar-rahasia", "jawaban rahasia"]
        values = [
            (table, value)
            for table, row in tables(station)
            for value in row
            if isinstance(value, bytes | str)
        ]
        for table, value in values:
            raw = value.encode() if isinstance(value, str) else value
            for needle in clear:
                assert needle.encode() not in raw, table
            assert reporter.keys.verify not in raw
            for key in secrets_of(station):
                with pytest.raises((CryptoError, ValueError)):
                    SecretBox(key).decrypt(raw)
            with pytest.raises((CryptoError, ValueError)):
                SealedBox(station.keys.box).decrypt(raw)
        readers = station.vault.rows('SELECT reviewer FROM readers WHERE "case" = ?', number)
        assert sorted(reader for (reader,) in readers) == ["r1", "r3"]

    with unlocked("r3") as station:
        assert [case.number for case in cases.readable(station)] == [number]


def test_what_waits_for_others_does_not_open_either(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r2") as station:
        done = import_bundle(station, desk.deliver(1, [desk.reporter().report(SECRET, ["r2"])]))
        assert done.opened.messages == 0
        assert [problem.kind for problem in problems(station)] == ["waiting"]
        ((untrusted_item,),) = station.vault.rows("SELECT item FROM sealed")
        epoch = read_shape(untrusted_item).epoch
        key = station.keys.epoch_key(epoch)
        assert key is not None
        with pytest.raises(ProtocolError):
            open_item(untrusted_item, key, station.context(desk.reporter().channel))
    with unlocked("r1") as station, station.vault.transaction():
        assert open_sealed(station).messages == 1


def test_a_later_exclusion_closes_the_whole_case(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r2") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report(SECRET)])).opened.cases
        case = cases.find(station, number)
        replies.reply(station, case, "sudah diterima", TODAY)
        old_key = case.key
        old_rows = [row for _, row in tables(station)]
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(2, [reporter.text("r2 terlibat", excluded=["r2"])]))
        case = cases.find(station, number)
        assert case.head.excluded == ("r2",)
        assert len(thread.messages(station, case)) == 2
        assert [sent.body.text for sent in thread.replies(station, case)] == ["sudah diterima"]
        assert case.key.secret != old_key.secret
    with unlocked("r2") as station:
        assert list(cases.readable(station)) == []
        now = [row for _, row in tables(station)]
        sealed = {v for row in old_rows for v in row if isinstance(v, bytes) and len(v) > 500}
        kept = {v for row in now for v in row if isinstance(v, bytes)}
        outbox = {v for (v,) in station.vault.rows("SELECT slot FROM outbox")}
        archives = {v for (v,) in station.vault.rows("SELECT archive FROM outbound")}
        assert sealed & kept <= outbox | archives  # nothing that the old key opens is left


def test_access_is_never_widened(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report(SECRET, ["r2"])])).opened.cases
    with unlocked("r2") as station:
        done = import_bundle(station, desk.deliver(2, [reporter.text("lupa mencentang")]))
        assert done.opened.messages == 0  # it opens for r2, but its case is not r2's
        assert [problem.kind for problem in problems(station)] == ["waiting"]
    with unlocked("r3") as station, station.vault.transaction():
        assert open_sealed(station).cases == {number}
    with unlocked("r2") as station:
        assert list(cases.readable(station)) == []


def test_a_follow_up_that_came_first_is_closed_when_the_report_opens(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    report, follow_up = reporter.report(SECRET, ["r2"]), reporter.text("tanpa pengecualian")
    with unlocked("r2") as station:
        assert import_bundle(station, desk.deliver(1, [report, follow_up])).opened.messages == 1
        assert len(list(cases.readable(station))) == 1
    with unlocked("r3") as station:
        with station.vault.transaction():
            open_sealed(station)
        (case,) = cases.readable(station)
        assert len(thread.messages(station, case)) == 2
    with unlocked("r2") as station:
        assert list(cases.readable(station)) == []


def test_one_import_with_report_and_follow_up(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    items = [reporter.text("mula-mula"), reporter.report(SECRET, ["r3"])]
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, items))
        assert thread_id(reporter.keys.verify) == station.vault.value("SELECT thread FROM cases")
        readers = station.vault.rows("SELECT reviewer FROM readers ORDER BY reviewer")
        assert [reader for (reader,) in readers] == ["r1", "r2"]


def test_the_commands_tell_an_excluded_reviewer_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.deliver(1, [Reporter(desk.directory).report(SECRET, ["r2"])])
    assert main(["import", str(path), "--json", *desk.as_("r1")]) == 0
    (number,) = json.loads(capsys.readouterr().out)["bundles"][0]["cases"]
    assert main(["cases", "--json", *desk.as_("r2")]) == 0
    assert json.loads(capsys.readouterr().out) == {"cases": [], "sealed": []}
    absent = number + 1 if number < 9_999 else number - 1
    answers = []
    for asked in (number, absent):
        for words in (["show", str(asked)], ["reply", str(asked), "--text", "x"]):
            assert main([*words, *desk.as_("r2")]) == 1
            captured = capsys.readouterr()
            answers.append(captured.err.replace(str(asked), "N") + captured.out)
    assert len(set(answers)) == 1
