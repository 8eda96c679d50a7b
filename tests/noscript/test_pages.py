"""The pages as such: plain, small, quiet, the same in both languages, and nothing that was not asked for."""

import re
from itertools import product

import pytest

from hardening.headers import Kind, headers
from source_app.noscript import create_app
from source_app.noscript.front import SMALLEST, STORED
from source_app.noscript.messages import KINDS
from source_app.noscript.notes import Block, blocks
from tests.e2e.office import free_port
from tests.noscript.visitor import PlainVisitor
from tests.store.installation import REVIEWERS

PLACE = "kota-contoh/aduan"
PAGES = [
    *("", "report", "thread", "thread/kota-contoh", "message/kota-contoh", "evidence/kota-contoh"),
    *(f"codename/{PLACE}", f"report/{PLACE}", f"evidence/{PLACE}"),
    *(f"stored/{what}/{PLACE}" for what in STORED),
    *(f"{what}/kota-contoh" for what in ("threat", "objection", "withdrawal", "erasure", "authorship")),
    *("rating/kota-contoh/1", "sealed", "sealed/arrived"),
]
SENT = [f"report/{PLACE}", *(f"{kind}/kota-contoh" for kind in KINDS), "rating/kota-contoh/1"]
FORMS = ["thread/kota-contoh", "erasure/kota-contoh", "authorship/kota-contoh", *SENT]
LARGEST_PAGE = 30_000


@pytest.mark.parametrize(("language", "path"), [*product(("id", "en"), PAGES)])
def test_pages(visitor: PlainVisitor, language: str, path: str) -> None:
    """No script, nothing inline, nothing foreign, no more than a style beside it; labels for every field."""
    answer = visitor.get(f"/{language}/{path}")
    page = answer.page
    assert answer.status == 200 and f'<html lang="{language}">' in page.html
    style = visitor.get("/style.css").page.html
    assert len(page.html.encode()) == SMALLEST
    assert SMALLEST + len(style.encode()) < LARGEST_PAGE
    assert len(page.ids) == len(set(page.ids))
    assert [tag for tag, _ in page.tags].count("h1") == 1
    labels = {attributes["for"] for tag, attributes in page.tags if tag == "label"}
    for tag, attributes in page.tags:
        assert tag not in {"script", "style", "iframe", "img", "svg", "object", "embed", "base", "noscript"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "action"):
            assert re.match(r"(/[^/]|/$|#|about:blank$)", attributes.get(name) or "#")
        if attributes.get("type") == "hidden":
            # The office's readers, the same in everybody's page: nothing that tells one visitor from another.
            assert attributes["name"] == "reader" and attributes["value"] in REVIEWERS
        elif tag in {"input", "textarea", "select"}:
            assert attributes["id"] in labels
        for name in ("aria-describedby", "aria-labelledby"):
            assert set((attributes.get(name) or "").split()) <= set(page.ids)
    other = {"id": "en", "en": "id"}[language]
    assert f'href="/{other}/{path}" hreflang="{other}"' in page.html


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", f"/en/{path}", 200) for path in PAGES),
        *(("POST", f"/en/{path}", 415) for path in FORMS),
        ("GET", "/style.css", 200),
        ("GET", "/nothing", 404),
        ("GET", "/en/report/kota-contoh", 404),
        ("POST", "/en/", 405),
        ("GET", "/en/stored/other/kota-contoh/aduan", 404),
        ("GET", "/api/intake", 404),
        ("GET", "/site.json", 404),
        ("TRACE", "/en/", 405),
    ],
)
def test_headers_and_the_table_of_routes(visitor: PlainVisitor, method: str, path: str, status: int) -> None:
    answer = visitor.ask(method, path)
    assert answer.status == status
    kind = Kind.SCRIPT if path == "/style.css" else Kind.FORM_PAGE
    assert headers(kind).items() <= dict(answer.headers).items()
    for name in ("Set-Cookie", "Server", "Date", "ETag", "Last-Modified", "Location"):
        assert name not in answer.headers


@pytest.mark.parametrize("path", FORMS)
def test_what_another_site_makes_a_browser_send_is_refused(visitor: PlainVisitor, path: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for site, status in (("same-origin", 422), ("none", 422), ("cross-site", 403), ("same-site", 403)):
        assert (
            visitor.ask("POST", f"/en/{path}", b"codename=x", **kind, **{"Sec-Fetch-Site": site}).status
            == status
        )


@pytest.mark.parametrize(
    "body",
    [
        b"codename=%FF%FE",
        b"codename=a&codename=b",
        b"codename=a%00b",
        "codename=é".encode(),
        b"&".join(b"f%d=x" % number for number in range(5_000)),
        b"exclude=nobody&answer-what=x&answer-who=x&channel=aduan&text=x&stars=1&codename=x",
    ],
)
@pytest.mark.parametrize("path", SENT)
def test_what_no_browser_sends_is_refused(visitor: PlainVisitor, path: str, body: bytes) -> None:
    answer = visitor.ask("POST", f"/en/{path}", body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 400 and "cannot read what arrived" in answer.page.text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_whose_body_is_huge_is_refused(visitor: PlainVisitor, path: str) -> None:
    body = b"text=" + b"x" * 5_000_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.ask("POST", f"/en/{path}", body, **kind).status == 413


def test_texts_of_the_office_are_shown_as_text(visitor: PlainVisitor) -> None:
    html = visitor.get(f"/en/report/{PLACE}").page.html
    assert "&lt;b&gt;Who &amp; what&lt;/b&gt;" in html
    assert "<li>a</li>" in html


def test_notes() -> None:
    assert blocks("One\nline.\n\n- a\n- b\nend") == [
        Block(False, ("One", "line.")),
        Block(True, ("a", "b")),
        Block(False, ("end",)),
    ]
    assert blocks("") == []


def test_the_notice_comes_before_any_field(visitor: PlainVisitor) -> None:
    page = visitor.get("/en/").page
    assert "Here the server sees your text" in page.text
    assert not [tag for tag, _ in page.tags if tag in {"form", "input", "textarea", "select"}]


def test_without_the_source_application_it_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    answer = PlainVisitor(create_app(f"127.0.0.1:{free_port()}").test_client()).get("/en/")
    assert answer.status == 503 and "Come back later" in answer.page.text
    assert capfd.readouterr().err == "error BusyError source_app.noscript.source:ask\n"
