"""R20, R8. Figures from real cases: whose they are, what stays of an erased one, and their files."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crypto.message import Rating, Report
from tests.workstation.office import TODAY, Desk
from tests.workstation.test_reviewers import file_cases
from workstation import cases, erasing
from workstation.casework import moving
from workstation.casework.course import Move
from workstation.cli import main
from workstation.inbox import import_bundle
from workstation.recap import counting, periods, register
from workstation.review import classifying
from workstation.review.classification import Classification
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
YEAR = periods.year_of(TODAY)


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """The JSON document of a command that succeeds."""
    assert main([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def with_colleague(desk: Desk, colleague: str) -> list[str]:
    return ["--with", colleague, "--passphrase-file", f"{colleague}={desk.passphrase_file(colleague)}"]


def test_figures_are_of_the_cases_that_one_can_read_and_together_each_counts_once(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    """r2, whom two reports exclude, is told nothing of them: not a number, not a word."""
    file_cases(desk, unlocked, [], [], ["r2"], ["r2", "r3"])
    assert ask(capsys, "recap", *desk.as_("r1"))["total"] == 4
    alone = ask(capsys, "recap", *desk.as_("r2"))
    assert (alone["total"], alone["reviewers"]) == (2, ["r2"])
    assert main(["recap", *desk.as_("r2")]) == 0
    assert "From the cases that r2 can read" in capsys.readouterr().out
    together = ask(capsys, "recap", *desk.as_("r2"), *with_colleague(desk, "r3"))
    assert (together["total"], together["reviewers"]) == (3, ["r2", "r3"])
    assert ask(capsys, "recap", *desk.as_("r2"), *with_colleague(desk, "r1"))["total"] == 4
    assert main(["recap", *desk.as_("r2"), *with_colleague(desk, "r2")]) == 2
    assert len(ask(capsys, "register", *desk.as_("r2"))["lines"]) == 2  # type: ignore[arg-type]


def test_a_case_in_the_register(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (number,) = file_cases(desk, unlocked, [])
    with unlocked("r1") as station:
        case = cases.find(station, number)
        wanted = Classification("aduan", "integrity", "pungli")
        case = classifying.classify(station, case, wanted, TODAY).case
        moving.move(station, case, Move("verification"), TODAY)
    (line,) = ask(capsys, "register", *desk.as_("r1"))["lines"]  # type: ignore[misc]
    assert {name: line[name] for name in ("agenda", "case", "arrived", "category", "stage", "result")} == {
        "agenda": 1,
        "case": number,
        "arrived": TODAY,
        "category": "pungli",
        "stage": "verification",
        "result": "open",
    }
    assert line["timeliness"] == "not-due" and line["due"] > TODAY and line["working_days"] is None
    assert "stars" not in line
    paths = [tmp_path / f"r.{ending}" for ending in ("csv", "html", "pdf")]
    write = [word for path in paths for word in ("--write", str(path))]
    assert main(["register", *desk.as_("r1"), *write, "--bom", "--lang", "id"]) == 0
    assert f"Kasus: {number}" in capsys.readouterr().out
    head, row = csv.reader(io.StringIO(paths[0].read_text("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Kategori"].startswith("Pungutan liar")
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    page = paths[1].read_text()
    assert '<html lang="id">' in page and f">{number}</td>" in page
    assert paths[2].read_bytes().startswith(b"%PDF")
    for path in paths:  # neither the report's words, nor a time of the day
        assert b"uang perjalanan" not in path.read_bytes() and b"laporan 0" not in path.read_bytes()
    assert main(["register", *desk.as_("r1"), "--write", str(paths[0])]) == 1  # nothing is overwritten
    assert main(["register", *desk.as_("r1"), "--write", str(tmp_path / "r.xls")]) == 2
    assert main(["register", *desk.as_("r1"), "--period", "2026-07"]) == 2


def test_only_counts_stay_of_an_erased_case_and_only_for_who_could_read_it(
    desk: Desk, unlocked: Unlock
) -> None:
    first, second = sorted(file_cases(desk, unlocked, [], ["r2"]))
    with unlocked("r1") as station:
        hidden = {case.number for case in cases.readable(station)}
    with unlocked("r2") as station:
        (seen,) = (case.number for case in cases.readable(station))
    (hidden_from_r2,) = hidden - {seen}
    assert {seen, hidden_from_r2} == {first, second}
    for number in (first, second):
        with unlocked("r1") as station:
            before = counting.recap(register.of([station], TODAY))
            erasing.erase(station, cases.find(station, number), "retention")
        with unlocked("r1") as station:
            after = counting.recap(register.of([station], TODAY).within(YEAR))
            assert (after.total, before.total) == (2, 2)
            assert after.by["kind"] == before.by["kind"]
    with unlocked("r1") as station, unlocked_as(station, desk, "r3") as third:
        assert after.by["result"] == {"erased": 2} and after.erased == 2 and not after.stages
        assert len(register.of([station, third], TODAY).erased) == 2
        rows = station.vault.rows("SELECT sealed FROM tallies")
        assert len(rows) == 3 + 2  # one for each reader of each case
        assert len({len(sealed) for (sealed,) in rows}) == 1
    with unlocked("r2") as station:
        assert len(register.of([station], TODAY).erased) == 1


def unlocked_as(station: Station, desk: Desk, reviewer: str) -> AbstractContextManager[Station]:
    from contextlib import nullcontext

    passphrase = desk.passphrase_file(reviewer).read_text().strip()
    return nullcontext(register.colleague(station, reviewer, passphrase))


def test_ratings_are_counted_together_from_five_on(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    reporters = [desk.reporter() for _ in range(5)]
    with unlocked("r1") as station:
        items = [reporter.seal(Report({"what": "x", "who": "y"})) for reporter in reporters]
        ratings = [reporter.seal(Rating(1, 4, "")) for reporter in reporters[:4]]
        import_bundle(station, desk.deliver(1, items + ratings))
    assert ask(capsys, "recap", *desk.as_("r1"))["ratings"] is None
    with unlocked("r1") as station:
        changed = [reporters[0].seal(Rating(1, 1, "")), reporters[4].seal(Rating(1, 5, ""))]
        import_bundle(station, desk.deliver(2, changed))
    assert ask(capsys, "recap", *desk.as_("r1"))["ratings"] == {"count": 5, "mean": 3.6}
