"""Reviewers who join and leave: the directory, the cases, the vault's key, and exclusions that hold."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.fields import ChannelId, ReviewerId
from tests.workstation.ceremonies import R1, R2, R3, R4, directory, newcomer, renew
from tests.workstation.office import ADUAN, PASSPHRASE, TODAY, Desk, Reporter, snapshot
from workstation import cases, replies, thread
from workstation.caselock import unwrap
from workstation.cli import main
from workstation.errors import (
    BadPlanError,
    LeavingError,
    LossesError,
    UnknownReviewerError,
    VaultDamagedError,
    WeakPassphraseError,
)
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.opening import open_sealed, problems
from workstation.staffing import Newcomer, Staffing
from workstation.station import Station
from workstation.vault import Vault

Unlock = Callable[[str], AbstractContextManager[Station]]


def file_cases(desk: Desk, unlocked: Unlock, *excluded: list[str]) -> list[int]:
    """One case for each list of excluded reviewers, filed by whoever is left in; the cases' numbers."""
    items = [desk.reporter().report(f"laporan {n}", out) for n, out in enumerate(excluded)]
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, items))
    for reviewer in ("r1", "r2", "r3"):
        with unlocked(reviewer) as station, station.vault.transaction():
            open_sealed(station)
    with unlocked("r1") as station:
        assert not station.vault.rows("SELECT 1 FROM sealed")
        return [number for (number,) in station.vault.rows("SELECT number FROM cases")]


def read_by(unlocked: Unlock, reviewer: str) -> dict[int, str]:
    """What a reviewer reads: the first answer of each case."""
    found = {}
    with unlocked(reviewer) as station:
        for case in cases.readable(station):
            (entry,) = thread.messages(station, case)
            found[case.number] = entry.message.content.answers["what"]  # type: ignore[union-attr]
    return found


