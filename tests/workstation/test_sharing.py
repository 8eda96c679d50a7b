"""Cases handed to a newcomer later, and to nobody whom a reporter excluded."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.fields import ChannelId
from tests.workstation.ceremonies import R1, R2, R3, newcomer, renew
from tests.workstation.office import PASSPHRASE, Desk
from tests.workstation.test_reviewers import file_cases, read_by
from workstation import cases, sharing
from workstation.cli import main
from workstation.errors import (
    ExcludedFromCaseError,
    NoSuchCaseError,
    NotOfChannelError,
    UnknownReviewerError,
)
from workstation.inbox import import_bundle
from workstation.staffing import Staffing
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def readers(station: Station) -> list[tuple[object, ...]]:
    return station.vault.rows("SELECT * FROM readers ORDER BY 1, 2")


def numbers_of(unlocked: Unlock, reviewer: str) -> list[int]:
    with unlocked(reviewer) as station:
        return [case.number for case in cases.readable(station)]


def test_another_reviewer_hands_over_what_the_one_who_added_could_not(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r1"], ["r1", "r2"])
    renew(desk, R1, Staffing(joins=newcomer()))
    assert set(read_by(unlocked, "r4").values()) == {"laporan 0"}
    with unlocked("r2") as station:
        done = sharing.share_all(station, "r4")
        assert (len(done.given), len(done.already), done.kept) == (1, 1, ())
        before = readers(station)
        assert sharing.share_all(station, "r4").given == ()
        assert sharing.share(station, [*done.given, *done.already], "r4").given == ()
        assert readers(station) == before
    assert set(read_by(unlocked, "r4").values()) == {"laporan 0", "laporan 1"}
    assert set(read_by(unlocked, "r1").values()) == {"laporan 0"}
    with unlocked("r3") as station:
        assert len(sharing.share_all(station, "r4").given) == 1
    assert len(read_by(unlocked, "r4")) == 3


def test_whom_a_reporter_excluded_gets_nothing(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r2"])
    with unlocked("r1") as station:
        (number,) = [case.number for case in cases.readable(station) if R2 in case.head.excluded]
        before = readers(station)
        with pytest.raises(ExcludedFromCaseError):
            sharing.share(station, [case.number for case in cases.readable(station)], "r2")
        assert sharing.share_all(station, "r2").kept == (number,)
        assert readers(station) == before
    assert set(read_by(unlocked, "r2").values()) == {"laporan 0"}


def test_an_exclusion_that_a_colleague_imported_counts(desk: Desk, unlocked: Unlock) -> None:
    """r1 has not opened it yet when r1 shares."""
    reporter = desk.reporter()
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        station.vault.rows("DELETE FROM readers WHERE reviewer = 'r2'")
    with unlocked("r2") as station:  # for whom it is sealed, as r2 cannot open the case
        import_bundle(station, desk.deliver(2, [reporter.text("jangan r3", ["r3"])]))
        station.vault.rows("DELETE FROM readers WHERE reviewer = 'r3'")
    with unlocked("r1") as station:
        with pytest.raises(ExcludedFromCaseError):
            sharing.share(station, [number], "r3")
        assert sharing.share(station, [number], "r2").given == (number,)
    assert numbers_of(unlocked, "r2") == [number]


def test_who_does_not_read_the_channel_gets_nothing(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    renew(desk, R1, Staffing(joins=newcomer(reads=(ChannelId("aspirasi"),))))
    with unlocked("r1") as station:
        with pytest.raises(NotOfChannelError):
            sharing.share(station, [number], "r4")
        assert sharing.share_all(station, "r4").kept == (number,)
    assert read_by(unlocked, "r4") == {}


def test_who_left_gets_nothing(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    renew(desk, R1, Staffing(leaves=R3))
    with unlocked("r1") as station:
        with pytest.raises(UnknownReviewerError):
            sharing.share(station, [number], "r3")
        with pytest.raises(UnknownReviewerError):
            sharing.share_all(station, "r3")


def test_nobody_hands_on_what_they_cannot_read(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r1"])
    theirs = max(read_by(unlocked, "r2").items(), key=lambda case: case[1])[0]
    (ours,) = read_by(unlocked, "r1")
    with unlocked("r1") as station:
        station.vault.rows("DELETE FROM readers WHERE reviewer = 'r3'")
        before = readers(station)
        with pytest.raises(NoSuchCaseError):
            sharing.share(station, [ours, theirs], "r3")
        assert readers(station) == before


def test_on_the_command_line(desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]) -> None:
    file_cases(desk, unlocked, [], ["r1"])
    desk.passphrase_file("r4").write_text(PASSPHRASE.format("r4"))
    more = [f"--passphrase-file={owner}={desk.passphrase_file(owner)}" for owner in ("office", "r4")]
    add = ["reviewer", "add", "r4=Auditor/Auditor", "--to", str(desk.stick), *desk.as_("r1"), *more]
    assert main(add) == 0
    assert "r2, r3: hand over yours with peluit station share --all --with r4" in capsys.readouterr().out
    (known,) = read_by(unlocked, "r4")
    assert main(["share", str(known), "--with", "r4", *desk.as_("r2"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "already": [known],
        "given": [],
        "kept": [],
        "reviewer": "r4",
    }
    assert main(["share", "--all", "--with", "r4", *desk.as_("r2")]) == 0
    assert capsys.readouterr().out == "1 case given to r4.\n1 case they could read before.\n"
    assert len(read_by(unlocked, "r4")) == 2
    assert main(["share", "--all", "--with", "r9", *desk.as_("r2")]) == 2
    assert "has no reviewer r9" in capsys.readouterr().err
    for wrong in ([], [str(known), "--all"]):
        assert main(["share", *wrong, "--with", "r4", *desk.as_("r2")]) == 2
        assert "name cases, or --all" in capsys.readouterr().err
