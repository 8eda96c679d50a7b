"""What waits, and what became of it."""

import io
import re
import tarfile
from typing import Any

import pytest

from crypto import bundle, calendar
from crypto.fields import OfficeId
from crypto.manifest import Inbound
from journalist_app.queue import PAGE_SIZE
from store.reader import InboxReader, Sealed
from tests.journalist_app.conftest import Server, Visitor
from tests.journalist_app.station import TODAY

NAME = "peluit-in-inspektorat-1-1of1.tar"


def rows(page: str) -> int:
    return page.count('<tr class="thing">')


def test_nothing_new(reviewer: Visitor) -> None:
    page = reviewer.get("/en/queue").text
    assert 'id="nothing-new"' in page
    assert "export-new" not in page


def test_what_waits_by_day(reviewer: Visitor, server: Server) -> None:
    yesterday = calendar.add_days(TODAY, -1)
    server.add_item()
    server.add_item(on=yesterday, size=2_000_000)
    server.add_item(on=yesterday)
    server.add_blob()
    page = reviewer.get("/en/queue").text
    assert 'data-count="4"' in page
    assert rows(page) == 4
    days = re.findall(r'<time datetime="([^"]*)">([^<]*)</time>\s*<span>([^<]*)</span>', page)
    assert days == [(yesterday, "22 November 2026", "2 new"), (TODAY, "23 November 2026", "2 new")]
    assert "1.9 MiB" in page
    assert "11.7 KiB" in page
    assert page.count("<td>Aduan (en)</td>") == 3
    assert re.findall(r'data-age="(\d+)">([^<]*)<', page) == [("1", "1 day ago"), ("0", "today")]
    assert "The oldest came 1 day ago." in page
    assert "11,7 KiB" in reviewer.get("/id/queue").text


def test_pages_show_each_thing_once(reviewer: Visitor, server: Server) -> None:
    for number in range(2 * PAGE_SIZE + 1):
        server.add_item(size=100 + number)
    path, counts = "/en/queue", []
    sizes: list[str] = []
    while path:
        page = reviewer.get(path).text
        counts.append(rows(page))
        sizes += re.findall(r'<td class="number">([^<]*)</td>', page)
        found = re.search(r'id="next-page" class="[^"]*" href="([^"]*)"', page)
        path = found[1] if found else ""
        assert f"{2 * PAGE_SIZE + 1} sealed things" in page
    assert counts == [PAGE_SIZE, PAGE_SIZE, 1]


