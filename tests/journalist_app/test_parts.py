"""Bundles in parts and by day, and downloads that go on where they broke off."""

import io
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto import bundle, calendar
from crypto.manifest import Inbound
from hardening.headers import Kind, headers
from tests.journalist_app.conftest import Server, Visitor
from tests.journalist_app.station import TODAY

SMALL = 150_000
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EARLIER = [calendar.add_days(TODAY, -days) for days in (2, 1)]


@pytest.fixture
def reviewer(server: Server) -> Iterator[Visitor]:
    """Rina, on a server whose parts are small."""
    app = server.app(SMALL)
    visitor = Visitor(app.test_client(), server)
    assert visitor.sign_in().status_code == 303
    yield visitor
    app.extensions["peluit"].close()


def links(page: str) -> list[str]:
    return list(re.findall(r'href="([^"]*)" download', page))


def test_each_part_has_its_link_and_all_together_hold_everything(reviewer: Visitor, server: Server) -> None:
    items = {server.add_item() for _ in range(3)}
    blobs = {server.add_blob(2**19) for _ in range(2)}
    page = reviewer.get(reviewer.export().location).text
    found = links(page)
    count = len(found)
    assert count == 8
    assert f"<dd>{count}</dd>" in page
    assert f"1 of {count}" in page
    assert "The order does not matter." in page
    joined: dict[str, bytes] = {}
    for number, path in enumerate(found, 1):
        assert path.endswith(f"/peluit-in-inspektorat-1-{number}of{count}.tar")
        answer = reviewer.get(path)
        assert len(answer.data) == answer.content_length <= SMALL
        reader = bundle.BundleReader(io.BytesIO(answer.data))
        assert isinstance(reader.manifest, Inbound)
        assert (reader.manifest.part, reader.manifest.parts) == (number, count)
        for entry, pieces in reader.entries():
            assert len(joined.get(entry.path, b"")) == entry.start
            joined[entry.path] = joined.get(entry.path, b"") + b"".join(pieces)
    assert set(joined.values()) == items | blobs
    indonesian = found[0].rpartition("/")[0].replace("/en/", "/id/")
    assert f"1 dari {count}" in reviewer.get(indonesian).text


def test_days_can_be_chosen(reviewer: Visitor, server: Server) -> None:
    for day in (*EARLIER, TODAY):
        server.add_item(on=day)
        server.add_item(on=day)
    page = reviewer.get("/en/queue").text
    assert re.findall(r'name="day" value="([^"]*)"', page) == [*EARLIER, TODAY]
    assert page.count("2 new · 23.4 KiB") == 3
    form = {"proof": reviewer.proof("/en/import"), "what": "days", "day": [EARLIER[0], TODAY]}
    made = reviewer.client.post("/en/bundles", data=form)
    assert "/bundles/" in made.location
    (path,) = links(reviewer.get(made.location).text)
    manifest = bundle.BundleReader(io.BytesIO(reviewer.get(path).data)).manifest
    assert sorted(entry.day or "" for entry in manifest.entries) == sorted([EARLIER[0], TODAY] * 2)
    assert re.findall(r'name="day" value="([^"]*)"', reviewer.get("/en/queue").text) == [EARLIER[1]]
    assert reviewer.client.post("/en/bundles", data=form).location == "/en/queue"


