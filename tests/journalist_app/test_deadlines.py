"""Age against the deadline: what each role sees of it, and who sets it."""

import re

from crypto import calendar
from crypto.fields import Day
from store.deadline import LAPOR, Deadline
from tests.journalist_app.conftest import Server, Visitor, signed_in
from tests.journalist_app.station import TODAY

CAME = {0: "not counted yet", 3: "day 1 of 3", 5: "the last day", 6: "1 working day late"}
"""TODAY is a Monday. Days before it, and what is said of them: two are a weekend, on which no day counts."""


def ages(page: str) -> dict[str, str]:
    """What is said of each day."""
    found = re.findall(
        r'<time datetime="([^"]*)">[^<]*</time>\s*<span>[^<]*</span>.*?'
        r'<span class="due[^>]*>\s*([^<]*?)\s*</span></th>',
        page,
        re.DOTALL,
    )
    return dict(found)


def test_each_day_has_its_age(reviewer: Visitor, server: Server) -> None:
    for back in CAME:
        server.add_item(on=calendar.add_days(TODAY, -back))
    page = reviewer.get("/en/queue").text
    assert ages(page) == {calendar.add_days(TODAY, -back): said for back, said in CAME.items()}
    assert "may wait 3 working days" in page
    assert "terlambat 1 hari kerja" in reviewer.get("/id/queue").text


def test_the_late_are_one_link_away(reviewer: Visitor, server: Server) -> None:
    server.add_item(on=calendar.add_days(TODAY, -5))
    assert 'id="show-late"' not in reviewer.get("/en/queue").text
    for back in (0, 3, 6, 6, 40):
        server.add_item(on=calendar.add_days(TODAY, -back))
    found = re.search(r'id="show-late" href="([^"]*)">([^<]*)<', reviewer.get("/en/queue").text)
    assert found
    assert found[2] == "Show the 3 that are late"
    shown = reviewer.get(found[1]).text
    assert shown.count('<tr class="thing">') == 3
    assert all("late" in said for said in ages(shown).values())


def test_monitors_count_what_is_late(server: Server) -> None:
    for day in (0, 6, 40):
        server.add_item(on=calendar.add_days(TODAY, -day))
    server.add_item(server.other, on=Day("2026-01-01"))
    monitor = signed_in(server, "mona")
    page = monitor.get("/en/numbers").text
    assert '<dd id="late">2</dd>' in page
    assert '<dd id="late-bundles">0</dd>' in page
    parts = server.parts()
    for office in (server.station.office, server.other.office):
        parts.inbox.freeze(office, TODAY)
    page = monitor.get("/en/numbers").text
    assert '<dd id="late">0</dd>' in page
    assert '<dd id="late-bundles">1</dd>' in page
    parts.close()


def test_an_administrator_sets_it_for_the_own_office_alone(
    reviewer: Visitor, administrator: Visitor, server: Server
) -> None:
    server.add_item(on=calendar.add_days(TODAY, -6))
    assert list(ages(reviewer.get("/en/queue").text).values()) == ["1 working day late"]
    page = administrator.get("/en/deadline").text
    assert 'data-days="3" data-kind="working"' in page
    assert LAPOR.words in page
    assert LAPOR.source in page
    assert administrator.post("/en/deadline", days="6", kind="calendar").location == "/en/deadline"
    assert list(ages(reviewer.get("/en/queue").text).values()) == ["the last day"]
    settings = server.parts().staff.settings
    assert settings.deadline(server.station.office) == Deadline(6, "calendar")
    assert settings.deadline(server.other.office) == LAPOR.deadline
    for days in ("", "0", "61", "-1", "3.5", "x", "\u0663", 20 * "9"):
        answer = administrator.post("/en/deadline", days=days, kind="working")
        assert answer.status_code == 400
        assert 'id="problem"' in answer.text
    assert settings.deadline(server.station.office) == Deadline(6, "calendar")


def test_a_bundle_that_is_not_confirmed_in_time(reviewer: Visitor, server: Server) -> None:
    server.add_item(on=calendar.add_days(TODAY, -5))
    reviewer.export()
    assert "not confirmed within the deadline" not in reviewer.get("/en/queue").text
    server.add_item(on=calendar.add_days(TODAY, -6))
    reviewer.export()
    assert reviewer.get("/en/queue").text.count("not confirmed within the deadline") == 1
