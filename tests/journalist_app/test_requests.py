"""Headers on every answer, and no answer to anything that is a failure of ours."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from hardening.headers import Kind, headers
from journalist_app import visit
from store.errors import BusyError, StorageFullError, StoreError
from tests.journalist_app.conftest import Server, Visitor

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PATHS = ("/en/sign-in", "/en/sign-out", "/en/bundles", "/en/import", "/en/queue", "/id/board", "/", "/en/x")
LEAKY = ("Server", "Date", "ETag", "Last-Modified", "X-Powered-By", "Set-Cookie")


def check_headers(answer: TestResponse, kind: Kind) -> None:
    for name, value in headers(kind).items():
        assert answer.headers.getlist(name) == [value], (answer.request.path, name)


def test_every_answer_has_its_headers(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    made = reviewer.export()
    answers = [
        made,
        *(
            reviewer.get(path)
            for path in ("/", "/id", "/en/", "/en/queue", "/en/import", "/en/board", made.location)
        ),
        *(
            reviewer.get(path)
            for path in ("/en/nothing", "/en/sign-out", "/favicon.ico", "/static/style.css")
        ),
        reviewer.client.post("/en/bundles"),
        reviewer.client.open("/en/queue", method="OPTIONS"),
        reviewer.client.open("/en/queue", method="TRACE"),
        reviewer.client.get("/en/queue", headers={"Host": "evil.example"}),
        reviewer.client.post("/en/bundles", data={"x": 20_000 * "x"}),
        reviewer.upload(b"x"),
        reviewer.upload(server.station.outbound()),
    ]
    assert {answer.status_code for answer in answers} == {200, 303, 308, 400, 403, 404, 405, 413}
    for answer in answers:
        check_headers(answer, Kind.FORM_PAGE)
        assert answer.mimetype == "text/html"
        assert not set(answer.headers.keys()) & set(LEAKY)
    style = reviewer.get("/style.css")
    check_headers(style, Kind.SCRIPT)
    assert style.mimetype == "text/css"
    archive = reviewer.get(f"{made.location}/peluit-in-inspektorat-1-1of1.tar")
    check_headers(archive, Kind.DATA)
    assert set(archive.headers.keys()) & set(LEAKY) == {"ETag"}, "of random ids, so that it can be resumed"
    assert not set(style.headers.keys()) & set(LEAKY)


def test_error_pages_have_the_frame_of_the_others(reviewer: Visitor) -> None:
    for path, status in (("/en/ahem", 404), ("/en/sign-out", 405)):
        answer = reviewer.get(path)
        assert answer.status_code == status
        assert f'<h1 id="error" data-status="{status}">' in answer.text
        assert 'href="/style.css"' in answer.text
        assert "ahem" not in answer.text.replace('href="/id/ahem"', "")
    assert reviewer.get("/en/sign-out").headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("error", "status"),
    [(StorageFullError, 503), (BusyError, 503), (StoreError, 500), (ZeroDivisionError, 500)],
)
def test_failures_are_pages_too_and_say_nothing(
    reviewer: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    status: int,
) -> None:
    def fail(*_: object) -> None:
        raise error("secret path") if error is ZeroDivisionError else error

    monkeypatch.setattr("store.reader.InboxReader.page", fail)
    answer = reviewer.get("/en/queue")
    assert answer.status_code == status
    assert f'data-status="{status}"' in answer.text
    check_headers(answer, Kind.FORM_PAGE)
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err in ("", f"error {error.__name__} journalist_app.queue:_page\n")
    assert caplog.records == []


def test_nothing_is_logged(
    stranger: Visitor, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stranger.sign_in(code="1")
    stranger.sign_in()
    stranger.upload(b"x")
    stranger.get("/en/nothing")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


LATIN = st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")

texts = st.text(max_size=60)
names = st.sampled_from(["proof", "name", "passphrase", "code", "bundle", "after"]) | texts


@given(path=st.sampled_from(PATHS), form=st.dictionaries(names, texts, max_size=9), signed=st.booleans())
@MANY
def test_forms(reviewer: Visitor, path: str, form: dict[str, str], signed: bool) -> None:
    client = reviewer.client.application.test_client()
    if signed:
        cookie = reviewer.client.get_cookie(visit.SESSION)
        assert cookie
        client.set_cookie(visit.SESSION, cookie.value)
        form = form | {"proof": reviewer.proof("/en/import")} if path != "/en/sign-out" else form
    assert client.post(path, data=form).status_code < 500
    assert client.get(path, query_string=form).status_code < 500


@given(body=st.binary(max_size=400), kind=texts, path=st.sampled_from(PATHS))
@MANY
def test_bodies(reviewer: Visitor, body: bytes, kind: str, path: str) -> None:
    kind = "".join(letter for letter in kind if letter.isprintable() and letter.isascii())
    for media_type in (kind, "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        assert reviewer.client.post(path, data=body, content_type=media_type).status_code < 500


@given(parts=st.lists(st.binary(max_size=80), min_size=1, max_size=6), name=texts)
@MANY
def test_multipart_bodies(reviewer: Visitor, parts: list[bytes], name: str) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="bundle"; filename="{name}"\r\n\r\n'.encode()
    proof = f'--x\r\nContent-Disposition: form-data; name="proof"\r\n\r\n{reviewer.proof("/en/import")}\r\n'
    body = proof.encode() + b"\r\n".join([head + part for part in parts]) + b"\r\n--x--"
    answer = reviewer.client.post("/en/import", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 413)


@given(
    path=st.text(st.characters(codec="utf-8"), max_size=80),
    method=st.sampled_from(["GET", "POST", "PUT", "X"]),
)
@MANY
def test_paths(reviewer: Visitor, path: str, method: str) -> None:
    for prefix in ("/", "/en/", "/id/bundles/", "/style.css/", "/en/bundles/" + 32 * "0" + "/"):
        assert reviewer.client.open(prefix + path.lstrip("/"), method=method).status_code < 500


@given(
    values=st.lists(
        st.tuples(
            st.sampled_from(["Cookie", "Host", "Sec-Fetch-Site", "Content-Length", "Range", "If-None-Match"]),
            st.text(
                st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60
            ),
        ),
        max_size=4,
    )
)
@MANY
def test_request_headers(reviewer: Visitor, values: list[tuple[str, str]]) -> None:
    client = reviewer.client.application.test_client(use_cookies=False)
    for path in ("/en/queue", "/en/sign-in", "/style.css"):
        assert (
            client.get(path, headers=[pair for pair in values if pair[0] != "Content-Length"]).status_code
            < 500
        )
    assert client.post("/en/sign-in", headers=values, data=b"").status_code < 500
