"""What is pointed out in time, and not before."""

import re
from dataclasses import replace
from datetime import date

import pytest

from crypto import calendar
from journalist_app.changes import term
from store import space
from tests.journalist_app.conftest import NOON, Server, Visitor, signed_in
from tests.journalist_app.station import TODAY, slots_document

DAY = 86_400


def shown(page: str) -> dict[str, tuple[str, int]]:
    """Class and days of each notice by its name."""
    found = re.findall(r'<li class="(\w+)" data-notice="(\w+)" data-days="(-?\d+)">', page)
    return {name: (kind, int(days)) for kind, name, days in found}


def queue(server: Server, reviewer: Visitor, days: int = 0) -> dict[str, tuple[str, int]]:
    """The notices so many days from now."""
    server.clock.now = NOON + days * DAY
    if days:
        reviewer.sign_in()
    return shown(reviewer.get("/en/queue").text)


def long_keys(server: Server, reviewer: Visitor) -> None:
    """Publishes keys for 40 more days."""
    made = server.station.directory(2)
    keys = made.epochs[min(made.epochs)]
    first = min(made.epochs)
    epochs = {calendar.epoch_of(calendar.add_days(TODAY, 7 * week)): keys for week in range(7)}
    assert min(epochs) == first
    office = replace(made.office, expires=calendar.add_days(TODAY, 60))
    directory = replace(made, office=office, epochs=epochs)
    bundle = server.station.outbound(1, [*server.station.documents(directory), slots_document()])
    assert 'id="imported"' in reviewer.upload(bundle).text


def test_keys_that_run_out(reviewer: Visitor, server: Server) -> None:
    long_keys(server, reviewer)
    parts = server.parts()
    until = term(parts.directories.directory(server.station.office)).keys_until
    parts.close()
    assert queue(server, reviewer) == {}
    expected = {29: None, 28: "done", 15: "done", 14: "refusal", 0: "refusal", -1: "refusal"}
    for left, kind in expected.items():
        days = (date.fromisoformat(until) - date.fromisoformat(TODAY)).days - left
        found = queue(server, reviewer, days).get("keys")
        assert found == (None if kind is None else (kind, left)), left


def test_what_is_late_and_what_was_never_confirmed(reviewer: Visitor, server: Server) -> None:
    """It comes on a Monday: due on Thursday, late on Friday, and no later for the weekend."""
    server.add_item()
    for days, expected in {0: {}, 2: {}, 3: {"due": ("done", 0)}, 4: {"late": ("refusal", 1)}}.items():
        found = queue(server, reviewer, days)
        assert {name: found[name] for name in ("due", "late") if name in found} == expected, days
    assert queue(server, reviewer, 6)["late"] == ("refusal", 1)
    assert queue(server, reviewer, 7)["late"] == ("refusal", 2)
    reviewer.export()
    assert {"due", "late", "unconfirmed"}.isdisjoint(queue(server, reviewer, 20))
    assert queue(server, reviewer, 21)["unconfirmed"] == ("done", 14)


def test_a_full_disk_and_one_without_inodes(
    reviewer: Visitor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"disk", "inodes"}.isdisjoint(queue(server, reviewer))
    monkeypatch.setattr(space, "room", lambda _folder, _reserve: 0)
    monkeypatch.setattr(space, "has_inodes", lambda _folder: False)
    found = queue(server, reviewer)
    assert (found["disk"], found["inodes"]) == (("refusal", 0), ("refusal", 0))
    server.clock.now += 30
    assert {"disk", "inodes"} <= set(shown(signed_in(server, "opi").get("/en/system").text))


def test_a_board_that_is_not_published(reviewer: Visitor, server: Server) -> None:
    parts = server.parts()
    parts.board_day.write(TODAY)
    parts.close()
    assert "board" not in queue(server, reviewer)
    assert "board" not in queue(server, reviewer, 2)
    assert queue(server, reviewer, 3)["board"] == ("refusal", 2)


def test_operators_see_the_keys_of_each_office(server: Server) -> None:
    page = signed_in(server, "opi").get("/en/system").text
    assert page.count('<span class="warning"') == 2