def test_no_day_chosen_and_days_that_are_none(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    proof = reviewer.proof("/en/import")
    made = reviewer.client.post("/en/bundles", data={"proof": proof, "what": "days"})
    assert 'id="none-chosen"' in reviewer.get(made.location).text
    for day in ("", "x", "2026-02-30", "2026-11-23' OR 1=1", "2026-11-23\0"):
        form = {"proof": proof, "what": "days", "day": [TODAY, day]}
        assert reviewer.client.post("/en/bundles", data=form).status_code == 400
    assert server.parts().inbox.bundles(server.station.office) == ()


def test_days_never_reach_another_office(reviewer: Visitor, server: Server) -> None:
    server.add_item(server.other)
    form = {
        "proof": reviewer.proof("/en/import"),
        "what": "days",
        "day": [TODAY],
        "office": server.other.office,
    }
    assert reviewer.client.post("/en/bundles", data=form).location == "/en/queue"
    assert server.parts().inbox.counts(server.other.office).items == 1


@pytest.fixture
def download(reviewer: Visitor, server: Server) -> tuple[str, bytes, str]:
    """A part's path, bytes and tag."""
    for _ in range(2):
        server.add_item()
    server.add_blob(2**17)
    path = links(reviewer.get(reviewer.export().location).text)[0]
    whole = reviewer.get(path)
    assert whole.status_code == 200
    assert whole.headers["Accept-Ranges"] == "bytes"
    return path, whole.data, whole.headers["ETag"]


@given(first=st.floats(0, 1), last=st.none() | st.floats(0, 1.5))
@MANY
def test_a_download_goes_on_where_it_broke_off(
    reviewer: Visitor, download: tuple[str, bytes, str], first: float, last: float | None
) -> None:
    path, whole, tag = download
    begin = int(first * (len(whole) - 1))
    end = len(whole) if last is None else max(begin + 1, int(last * len(whole)))
    asked = {"Range": f"bytes={begin}-{'' if last is None else end - 1}", "If-Range": tag}
    answer = reviewer.client.get(path, headers=asked)
    assert answer.status_code == 206
    assert answer.data == whole[begin:end]
    assert answer.content_length == len(answer.data)
    assert answer.headers["Content-Range"] == f"bytes {begin}-{min(end, len(whole)) - 1}/{len(whole)}"
    assert answer.headers["ETag"] == tag


def test_another_partial_file_gets_the_whole(reviewer: Visitor, download: tuple[str, bytes, str]) -> None:
    path, whole, tag = download
    for known in ('"other"', f"W/{tag}", "Mon, 23 Nov 2026 08:00:00 GMT", ""):
        answer = reviewer.client.get(path, headers={"Range": "bytes=10-", "If-Range": known})
        assert (answer.status_code, answer.data) == (200, whole)


HOSTILE = [
    *(
        "bytes=",
        "bytes=-",
        "bytes=-5",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=0-1,2-3",
        "bytes=0-,0-,0-",
        "items=0-",
    ),
    *(
        "bytes=0x1-",
        "bytes=+1-2",
        "bytes= 1-2",
        "bytes=1 -2",
        "bytes=1--2",
        "BYTES=0-1",
        "bytes=٣-",
        "bytes=1-2\t",
    ),
    *(f"bytes={'9' * 18}-", f"bytes={'9' * 400}-", f"bytes=0-{'9' * 400}", "bytes=" + "0-0," * 90, ""),
]


@pytest.mark.parametrize("untrusted_range", HOSTILE)
def test_hostile_ranges_are_refused_without_reading(
    reviewer: Visitor,
    server: Server,
    download: tuple[str, bytes, str],
    untrusted_range: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, whole, _tag = download
    monkeypatch.setattr("store.reader.InboxReader.read_entry", lambda *_: pytest.fail("was read"))
    encoded = untrusted_range.encode("utf-8").decode("latin-1")
    answer = reviewer.client.get(path, headers={"Range": encoded})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert 'data-status="416"' in answer.text
    for name, value in headers(Kind.FORM_PAGE).items():
        assert answer.headers.getlist(name) == [value]
    assert not {"Date", "Server", "ETag", "Last-Modified"} & set(answer.headers.keys())


def test_asking_only_for_the_headers_reads_nothing(
    reviewer: Visitor, download: tuple[str, bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, whole, tag = download
    monkeypatch.setattr("store.reader.InboxReader.read_entry", lambda *_: pytest.fail("was read"))
    answer = reviewer.client.head(path)
    assert (answer.status_code, answer.content_length, answer.headers["ETag"]) == (200, len(whole), tag)


def test_parts_differ_in_their_tags(reviewer: Visitor, server: Server) -> None:
    server.add_blob(2**19)
    found = links(reviewer.get(reviewer.export().location).text)
    tags = {reviewer.client.head(path).headers["ETag"] for path in found}
    assert len(tags) == len(found) > 2


def test_an_upload_that_was_cut_says_so(reviewer: Visitor, server: Server) -> None:
    whole = server.station.outbound()
    for size in (len(whole) - 1, len(whole) // 2, 600):
        assert "ends too early" in reviewer.upload(whole[:size]).text
        assert "berakhir terlalu cepat" in reviewer.upload(whole[:size], path="/id/import").text
    assert 'id="imported"' in reviewer.upload(whole).text