def test_another_reviewer_makes_a_bundle_while_the_page_is_made(
    reviewer: Visitor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_item()
    server.add_item(on=calendar.add_days(TODAY, -1))
    real = InboxReader.page

    def page_and_freeze(inbox: InboxReader, office: OfficeId, *place: Any) -> tuple[Sealed, ...]:
        found = real(inbox, office, *place)
        inbox.freeze(office, TODAY, [TODAY])
        return found

    monkeypatch.setattr(InboxReader, "page", page_and_freeze)
    answer = reviewer.get("/en/queue")
    assert (answer.status_code, rows(answer.text)) == (200, 1)
    assert 'class="bundle"' in answer.text


@pytest.mark.parametrize(
    "after",
    [
        *("", ".", "..", "2026-11-23", f"2026-11-23.{32 * '0'}", f"2026-11-23.{32 * '0'}.other", "x.y.z"),
        *(
            f"2026-13-23.{32 * '0'}.item",
            f"2026-11-23.{30 * '0'}.item",
            "' OR 1=1.00.item",
            "2026-11-23.ü.item",
        ),
    ],
)
def test_a_made_up_place_is_not_found(reviewer: Visitor, after: str) -> None:
    assert reviewer.client.get("/en/queue", query_string={"after": after}).status_code == 404


def fitting(page: str) -> int:
    found = re.search(r'id="fitting" role="status" data-count="(\d+)"', page)
    return int(found[1]) if found else -1


def test_filters(reviewer: Visitor, server: Server) -> None:
    yesterday = calendar.add_days(TODAY, -1)
    server.add_item()
    server.add_item(on=yesterday, size=2_000_000)
    server.add_blob()
    for query, count in {
        "": -1,
        "channel=&kind=&size=&first=&last=": -1,
        "channel=aduan": 2,
        "channel=aspirasi": 0,
        "kind=blob": 1,
        "size=medium": 1,
        "size=large": 0,
        f"first={TODAY}": 2,
        f"last={yesterday}": 1,
        f"first={yesterday}&last={TODAY}&kind=item": 2,
    }.items():
        answer = reviewer.get(f"/en/queue?{query}")
        assert answer.status_code == 200
        assert fitting(answer.text) == count, query
        assert rows(answer.text) == (3 if count < 0 else count)
    assert '<option value="blob" selected>' in reviewer.get("/en/queue?kind=blob").text


def test_the_next_page_keeps_the_filter(reviewer: Visitor, server: Server) -> None:
    for _ in range(PAGE_SIZE + 1):
        server.add_item()
    server.add_blob()
    page = reviewer.get("/en/queue?kind=item").text
    found = re.search(r'id="next-page" class="[^"]*" href="([^"]*)"', page)
    assert found
    following = reviewer.get(found[1].replace("&amp;", "&")).text
    assert (rows(page), rows(following), fitting(following)) == (PAGE_SIZE, 1, PAGE_SIZE + 1)


@pytest.mark.parametrize(
    "query",
    [
        *("channel=A", "channel=' OR 1=1", "channel=" + 33 * "a", "kind=items", "size=huge"),
        *("first=2026-13-01", "last=1/11/2026", "first=2026-11-23T10:00"),
    ],
)
def test_a_filter_that_says_nothing_is_refused(reviewer: Visitor, server: Server, query: str) -> None:
    server.add_item()
    answer = reviewer.get(f"/en/queue?{query}")
    assert answer.status_code == 400
    assert 'id="misread"' in answer.text
    assert rows(answer.text) == 1


def freeze(reviewer: Visitor, **fields: Any) -> Any:
    return reviewer.client.post("/en/bundles", data={"proof": reviewer.proof("/en/import"), **fields})


def test_ticked_things_become_a_bundle(reviewer: Visitor, server: Server) -> None:
    for _ in range(3):
        server.add_item()
    server.add_blob()
    server.add_item(server.other)
    names = re.findall(r'name="thing" value="([^"]*)"', reviewer.get("/en/queue").text)
    assert len(names) == 4
    location = freeze(reviewer, what="things", thing=names[:2]).location
    (made,) = server.parts().inbox.bundles(server.station.office)
    assert location == f"/en/bundles/{made.id.hex()}"
    assert made.entries == 2
    left = re.findall(r'name="thing" value="([^"]*)"', reviewer.get("/en/queue").text)
    assert sorted(left) == sorted(names[2:])
    assert freeze(reviewer, what="things", thing=names[:2]).location == "/en/queue"


def test_anothers_things_cannot_be_ticked(reviewer: Visitor, server: Server) -> None:
    server.add_item(server.other)
    parts = server.parts()
    (theirs,) = parts.inbox.page(server.other.office)
    assert freeze(reviewer, what="things", thing=f"item.{theirs.id.hex()}").location == "/en/queue"
    assert parts.inbox.counts(server.other.office).items == 1


def test_nothing_ticked(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    for what in ("days", "things"):
        location = freeze(reviewer, what=what).location
        assert 'id="none-chosen"' in reviewer.get(location).text
    assert server.parts().inbox.counts(server.station.office).items == 1


@pytest.mark.parametrize(
    "thing", ["", "item", "item.", f"other.{32 * '0'}", f"item.{33 * '0'}", "item." + 32 * "A"]
)
def test_a_made_up_thing_is_refused(reviewer: Visitor, server: Server, thing: str) -> None:
    server.add_item()
    assert freeze(reviewer, what="things", thing=thing).status_code == 400


def test_a_bundle_holds_everything_new(reviewer: Visitor, server: Server) -> None:
    items = {server.add_item() for _ in range(3)}
    blob = server.add_blob()
    location = reviewer.export().location
    page = reviewer.get(location).text
    assert "Bundle 1" in page
    assert NAME in page
    archive = reviewer.get(f"{location}/{NAME}")
    assert archive.content_length == len(archive.data)
    assert archive.headers["Content-Disposition"] == f"attachment; filename={NAME}"
    assert archive.content_type == "application/x-tar"
    reader = bundle.BundleReader(io.BytesIO(archive.data))
    assert isinstance(reader.manifest, Inbound)
    assert (reader.manifest.office, reader.manifest.number) == (server.station.office, 1)
    contents = {b"".join(pieces) for _, pieces in reader.entries()}
    assert contents == {*items, blob}
    with tarfile.open(fileobj=io.BytesIO(archive.data)) as ordinary:
        assert len(ordinary.getnames()) == 6


def test_downloaded_again_it_is_the_same(reviewer: Visitor, server: Server) -> None:
    for _ in range(3):
        server.add_item()
    path = f"{reviewer.export().location}/{NAME}"
    first = reviewer.get(path).data
    server.add_item()
    server.clock.now += 60
    assert reviewer.get(path).data == first


def test_what_comes_later_stays_new(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    first = reviewer.export().location
    server.add_item()
    page = reviewer.get("/en/queue").text
    assert rows(page) == 1
    assert re.search(r'class="bundle" data-bundle="[0-9a-f]{32}"', page)
    second = reviewer.export().location
    assert first != second
    assert "Bundle 2" in reviewer.get(second).text
    assert reviewer.get("/en/queue").text.count('<tr class="bundle"') == 2


def test_nothing_new_makes_no_bundle(reviewer: Visitor, server: Server) -> None:
    assert reviewer.export().location == "/en/queue"
    server.add_item()
    assert reviewer.export().location != "/en/queue"
    assert reviewer.export().location == "/en/queue"
    assert len(server.parts().inbox.bundles(server.station.office)) == 1


def test_a_bundle_has_one_name(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    location = reviewer.export().location
    for name in ("", "x", "peluit-in-inspektorat-1-1of2.tar", f"../{NAME}", f"{NAME}/"):
        assert reviewer.get(f"{location}/{name}").status_code == 404


@pytest.mark.parametrize("bundle_id", ["0", 32 * "g", 33 * "0", 32 * "A", 64 * "0", "%00" * 32])
def test_ids_that_are_none(reviewer: Visitor, bundle_id: str) -> None:
    assert reviewer.get(f"/en/bundles/{bundle_id}").status_code == 404


def test_a_received_bundle_is_gone(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    blob = server.add_blob()
    location = reviewer.export().location
    server.add_item()
    bundle_id = bytes.fromhex(location.rpartition("/")[2])
    answer = reviewer.upload(server.station.outbound(received=[bundle_id, bytes(16)]))
    assert '<dd id="received">1</dd>' in answer.text
    assert reviewer.get(location).status_code == 404
    assert reviewer.get(f"{location}/{NAME}").status_code == 404
    page = reviewer.get("/en/queue").text
    assert rows(page) == 1
    assert 'class="bundle"' not in page
    assert blob not in [path.read_bytes() for path in server.layout.done.rglob("*") if path.is_file()]
