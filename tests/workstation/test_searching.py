"""The search in the words of cases, and that nobody finds what they must not read."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.message import Report
from tests.workstation.office import ADUAN, TODAY, Desk
from workstation import cases, erasing, notes, replies
from workstation.cli import main
from workstation.errors import VaultDamagedError
from workstation.inbox import import_bundle
from workstation.searching import Finder
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def found(station: Station, wanted: str, finder: Finder | None = None) -> list[int]:
    result = (finder or Finder()).find(station, list(cases.readable(station)), wanted)
    return [case.number for case in result]


def test_words_are_found_wherever_they_were_said(desk: Desk, unlocked: Unlock) -> None:
    reporter, other = desk.reporter(), desk.reporter()
    item, name, blob = reporter.evidence(b"isi", "Kuitansi-12.jpg")
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [reporter.report("Uang perjalanan"), item], [(name, blob)]))
        (number,) = [case.number for case in cases.readable(station)]
        import_bundle(
            station, desk.deliver(2, [reporter.text("cafe\u0301 \ufb01ktif"), other.report("lain")])
        )
        for wanted in ("UANG", "jalan bendahara", "kuitansi", "caf\u00e9 FIKTIF", str(number)):
            assert found(station, wanted) == [number], wanted
        assert found(station, "uang lain") == found(station, str(number)[:3]) == []
        assert len(found(station, " ")) == 2
        finder = Finder()
        assert found(station, "lampirkan", finder) == []
        replies.reply(station, cases.find(station, number), "Mohon lampirkan bukti", TODAY)
        assert found(station, "lampirkan bukti", finder) == [number]
        notes.add(station, cases.find(station, number), "cek ke bagian keuangan", TODAY)
        assert found(station, "keuangan", finder) == [number]


def test_a_choice_is_found_by_its_title_in_every_language(desk: Desk, unlocked: Unlock) -> None:
    channel = desk.directory.office.channel(ADUAN)
    assert channel is not None
    form = desk.directory.office.form(channel.form)
    assert form is not None
    field = next(field for field in form.fields if field.choices)
    report = desk.reporter().seal(Report({field.id: field.choices[0].id, "what": "kata"}))
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [report])).opened.cases
        for title in field.choices[0].titles.values():
            assert found(station, title) == [number]


def test_a_long_thread_takes_several_rows(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    texts = [" ".join(f"kata{n}x{i}" for i in range(1_000)) for n in range(4)]
    with unlocked("r1") as station:
        items = [reporter.report(), *(reporter.text(text) for text in texts)]
        (number,) = import_bundle(station, desk.deliver(1, items)).opened.cases
        rows = station.vault.rows("SELECT number, length(words) FROM words")
        assert len(rows) == 2
        assert all(size < 80_000 for _, size in rows)
        assert found(station, "kata0x0 kata1x500 kata3x999 bendahara") == [number]


def test_who_is_excluded_later_finds_nothing_any_more(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        old = cases.find(station, number)
        assert found(station, "bendahara") == [number]
    with unlocked("r2") as station:
        import_bundle(station, desk.deliver(2, [reporter.text("rahasia", ["r1"])]))
        assert found(station, "bendahara rahasia") == [number]
    with unlocked("r1") as station:
        assert found(station, "") == []
        ((row, sealed),) = station.vault.rows("SELECT number, words FROM words")
        with pytest.raises(VaultDamagedError):
            old.key.open(sealed, *cases.place(b"words", row))


def test_the_words_of_an_erased_case_are_gone(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
        erasing.erase(station, cases.find(station, number), "rubbish")
    with unlocked("r1") as station:
        assert station.vault.rows("SELECT 1 FROM words") == []


def test_on_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = desk.deliver(1, [desk.reporter().report("satu"), desk.reporter().report("dua")])
    assert main(["import", str(bundle), *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["search", "BENDAHARA", "satu", *desk.as_("r1"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["all"], len(answer["cases"])) == (2, 1)
    assert main(["search", "bendahara", *desk.as_("r2")]) == 0
    assert capsys.readouterr().out.startswith("2 cases of 2.\n\nCase")
    assert main(["search", "tiga", *desk.as_("r1")]) == 0
    assert capsys.readouterr().out == "0 cases of 2.\n"
