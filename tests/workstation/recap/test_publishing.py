"""R22. From a station through its bundle, the reviewers' app and the store to the page that all can read."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crypto import statistics as signed_statistics
from crypto.directory import Directory
from crypto.errors import BadSignatureError, MalformedError, WrongContextError
from crypto.fields import Day, OfficeId, ReviewerId
from journalist_app import taking
from journalist_app.errors import BadStatisticsError
from journalist_app.parts import Parts, open_parts
from source_app import create_app
from store import keyfile, site
from store.directories import Directories
from store.layout import Layout
from store.site import Site, SiteOffice
from store.staff.account import console
from tests.journalist_app.station import Station as OtherStation
from tests.journalist_app.station import slots_document
from tests.workstation.office import OFFICE, TODAY, Desk
from tests.workstation.recap.test_recap import ask
from tests.workstation.test_reviewers import file_cases
from workstation import cases, outbound
from workstation.cli import main
from workstation.recap import periods, register, statistics
from workstation.recap.errors import NothingToPublishError, NotOverError, PublishedError
from workstation.review import classifying
from workstation.review.classification import Classification
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
QUARTER = periods.read(periods.quarter_of(TODAY))
YEAR = periods.year_of(TODAY)
LATER = Day(f"{int(TODAY[:4]) + 1}-01-02")
NOON = datetime.fromisoformat(f"{LATER}T12:00:00+00:00").timestamp()


@pytest.fixture
def filled(desk: Desk, unlocked: Unlock) -> Desk:
    """Eight cases of this quarter: five of integrity, two about services, and one that is not for r2."""
    file_cases(desk, unlocked, ["r2"], *([] for _ in range(7)))
    with unlocked("r1") as station:
        for case in [case for case in cases.readable(station) if not case.head.excluded][:2]:
            classifying.classify(station, case, Classification("aduan", "service"), TODAY)
    return desk


def publish(unlocked: Unlock, period: periods.Period, on: Day = LATER) -> bytes:
    with unlocked("r1") as station:
        statistics.publish(station, register.of([station], on), period, on)
        (document,) = (
            station.vault.row("SELECT document FROM publications WHERE period = ?", period.name) or ()
        )
    assert isinstance(document, bytes)
    return document


def server_of(desk: Desk, folder: Path) -> Parts:
    """A server set up from the station's first bundle, to which a second office came."""
    layout = Layout(folder)
    layout.make()
    for key in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(key)
    (first,) = desk.stick.glob("peluit-out-*.tar")
    found = taking.adopt_first_bundle(layout, first, lambda _office: True)
    other = OtherStation(office=OfficeId("dinas-lain"), instance=found.instance)
    names = other.directory().office.names
    joined = SiteOffice(other.office, names, bytes(other.root.verify_key))
    layout.site.unlink()
    site.write(layout, Site(found.instance, (*found.offices, joined)))
    layout.pages.joinpath("style-1.css").touch()
    return open_parts(layout, clock=lambda: NOON)


