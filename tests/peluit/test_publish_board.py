"""`peluit publish-board`, and how often `peluit serve journalist` does the same."""

import os
import sys
from pathlib import Path

import pytest

from crypto.board import read_index
from crypto.fields import Day
from peluit import cli
from peluit.commands import options
from store import keyfile
from store.board import Board
from store.layout import Layout
from store.reader import open_inbox
from store.slots import Slots
from store.staff import open_staff
from store.staff.account import SERVER
from tests.peluit.running import PELUIT, refusal, run
from tests.store.installation import install, random_slots


def test_what_was_imported_is_shown(tmp_path: Path) -> None:
    layout = install(Layout(tmp_path / "server")).layout
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    these = random_slots(48)
    Slots(database).add(these, Day("2099-01-01"))
    database.close()
    orders = []
    for _ in range(2):
        done = run(PELUIT, "publish-board", layout.root)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        _version, hints = read_index(Board(layout.board).index().read_bytes())
        assert set(hints) == {slot.hint for slot in these}
        orders.append(hints)
    assert orders[0] != orders[1]
    staff = open_staff(layout)
    entries = [entry for entry, _ in staff.log.entries(SERVER)]
    staff.close()
    assert [(entry.actor, entry.act) for entry in entries] == [("(console)", "board-published")] * 2


def test_publishing_needs_a_server(tmp_path: Path) -> None:
    assert "holds no server's data" in refusal("publish-board", tmp_path)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1m", 60), ("90m", 5_400), ("24h", 86_400), ("6h", 21_600), ("1d", 86_400), ("7d", 604_800)],
)
def test_periods(text: str, seconds: int) -> None:
    assert options.period(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0h", "h", "5h", "25h", "7m", "-1h", "1.5h", "24", "24H", "1w", "\u0661h"]
)
def test_what_is_no_period(text: str) -> None:
    done = run(PELUIT, "serve", "journalist", "--folder", "x", "--bind", "y", f"--board-every={text}")
    assert done.returncode == 2
    assert "fits into a day" in done.stderr


def test_the_period_reaches_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = install(Layout(tmp_path / "server")).layout
    started = []
    monkeypatch.setattr(os, "execve", lambda *call: started.append(call))
    place = ("--folder", str(layout.root), "--bind", "127.0.0.1:1")
    cli.main(["serve", "journalist", *place, "--board-every", "6h"])
    cli.main(["serve", "journalist", *place])
    asked = "from journalist_app.wsgi import app; print(app.extensions['peluit'].schedule.every)"
    said = [run(sys.executable, "-c", asked, env=environment).stdout for _p, _l, environment in started]
    assert [int(every) for every in said] == [21_600, 86_400]
