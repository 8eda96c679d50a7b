"""Whatever a stranger sends, no answer is a 500, a redirect or an echo, and nothing unasked is stored."""

import io
import json
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.binding import b64
from hardening import refusals
from hardening.headers import Kind, headers
from source_app import create_app
from store.layout import Layout
from tests.source_app.sealed import DELETION, item, new_blob
from tests.store.installation import CHANNEL, OFFICE, install

CODES = {
    "bad-item",
    "bad-piece",
    "bad-request",
    "bad-ticket",
    "complete",
    "forbidden",
    "incomplete",
    "length-required",
    "no-keys",
    "no-such-channel",
    "no-such-office",
    "no-such-page",
    "not-found",
    "stale-directory",
    "storage-full",
    "text-only",
    "too-large",
    "wrong-method",
    "wrong-type",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(install(Layout(tmp_path_factory.mktemp("strange") / "data")).layout)


@pytest.fixture(scope="module")
def ticket(app: Flask) -> tuple[str, dict[str, str]]:
    blob = new_blob()
    body = {"blob": b64(blob), "office": OFFICE, "size": 65_536}
    answer = app.test_client().post("/api/ticket", json=body).get_json()
    return f"/api/blob/{OFFICE}/{blob.hex()}/65536", {"Peluit-Ticket": answer["ticket"]}


def ask(app: Flask, method: str, path: str, **more: object) -> None:
    # As a server passes it on: decoded, and as latin-1 (PEP 3333).
    raw = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1")}
    answer = app.test_client().open("/", method=method, buffered=True, environ_overrides=raw, **more)
    assert answer.status_code in {200, 204, 400, 403, 404, 405, 409, 411, 413, 415, 503}
    assert {name: answer.headers[name] for name in headers(Kind.DATA)}.keys() <= set(answer.headers.keys())
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.get_json()["error"] in CODES
        assert (len(answer.data), answer.status) == (refusals.SIZE, refusals.status(answer.status_code))
    assert "Set-Cookie" not in answer.headers
    assert "Location" not in answer.headers


METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"])
WORDS = st.sampled_from(
    [
        "api",
        "item",
        "ticket",
        "intake",
        "blob",
        "board",
        "deletion",
        "index",
        "directory",
        "done",
        OFFICE,
        CHANNEL,
        "0" * 32,
        "65536",
        "0",
        "..",
        "%00",
        "%ff",
        "id",
        "en",
        "assets",
        "site.json",
        "",
        "%2f",
        "-1",
        "99999999999999999999",
    ]
) | st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=40)
PATHS = st.lists(WORDS, max_size=7).map(lambda words: "/" + "/".join(words))
HEADER_TEXT = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Peluit-Ticket",
            "Sec-Fetch-Site",
            "Accept-Encoding",
            "Range",
            "If-None-Match",
            "If-Modified-Since",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-HTTP-Method-Override",
            "Content-Encoding",
            "Host",
            "Cookie",
            "Expect",
            "Transfer-Encoding",
            "Content-Length",
            "Origin",
        ]
    ),
    HEADER_TEXT,
    max_size=4,
)
TYPES = st.sampled_from(
    [
        "application/octet-stream",
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        'a/b;c="',
        "é",
    ]
)
quiet = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@settings(quiet, max_examples=400)
@given(METHODS, PATHS, HEADERS, TYPES, st.binary(max_size=300))
def test_any_request(
    app: Flask, method: str, path: str, more: dict[str, str], kind: str, body: bytes
) -> None:
    ask(app, method, path, headers=more, content_type=kind, data=body)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.just(OFFICE)
    | st.just(65_536),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["blob", "office", "size", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@quiet
@given(JSON)
def test_any_ticket_request(app: Flask, value: object) -> None:
    ask(app, "POST", "/api/ticket", data=json.dumps(value), content_type="application/json")


@quiet
@given(st.dictionaries(st.sampled_from(["blob", "office", "size"]), JSON), st.integers(-(2**70), 2**70))
def test_nearly_good_ticket_requests(app: Flask, change: dict[str, object], size: int) -> None:
    body = {"blob": b64(bytes(16)), "office": OFFICE, "size": size} | change
    ask(app, "POST", "/api/ticket", data=json.dumps(body), content_type="application/json")


@quiet
@given(st.data())
def test_nearly_good_items(app: Flask, data: st.DataObject) -> None:
    body = bytearray(DELETION + item())
    for at in data.draw(st.lists(st.integers(0, 60), max_size=3)):
        body[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    path = f"/api/item/{OFFICE}/{CHANNEL}"
    ask(app, "POST", path, data=bytes(body[:cut]), content_type="application/octet-stream")


@quiet
@given(
    st.sampled_from(["", "/0", "/1", "/2", "/done", "/x", "/00", "/9007199254740993"]),
    METHODS,
    st.sampled_from([0, 1, 14, 15, 16, 31, 32, 33, 65_536, 65_537, 65_538, 65_552, 65_553]),
)
def test_any_blob_request(app: Flask, ticket, end: str, method: str, size: int) -> None:
    path, with_ticket = ticket
    ask(
        app,
        method,
        path + end,
        headers=with_ticket,
        data=bytes(size),
        content_type="application/octet-stream",
    )


@quiet
@given(HEADER_TEXT | st.binary(max_size=40).map(b64))
def test_any_ticket(app: Flask, text: str) -> None:
    ask(app, "GET", f"/api/blob/{OFFICE}/{'0' * 32}/65536", headers={"Peluit-Ticket": text})


class Broken(io.RawIOBase):
    """A body that a circuit no longer brings; gunicorn hands its socket's errors on like this."""

    def __init__(self, error: OSError) -> None:
        self.error, self.asked = error, 0

    def read(self, _size: int = -1) -> bytes:
        self.asked += 1
        raise self.error


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError()], ids=["stalled", "broken"])
def test_a_circuit_that_breaks_in_the_middle_is_nothing_to_note(
    app: Flask,
    ticket: tuple[str, dict[str, str]],
    error: OSError,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address, proof = ticket
    for method, path, length, more in (
        ("PUT", f"{address}/0", 65_537, proof),
        ("POST", f"/api/item/{OFFICE}/{CHANNEL}", 65_537, {}),
        ("POST", "/api/ticket", 60, {}),
    ):
        body = Broken(error)
        raw = {"CONTENT_LENGTH": str(length), "wsgi.input": body, "wsgi.input_terminated": True}
        kind = "application/octet-stream" if length > 60 else "application/json"
        answer = app.test_client().open(
            path, method=method, headers=more, content_type=kind, environ_overrides=raw
        )
        assert (answer.status_code, answer.get_json()) == (400, {"error": "bad-request"})
        assert body.asked == 1
    assert capfd.readouterr() == ("", "")
