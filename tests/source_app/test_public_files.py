"""What anyone may fetch: pages, site file, keys, board."""

import gzip
import json

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.board import read_index
from crypto.directory import read_slice
from source_app import create_app
from store.board import Board
from store.layout import Layout
from tests.store.installation import OFFICE, OTHER, ROOT, install, random_slots

PATHS = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/id/": ("id/index.html", "text/html; charset=utf-8"),
    "/id": ("id/index.html", "text/html; charset=utf-8"),
    "/en/": ("en/index.html", "text/html; charset=utf-8"),
    "/assets/main-0123456789abcdef.js": ("assets/main-0123456789abcdef.js", "text/javascript; charset=utf-8"),
    "/assets/style-0123456789abcdef.css": ("assets/style-0123456789abcdef.css", "text/css; charset=utf-8"),
}


def refused(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()) == (status, {"error": code})


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_served_as_they_lie_there(client: FlaskClient, layout: Layout, path: str) -> None:
    name, content_type = PATHS[path]
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, (layout.pages / name).read_bytes())
    assert answer.headers["Content-Type"] == content_type


@pytest.mark.parametrize("path", PATHS)
def test_compressed_pages_are_the_same(client: FlaskClient, layout: Layout, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip, deflate"})
    data = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    assert data == (layout.pages / PATHS[path][0]).read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_large_pages_are_compressed_without_a_time(client: FlaskClient) -> None:
    data = client.get("/", headers={"Accept-Encoding": "gzip"}).data
    assert data[:2] == b"\x1f\x8b"
    assert data[4:8] == bytes(4)


def test_the_site_file_is_served_byte_for_byte(client: FlaskClient, layout: Layout) -> None:
    answer = client.get("/site.json")
    assert answer.data == layout.site.read_bytes()
    assert json.loads(answer.data)["offices"][0]["id"] == OFFICE


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/id/nothing",
        "/index.html",
        "/id/index.html",
        "/id//",
        "/assets/",
        "/assets/nothing.js",
        "/assets/../site.json",
        "/%2e%2e/inbox/inbox.key",
        "/../inbox/inbox.key",
        "/assets/%00",
        "/inbox/inbox.key",
        "/public/site.json",
        "/favicon.ico",
        "/robots.txt",
        "/static/x",
        "/site.json/",
        "/board",
        "/api",
        "/%ff",
    ],
)
def test_nothing_else_is(client: FlaskClient, path: str) -> None:
    refused(client.get(path), 404, "not-found")


def test_what_was_not_there_at_the_start_is_not_served(client: FlaskClient, layout: Layout) -> None:
    (layout.pages / "later.html").write_bytes(b"x")
    refused(client.get("/later.html"), 404, "not-found")


def test_half_written_files_and_unknown_types_are_not_served(layout: Layout) -> None:
    (layout.pages / ".abc.html").write_bytes(b"x")
    (layout.pages / "notes.bak").write_bytes(b"x")
    client = create_app(layout).test_client()
    refused(client.get("/.abc.html"), 404, "not-found")
    refused(client.get("/notes.bak"), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/site.json", "/board/index", f"/api/directory/{OFFICE}"])
def test_other_methods_are_refused(client: FlaskClient, path: str, method: str) -> None:
    refused(client.open(path, method=method), 405, "wrong-method")


@pytest.mark.parametrize("path", ["/", "/site.json", "/board/index", f"/api/directory/{OFFICE}"])
def test_a_head_is_a_get_without_a_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


def test_the_present_slice_is_served(client: FlaskClient) -> None:
    answer = client.get(f"/api/directory/{OFFICE}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    found = read_slice(answer.data, ROOT.verify_key.encode())
    assert found.epoch == calendar.epoch_of(calendar.today())


def test_the_slice_is_compressed_for_those_who_take_it(client: FlaskClient) -> None:
    path = f"/api/directory/{OFFICE}"
    plain, small = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in plain.headers and small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data and len(small.data) < len(plain.data)


def test_offices_without_keys_are_told_from_no_offices(client: FlaskClient) -> None:
    refused(client.get("/api/directory/nobody"), 404, "no-such-office")
    refused(client.get(f"/api/directory/{OTHER}"), 503, "no-keys")


def test_past_keys_are_not_served(tmp_path) -> None:
    old = install(Layout(tmp_path / "old"), calendar.add_days(calendar.today(), -30))
    refused(create_app(old.layout).test_client().get(f"/api/directory/{OFFICE}"), 503, "no-keys")


def test_the_board_is_served(client: FlaskClient, layout: Layout) -> None:
    index = client.get("/board/index")
    version, hints = read_index(index.data)
    assert index.headers["Content-Type"] == "application/octet-stream"
    for number in range(len(hints) // 16):
        page = client.get(f"/board/{version.hex()}/{number}")
        assert page.data == (layout.board / version.hex() / str(number)).read_bytes()
        assert page.content_length == 16 * 4096


def test_a_visit_that_has_begun_can_end(client: FlaskClient, layout: Layout) -> None:
    version, _hints = read_index(client.get("/board/index").data)
    Board(layout.board).publish(random_slots(16))
    assert client.get(f"/board/{version.hex()}/0").status_code == 200
    Board(layout.board).publish(random_slots(16))
    refused(client.get(f"/board/{version.hex()}/0"), 404, "no-such-page")


@pytest.mark.parametrize(
    "path", [f"/board/{'0' * 32}/0", "/board/{version}/2", "/board/{version}/999999999999999"]
)
def test_other_pages_are_refused(client: FlaskClient, path: str) -> None:
    version, _hints = read_index(client.get("/board/index").data)
    refused(client.get(path.format(version=version.hex())), 404, "no-such-page")


@pytest.mark.parametrize(
    "path", ["/board/x/0", "/board/{version}/00", "/board/{version}/-1", "/board/current/0"]
)
def test_what_is_no_page_is_no_address(client: FlaskClient, path: str) -> None:
    version, _hints = read_index(client.get("/board/index").data)
    refused(client.get(path.format(version=version.hex())), 404, "not-found")


def test_reading_leaves_no_access_time(client: FlaskClient, layout: Layout) -> None:
    version, _hints = read_index(client.get("/board/index").data)
    client.get(f"/board/{version.hex()}/0").close()
    client.get(f"/api/directory/{OFFICE}")
    for path in layout.public.rglob("*"):
        if path.is_file() and layout.pages not in path.parents:
            assert path.stat().st_atime_ns == 0, path