def take(parts: Parts, path: Path, office: int = 0) -> taking.Taken:
    its = parts.site.offices[office]
    with path.open("rb") as bundle:
        return taking.take(parts, console(its.id), its, bundle)


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_the_whole_way(filled: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    parts = server_of(filled, tmp_path / "server")
    client = create_app(parts.layout).test_client()
    assert "belum mengumumkan statistik" in get(client, "/id/statistics/")
    publish(unlocked, QUARTER)
    with unlocked("r1") as station:
        written = outbound.write_bundle(station, filled.stick, LATER)
        assert statistics.waiting(station.vault) == []
    with written.path.open("rb") as bundle:
        seen = taking.preview(parts, parts.site.offices[0], bundle)
    assert isinstance(seen, taking.Preview)
    assert [(each.statistics.period, each.statistics.total, each.known) for each in seen.statistics] == [
        (QUARTER.name, 8, False)
    ]
    assert "belum mengumumkan statistik" in get(client, "/id/statistics/")  # a look publishes nothing
    assert take(parts, written.path).published == 1
    listed = get(client, "/id/statistics/")
    address = f"/statistics/{OFFICE}/{QUARTER.name}"
    assert f'href="/id{address}"' in listed and "Laporan: 8" in listed
    assert listed.count("belum mengumumkan statistik") == 1  # the other office
    page = get(client, f"/en{address}")
    assert "Complaints about suspected violations" in page and "<td>5</td>" in page
    assert "<script" not in page and len(page) < 30_000
    assert "tidak ditampilkan" in get(client, f"/id{address}")
    assert "tabular-nums" in get(client, "/statistics.css")
    for path in (
        "/id/statistics/dinas-lain/" + QUARTER.name,
        f"/id/statistics/{OFFICE}/2020",
        "/id/statistics/x/y",
    ):
        assert client.get(path).status_code == 404
    files = [path for path in parts.layout.statistics.rglob("*") if path.is_file()]
    assert [path.stat().st_mtime for path in files] == [0]
    again = parts.layout.statistics / OFFICE / QUARTER.name
    before = again.read_bytes()
    parts.statistics.publish(OfficeId(OFFICE), QUARTER.name, b"another")
    assert again.read_bytes() == before
    parts.close()


def test_a_bundle_with_statistics_that_no_reviewer_signed_changes_nothing(
    filled: Desk, unlocked: Unlock, tmp_path: Path
) -> None:
    parts = server_of(filled, tmp_path / "server")
    document = publish(unlocked, QUARTER)
    with unlocked("r1") as station, station.vault.transaction():
        changed = document.replace(b'"total":8', b'"total":9')
        assert changed != document
        station.vault.rows("UPDATE publications SET document = ?", changed)
    with unlocked("r1") as station:
        written = outbound.write_bundle(station, filled.stick, LATER)
    before = parts.staff.taken.last(parts.site.offices[0].id)
    with pytest.raises(BadStatisticsError):
        take(parts, written.path)
    assert parts.staff.taken.last(parts.site.offices[0].id) == before
    assert not parts.statistics.periods(OfficeId(OFFICE))
    parts.close()


def test_an_office_publishes_for_itself_alone(filled: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    """The second office's own statistics are taken; those that it brings in the first one's name are not."""
    parts = server_of(filled, tmp_path / "server")
    first, second = parts.site.offices
    said = signed_statistics.read_statistics(publish(unlocked, QUARTER))
    station = OtherStation(office=second.id, instance=parts.site.instance)
    joined = SiteOffice(second.id, second.names, bytes(station.root.verify_key))
    parts = replace(parts, site=Site(parts.site.instance, (first, joined)))
    parts = replace(parts, directories=Directories(parts.layout, parts.site))
    key = station.sign["inspektur"]
    for number, office, taken in ((1, first.id, False), (2, second.id, True)):
        mine = replace(said, office=office, reviewer=ReviewerId("inspektur"))
        document = signed_statistics.sign_statistics(mine, key)
        entry = ("statistics", f"statistics/{QUARTER.name}", document)
        path = tmp_path / f"{number}.tar"
        path.write_bytes(station.outbound(number, [*station.documents(), slots_document(), entry]))
        if taken:
            assert take(parts, path, 1).published == 1
        else:
            with pytest.raises(BadStatisticsError):
                take(parts, path, 1)
    assert (parts.statistics.periods(first.id), parts.statistics.periods(second.id)) == ((), [QUARTER.name])
    parts.close()


def reviewer_key(directory: Directory, reviewer: str) -> bytes:
    return next(each.sign for each in directory.office.reviewers if each.id == reviewer)


def test_what_the_server_checks(filled: Desk, unlocked: Unlock) -> None:
    document = publish(unlocked, QUARTER)
    said = signed_statistics.read_statistics(document)
    signed_statistics.check(document, reviewer_key(filled.directory, "r1"))
    with pytest.raises(BadSignatureError):
        signed_statistics.check(document, reviewer_key(filled.directory, "r2"))
    office = filled.directory.office
    signed_statistics.check_place(said, office.instance, office.id, LATER)
    with pytest.raises(WrongContextError):
        signed_statistics.check_place(said, office.instance, office.id, TODAY)
    with pytest.raises(WrongContextError):
        signed_statistics.check_place(said, office.instance, OfficeId("lain"), LATER)
    for old, new in (
        (b'"total":8', b'"total":4'),
        (b'"count":5', b'"count":3'),
        (b'"period":"2', b'"period":"3'),
    ):
        with pytest.raises(MalformedError):
            signed_statistics.read_statistics(document.replace(old, new))


def test_a_quarter_is_counted_once_and_never_again(filled: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        found = register.of([station], LATER)
        with pytest.raises(NotOverError):
            statistics.draft(station, found, QUARTER, TODAY)
        empty = periods.read(f"{TODAY[:4]}-Q1")
        assert statistics.publish(station, found, empty, LATER).total is None
        assert statistics.publish(station, found, QUARTER, LATER).total == 8
        with pytest.raises(PublishedError):
            statistics.draft(station, found, QUARTER, LATER)
        rest = statistics.draft(station, found, YEAR, LATER)
        assert rest.quarters == tuple(q for q in YEAR.quarters if q not in QUARTER.quarters)
        assert rest.total is None and not rest.tables
        statistics.publish(station, found, YEAR, LATER)
        with pytest.raises(PublishedError):
            statistics.draft(station, found, periods.read(f"{TODAY[:4]}-Q2"), LATER)
        for quarter in YEAR.quarters:
            assert QUARTER.name == quarter or quarter in rest.quarters
        next_year = periods.read(LATER[:4])
        with pytest.raises(NotOverError):
            statistics.draft(station, found, next_year, LATER)
        assert NothingToPublishError.__doc__


def test_what_is_published_does_not_change_with_the_cases(filled: Desk, unlocked: Unlock) -> None:
    document = publish(unlocked, QUARTER)
    with unlocked("r1") as station, station.vault.transaction():
        station.vault.rows("DELETE FROM cases WHERE number IN (SELECT number FROM cases LIMIT 3)")
    with unlocked("r1") as station:
        (found,) = statistics.published(station.vault).values()
        assert found == signed_statistics.read_statistics(document)


def test_the_command_shows_publishes_and_lists(
    filled: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str]
) -> None:
    past = f"{int(TODAY[:4]) - 1}-Q3"
    words = ["statistics", "publish", "--quarter", past, *filled.as_("r1")]
    document = ask(capsys, *words)
    assert (document["total"], document["tables"]) == (None, [])
    assert main(words) == 1
    assert main(["statistics", "publish", "--quarter", QUARTER.name, *filled.as_("r1")]) == 1  # not over
    assert main(["statistics", "show", *filled.as_("r1")]) == 2
    capsys.readouterr()
    assert main(["statistics", "list", *filled.as_("r1"), "--lang", "id"]) == 0
    out = capsys.readouterr().out
    assert f"triwulan 3 tahun {past[:4]}" in out and "bundel berikutnya" in out
    assert ask(capsys, "statistics", "list", *filled.as_("r2"))["waiting"] == [past]
    assert json.loads(json.dumps(document))["period"] == past