def test_a_newcomer_gets_what_the_one_who_adds_may_read(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r2"], ["r1"])
    renewed = renew(desk, R1, Staffing(joins=newcomer()))
    assert renewed.resealed.given == 2
    assert set(read_by(unlocked, "r4").values()) == {"laporan 0", "laporan 1"}
    assert set(read_by(unlocked, "r2").values()) == {"laporan 0", "laporan 2"}
    assert set(read_by(unlocked, "r3").values()) == {"laporan 0", "laporan 1", "laporan 2"}
    new = renewed.directory
    assert all(R4 in channel.recipients for channel in new.office.channels)
    assert all(set(keys) == {R1, R2, R3, R4} for keys in new.epochs.values())
    for week, keys in desk.directory.epochs.items():
        assert {r: new.epochs[week][r] for r in keys} == keys


def test_a_newcomer_opens_what_comes_next(desk: Desk, unlocked: Unlock) -> None:
    new = renew(desk, R1, Staffing(joins=newcomer())).directory
    with unlocked("r4") as station:
        done = import_bundle(station, desk.deliver(1, [Reporter(new).report("baru", ["r1", "r2"])]))
        assert done.opened.messages == 1
    assert read_by(unlocked, "r1") == read_by(unlocked, "r2") == {}
    assert set(read_by(unlocked, "r3").values()) == {"baru"}


def test_a_newcomer_reads_only_the_channels_named(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [])
    other = ChannelId("aspirasi")
    new = renew(desk, R1, Staffing(joins=newcomer(reads=(other,)))).directory
    assert {c.id for c in new.office.channels if R4 in c.recipients} == {other}
    assert read_by(unlocked, "r4") == {}
    reporter = Reporter(new, other)
    with unlocked("r4") as station:
        done = import_bundle(station, desk.deliver(2, [reporter.report("usul")], channel=other))
        assert done.opened.messages == 1


def test_who_leaves_has_no_way_in_any_more(desk: Desk, unlocked: Unlock) -> None:
    (number,) = file_cases(desk, unlocked, [])
    layout = Layout(desk.folder)
    with unlocked("r3") as station:
        theirs = station.keys
        old_key = cases.find(station, number).key
    renewed = renew(desk, R1, Staffing(leaves=R3))
    assert renewed.resealed.locked == 1
    assert not layout.reviewer_key(R3).exists()
    with pytest.raises(UnknownReviewerError), unlocked("r3"):
        pass
    with pytest.raises(VaultDamagedError):
        Vault(layout.vault, theirs.vault)
    new = renewed.directory
    assert all(R3 not in c.recipients for c in new.office.channels)
    assert all(set(keys) == {R1, R2} for keys in new.epochs.values())
    for reviewer in ("r1", "r2"):
        assert set(read_by(unlocked, reviewer).values()) == {"laporan 0"}
        with unlocked(reviewer) as station:
            assert station.keys.vault != theirs.vault
            assert set(station.roster.boxes) == {R1, R2}
            assert cases.find(station, number).key != old_key
            readers = station.vault.rows("SELECT reviewer, wrapped FROM readers")
            assert sorted(reviewer for reviewer, _ in readers) == ["r1", "r2"]
            for _, wrapped in readers:
                with pytest.raises(VaultDamagedError):
                    unwrap(number, wrapped, theirs.box)


def test_a_leaver_keeps_the_key_of_a_case_that_excluded_who_removes_them_but_not_the_vaults(
    desk: Desk, unlocked: Unlock
) -> None:
    (number,) = file_cases(desk, unlocked, ["r1"])
    renew(desk, R1, Staffing(leaves=R3))
    assert read_by(unlocked, "r1") == {}
    assert set(read_by(unlocked, "r2").values()) == {"laporan 0"}
    with unlocked("r2") as station:
        assert station.vault.rows("SELECT reviewer FROM readers") == [("r2",)]
        assert cases.find(station, number)


def test_follow_ups_and_replies_go_on_after_a_change(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r2") as station:
        import_bundle(station, desk.deliver(1, [reporter.report("awal")]))
    renew(desk, R1, Staffing(leaves=R3, joins=newcomer()))
    reporter_now = Reporter(directory(desk), keys=reporter.keys, order=reporter.order)
    with unlocked("r4") as station:
        done = import_bundle(station, desk.deliver(2, [reporter_now.text("lanjutan")]))
        (number,) = done.opened.cases
        assert not done.opened.new_cases
        case = cases.find(station, number)
        assert case.head.messages == 2
        replies.reply(station, case, "jawaban", TODAY)
    with unlocked("r2") as station:
        assert cases.find(station, number).head.replies == 1


def test_what_was_on_its_way_when_somebody_left_still_opens(desk: Desk, unlocked: Unlock) -> None:
    """It names, and may exclude, a reviewer whom the directory of today does not know."""
    items = [desk.reporter().report("satu", ["r3"]), desk.reporter().report("dua", ["r1"])]
    renew(desk, R1, Staffing(leaves=R3, joins=newcomer()))
    with unlocked("r1") as station:
        assert import_bundle(station, desk.deliver(1, items)).opened.messages == 1
        assert [problem.kind for problem in problems(station)] == ["waiting"]
    with unlocked("r2") as station, station.vault.transaction():
        assert open_sealed(station).messages == 1
    assert set(read_by(unlocked, "r1").values()) == {"satu"}
    assert set(read_by(unlocked, "r2").values()) == {"satu", "dua"}


def test_a_replacement_reads_what_the_replaced_one_read(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r3"], ["r1"])
    renewed = renew(desk, R1, Staffing(leaves=R3, joins=newcomer()))
    assert (renewed.resealed.given, renewed.resealed.locked) == (1, 1)
    assert set(read_by(unlocked, "r4").values()) == {"laporan 0"}
    assert set(read_by(unlocked, "r2").values()) == {"laporan 0", "laporan 1", "laporan 2"}


def test_someone_hands_over_to_their_own_successor(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, [], ["r1", "r2"])
    renewed = renew(desk, R3, Staffing(leaves=R3, joins=newcomer()))
    assert (renewed.resealed.given, renewed.resealed.locked) == (2, 2)
    assert set(read_by(unlocked, "r4").values()) == {"laporan 0", "laporan 1"}
    assert renewed.bundles[0].number == 2


def test_cases_of_one_alone_are_not_lost_unasked(desk: Desk, unlocked: Unlock) -> None:
    file_cases(desk, unlocked, ["r1", "r2"], [])
    before = snapshot(desk.folder)
    with pytest.raises(LossesError) as caught:
        renew(desk, R1, Staffing(leaves=R3))
    assert caught.value.details == {"reviewer": R3, "cases": 1, "items": 0}
    assert snapshot(desk.folder) == before
    renew(desk, R1, Staffing(leaves=R3), even_if_lost=True)
    with unlocked("r2") as station:
        assert station.vault.value("SELECT count(*) FROM cases") == 1
        assert station.vault.value("SELECT count(*) FROM messages") == 1


def test_items_that_only_the_leaver_could_open_are_not_lost_unasked(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [desk.reporter().report(excluded=["r1", "r2"])]))
    with pytest.raises(LossesError) as caught:
        renew(desk, R1, Staffing(leaves=R3))
    assert caught.value.details == {"reviewer": R3, "cases": 0, "items": 1}


@pytest.mark.parametrize(
    ("actor", "change", "error"),
    [
        (R1, Staffing(leaves=ReviewerId("r9")), UnknownReviewerError),
        (R1, Staffing(leaves=R1), LeavingError),
        (R1, Staffing(joins=newcomer(R2)), BadPlanError),
        (R1, Staffing(joins=newcomer(ReviewerId("office"))), BadPlanError),
        (R1, Staffing(joins=newcomer(ReviewerId("R5"))), BadPlanError),
        (R1, Staffing(joins=newcomer(reads=(ChannelId("nothing"),))), BadPlanError),
        (R1, Staffing(joins=Newcomer(R4, {"en": "", "id": ""}, PASSPHRASE)), BadPlanError),
        (R1, Staffing(joins=Newcomer(R4, {"en": "A", "id": "B"}, "short")), WeakPassphraseError),
    ],
)
def test_refusals_change_nothing(
    desk: Desk, actor: ReviewerId, change: Staffing, error: type[Exception]
) -> None:
    before = snapshot(desk.folder)
    with pytest.raises(error):
        renew(desk, actor, change)
    assert snapshot(desk.folder) == before


def test_an_id_is_never_used_twice(desk: Desk) -> None:
    renew(desk, R1, Staffing(leaves=R3))
    with pytest.raises(BadPlanError, match="used before"):
        renew(desk, R1, Staffing(joins=newcomer(R3)))


def test_the_last_reader_of_a_channel_stays(desk: Desk) -> None:
    renew(desk, R1, Staffing(leaves=R3))
    renew(desk, R1, Staffing(leaves=R2))
    with pytest.raises(LeavingError):
        renew(desk, R1, Staffing(leaves=R1))
    renew(desk, R1, Staffing(leaves=R1, joins=newcomer()))
    assert Layout(desk.folder).reviewer_ids() == [R4]


def test_on_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.passphrase_file("r4").write_text(PASSPHRASE.format("r4"))
    desk.passphrase_file("r5").write_text(PASSPHRASE.format("r5"))
    more = [
        word
        for owner in ("office", "r4", "r5")
        for word in ("--passphrase-file", f"{owner}={desk.passphrase_file(owner)}")
    ]
    common = ["--to", str(desk.stick), *desk.as_("r1"), *more, "--json"]
    assert main(["reviewer", "add", "r4=Auditor/Auditor", "--reads", str(ADUAN), *common]) == 0
    assert json.loads(capsys.readouterr().out)["reviewers"] == ["r1", "r2", "r3", "r4"]
    assert main(["reviewer", "remove", "r2", *common]) == 0
    assert json.loads(capsys.readouterr().out)["reviewers"] == ["r1", "r3", "r4"]
    assert main(["reviewer", "replace", "r3", "r5=Irban/Assistant", *common]) == 0
    assert json.loads(capsys.readouterr().out)["reviewers"] == ["r1", "r4", "r5"]
    assert main(["cases", *desk.as_("r5")]) == 0
    assert main(["reviewer", "remove", "r1", *common]) == 2
    assert "themselves" in capsys.readouterr().err
