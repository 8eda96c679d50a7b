"""Keys of past weeks go when they are due, and stay while anything may need them."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto import calendar
from crypto.fields import ChannelId, Day, Epoch
from tests.workstation.ceremonies import R1, renew
from tests.workstation.office import PASSPHRASE, TODAY, Desk, Reporter, snapshot
from workstation import destruction, identity
from workstation.cli import main
from workstation.errors import BadPlanError
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.opening import problems
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
FIRST = calendar.epoch_of(TODAY)
LAST_DAY = calendar.last_day(FIRST)
DUE = calendar.add_days(LAST_DAY, 61)
AFTER = calendar.add_days(LAST_DAY, 8)


def import_empty(desk: Desk, station: Station, number: int = 1, on: Day = AFTER) -> None:
    import_bundle(station, desk.deliver(number, [], on=on))


def destroy(station: Station, on: Day = DUE, even_if_missing: bool = False) -> destruction.Destroyed:
    return destruction.destroy(station, PASSPHRASE.format(station.reviewer), on, even_if_missing)


def test_due_sixty_days_after_the_end_of_the_week(unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        assert destruction.due(station, calendar.add_days(LAST_DAY, 60)) == []
        assert destruction.due(station, DUE) == [FIRST]
        destruction.set_keep_days(station, 10)
        assert destruction.due(station, calendar.add_days(LAST_DAY, 11)) == [FIRST]
    with unlocked("r2") as station:
        assert destruction.keep_days(station) == 10
        with pytest.raises(BadPlanError):
            destruction.set_keep_days(station, 6)


def test_a_destroyed_key_opens_nothing_and_is_nowhere(desk: Desk, unlocked: Unlock) -> None:
    path = Layout(desk.folder).reviewer_key(R1)
    with path.open("rb") as old, unlocked("r1") as station:
        import_empty(desk, station)
        done = destroy(station)
        assert (done.weeks, dict(done.kept)) == ((FIRST,), {})
        data = old.read()
        assert data == bytes(len(data)), "the old file is overwritten"
        assert data
    keys = identity.open_reviewer(path.read_bytes(), R1, PASSPHRASE.format(R1))
    assert set(keys.epochs) == {FIRST + 1, FIRST + 2}
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(2, [desk.reporter().report()]))
        assert [problem.kind for problem in problems(station)] == ["no-epoch-key"]
        assert destroy(station).weeks == ()
    with unlocked("r2") as station:
        assert FIRST in station.keys.epochs


@pytest.mark.parametrize(("days", "gone"), [(7, False), (8, True)])
def test_not_before_a_bundle_came_that_has_all_of_the_week(
    desk: Desk, unlocked: Unlock, days: int, gone: bool
) -> None:
    """The server takes items of a week for one more week."""
    before = snapshot(desk.folder / "reviewers")
    with unlocked("r1") as station:
        import_empty(desk, station, on=calendar.add_days(LAST_DAY, days))
        done = destroy(station)
    assert bool(done.weeks) is gone
    assert (snapshot(desk.folder / "reviewers") != before) is gone
    if not gone:
        assert "no bundle" in done.kept[FIRST]


def test_not_while_earlier_bundles_are_missing(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        import_empty(desk, station, 1, TODAY)
        import_empty(desk, station, 3)
        assert "not all here" in destroy(station).kept[FIRST]
        assert destroy(station, even_if_missing=True).weeks == (FIRST,)


def test_not_while_a_part_is_missing(desk: Desk, unlocked: Unlock) -> None:
    _, name, blob = desk.reporter().evidence(b"x" * 200_000)
    first, *_ = desk.deliver_parts(1, [], [(name, blob)])
    with unlocked("r1") as station:
        import_bundle(station, first)
        import_empty(desk, station, 2)
        assert "not all here" in destroy(station).kept[FIRST]


def test_not_while_an_item_may_still_open(desk: Desk, unlocked: Unlock) -> None:
    """A channel that the office's directory does not know yet."""
    file = desk.deliver(1, [desk.reporter().report()], on=AFTER, channel=ChannelId("saluran-baru"))
    with unlocked("r1") as station:
        import_bundle(station, file)
        assert "1 items" in destroy(station).kept[FIRST]


def test_what_opens_is_opened_first_and_rubbish_holds_up_nothing(desk: Desk, unlocked: Unlock) -> None:
    junk = bytearray(desk.reporter().report())
    junk[-1] ^= 1
    with unlocked("r2") as station:
        items = [desk.reporter().report(excluded=["r2"]), bytes(junk)]
        import_bundle(station, desk.deliver(1, items, on=AFTER))
        assert destroy(station).weeks == (FIRST,), "nothing of it opens for r2"
    with unlocked("r1") as station:
        assert destroy(station).weeks == (FIRST,)
        assert station.vault.value("SELECT count(*) FROM cases") == 1


def test_weeks_pile_up_and_go_together(desk: Desk, unlocked: Unlock) -> None:
    renew(desk, weeks=12)
    with unlocked("r1") as station:
        import_empty(desk, station, on=calendar.last_day(Epoch(FIRST + 5)))
        done = destroy(station, calendar.add_days(LAST_DAY, 61 + 5 * 7))
        assert done.weeks == tuple(FIRST + n for n in range(4))
        assert list(done.kept) == [FIRST + 4, FIRST + 5]
    item = Reporter(desk.directory).report()
    with unlocked("r1") as station:
        assert import_bundle(station, desk.deliver(2, [item])).opened.messages == 0


def test_on_the_command_line(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked("r1") as station:
        import_empty(desk, station, 1, calendar.add_days(TODAY, 1))
    monkeypatch.setattr(calendar, "today", lambda: DUE)
    assert main(["destroy-keys", *desk.as_("r1")]) == 1
    said = capsys.readouterr()
    assert "destroy-keys" in said.err
    assert "had to stay" in said.out
    with unlocked("r1") as station:
        import_empty(desk, station, 2, DUE)
    assert main(["destroy-keys", "--keep-days", "50", "--json", *desk.as_("r1")]) == 0
    gone = [LAST_DAY, calendar.last_day(Epoch(FIRST + 1))]
    assert json.loads(capsys.readouterr().out) == {"destroyed": gone, "keep_days": 50, "kept": {}}
    assert main(["cases", *desk.as_("r1")]) == 0
    assert "destroy-keys" not in capsys.readouterr().err
