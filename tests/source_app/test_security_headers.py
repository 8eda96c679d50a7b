"""The same headers on every answer, errors too."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crypto import calendar
from hardening.headers import Kind, headers
from tests.source_app.sealed import DELETION, item
from tests.store.installation import CHANNEL, OFFICE

OCTETS = "application/octet-stream"

ANSWERS = [
    ("GET", "/", {}, 200, Kind.PAGE),
    ("GET", "/id/", {}, 200, Kind.PAGE),
    ("HEAD", "/", {}, 200, Kind.PAGE),
    ("GET", "/assets/main-0123456789abcdef.js", {}, 200, Kind.SCRIPT),
    ("GET", "/assets/style-0123456789abcdef.css", {}, 200, Kind.SCRIPT),
    ("GET", "/en/statistics/", {}, 200, Kind.PAGE),
    ("GET", "/statistics.css", {}, 200, Kind.SCRIPT),
    ("GET", f"/id/statistics/{OFFICE}/2026", {}, 404, Kind.DATA),
    ("GET", "/site.json", {}, 200, Kind.DATA),
    ("GET", f"/api/directory/{OFFICE}", {}, 200, Kind.DATA),
    ("GET", "/board/index", {}, 200, Kind.DATA),
    ("HEAD", "/board/index", {}, 200, Kind.DATA),
    (
        "POST",
        f"/api/item/{OFFICE}/{CHANNEL}",
        {"data": DELETION + item(), "content_type": OCTETS},
        204,
        Kind.DATA,
    ),
    ("POST", f"/api/deletion/{OFFICE}", {"data": bytes(131_072), "content_type": OCTETS}, 200, Kind.DATA),
    ("POST", f"/api/deletion/{OFFICE}", {"data": b"x", "content_type": OCTETS}, 400, Kind.DATA),
    ("POST", "/api/ticket", {"data": b"x", "content_type": "application/json"}, 400, Kind.DATA),
    ("GET", f"/api/blob/{OFFICE}/{'0' * 32}/65536", {}, 403, Kind.DATA),
    ("GET", "/nothing", {}, 404, Kind.DATA),
    ("DELETE", "/", {}, 405, Kind.DATA),
    ("POST", "/api/ticket", {"data": bytes(2_000), "content_type": "application/json"}, 413, Kind.DATA),
    ("POST", "/api/ticket", {"data": b"x", "content_type": "text/plain"}, 415, Kind.DATA),
    ("POST", "/api/ticket", {"json": {}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403, Kind.DATA),
    ("GET", "/api/directory/kota-lain", {}, 503, Kind.DATA),
]

# What an answer may have besides, and nothing else.
OTHERS = {"Content-Type", "Content-Length", "Content-Encoding", "Vary", "Allow"}


@pytest.mark.parametrize(("method", "path", "more", "status", "kind"), ANSWERS)
def test_every_answer_has_exactly_its_headers(client: FlaskClient, method, path, more, status, kind) -> None:
    answer = client.open(path, method=method, **more)
    assert answer.status_code == status
    expected = headers(kind)
    assert {name: answer.headers[name] for name in expected} == expected
    assert set(answer.headers.keys()) - set(expected) <= OTHERS
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1


def test_a_fault_of_ours_has_them_too_and_says_nothing(
    app: Flask, client: FlaskClient, monkeypatch, capsys
) -> None:
    def fail() -> None:
        raise RuntimeError("secret /path")

    monkeypatch.setattr(calendar, "today", fail)
    answer = client.get(f"/api/directory/{OFFICE}")
    assert (answer.status_code, answer.get_json()) == (500, {"error": "internal"})
    assert {name: answer.headers[name] for name in headers(Kind.DATA)} == headers(Kind.DATA)
    assert capsys.readouterr().err == "error RuntimeError source_app.directory_api:directory\n"
