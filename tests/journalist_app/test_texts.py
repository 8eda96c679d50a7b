"""Every text is there in both languages, and none is left over."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pyotp
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from crypto.fields import Day
from journalist_app.texts import DOMAIN, LOCALES
from tests.journalist_app.conftest import PASSPHRASE, Server, Visitor, signed_in

FOLDER = Path(LOCALES).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def catalogue() -> Catalog:
    with (LOCALES / "id" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale="id", ignore_obsolete=False)


def used() -> set[str]:
    """What pybabel finds, as `pybabel extract -F journalist_app/babel.cfg` does."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(FOLDER, methods, options)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def test_no_text_is_missing_unused_or_fuzzy() -> None:
    there = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue()} - {""}
    assert len(there) > 80
    assert there == used()
    assert not catalogue().obsolete
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_every_text_is_translated_with_the_same_places() -> None:
    for message in catalogue():
        if not message.id:
            continue
        source = message.id[0] if isinstance(message.id, tuple) else message.id
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            assert text.strip(), source
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), source
            assert text[-1:] in ".:?" or source[-1:] not in ".:?", source


def test_the_extraction_sees_templates_code_and_refusals() -> None:
    texts = used()
    assert {
        "Queue",
        "January",
        "Not found",
        "The bundle is not signed by a reviewer of this office.",
    } <= texts


def test_reviewers_are_addressed_politely() -> None:
    words = " ".join(str(message.string) for message in catalogue()).lower()
    assert not re.search(r"\b(kamu|anda-anda|password|upload|download|login|logout)\b", words)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def pages(reviewer: Visitor, server: Server) -> list[str]:
    """Every page of the app in both languages."""
    server.add_item()
    made = reviewer.export().location
    server.add_blob()
    server.add_item(on=Day("2026-11-02"))
    found: list[str] = []
    for language in ("id", "en"):
        stranger = Visitor(server.app().test_client(), server)
        found.append(stranger.get(f"/{language}/sign-in").text)
        found.append(reviewer.upload(b"x", path=f"/{language}/import").text)
        for path in ("queue", "import", "board", "nothing", made.removeprefix("/en/")):
            found.append(reviewer.get(f"/{language}/{path}").text)
        bundle = server.station.outbound(1 if language == "id" else 2)
        reviewer.upload_only(bundle, path=f"/{language}/import")
        found.append(reviewer.get(f"/{language}/import/preview").text)
        found.append(reviewer.upload(bundle, path=f"/{language}/import").text)
        found.append(reviewer.upload(bundle, path=f"/{language}/import").text)
        found += pages_about_people(server, language)
    return found


def pages_about_people(server: Server, language: str) -> list[str]:
    """What administrators, those they invite, monitors and operators see."""
    found: list[str] = []
    for name, paths in {
        "ani": (
            "people",
            "invite",
            *(f"people/rina/{act}" for act in ("role", "reset", "remove")),
            "account",
            *("deadline", "storage", "storage/retention"),
            "log",
        ),
        "mona": ("numbers", *(f"account/{act}" for act in ("passphrase", "authenticator", "recovery"))),
        "opi": ("system", "log"),
    }.items():
        server.clock.now += 30
        visitor = signed_in(server, name)
        found += [visitor.get(f"/{language}/{path}").text for path in paths]
        if name == "ani":
            shown = visitor.confirmed(f"/{language}/invite", name=f"zoe-{language}", role="monitor").text
            code = re.findall(r'id="invitation-code"[^>]*>([^<]+)<', shown)[0]
    stranger = Visitor(server.app().test_client(), server)
    found.append(stranger.get(f"/{language}/sign-in?operator=").text)
    asked = stranger.get(f"/{language}/invitation").text
    proof = {"code": code, "proof": stranger.proof(f"/{language}/invitation")}
    chosen = proof | {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    steps = [
        stranger.client.post(f"/{language}/invitation", data=proof).text,
        stranger.client.post(f"/{language}/invitation/passphrase", data=chosen).text,
    ]
    secret = re.findall(r'id="secret"[^>]*>([^<]+)<', steps[1])[0].replace(" ", "")
    digits = proof | {"digits": pyotp.TOTP(secret).at(int(server.clock.now))}
    steps.append(stranger.client.post(f"/{language}/invitation/authenticator", data=digits).text)
    return [*found, shown, asked, *steps]


def test_pages(pages: list[str]) -> None:
    """No script, nothing inline, nothing foreign; labels, captions and ids as screen readers need them."""
    assert len(pages) == 64
    for html in pages:
        tags = Page(html).tags
        ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
        labels = {attributes["for"] for tag, attributes in tags if tag == "label"}
        assert len(ids) == len(set(ids))
        assert [tag for tag, _ in tags].count("h1") == 1
        assert html.count("<table") == html.count("<caption>")
        assert "style=" not in html
        for tag, attributes in tags:
            assert tag not in {"script", "style", "iframe", "img", "object", "embed", "base"}
            assert tag not in {"svg", "path"} or 'id="secret"' in html, "the one picture: a QR code"
            assert not [name for name in attributes if name.startswith("on")]
            for name in ("href", "action", "src"):
                assert re.match(r"^(/[^/]|#)", attributes.get(name) or "#")
            if tag == "input" and attributes.get("type") != "hidden":
                assert attributes["id"] in labels
            if tag == "th":
                assert attributes["scope"] in {"col", "row", "rowgroup"}
            for name in ("aria-describedby", "aria-labelledby", "for"):
                assert set((attributes.get(name) or "").split()) <= set(ids)


def test_pages_lead_to_themselves_in_the_other_language(reviewer: Visitor) -> None:
    assert '<html lang="id">' in reviewer.get("/id/queue").text
    assert 'href="/en/queue" hreflang="en"' in reviewer.get("/id/queue").text
    assert '<html lang="en">' in reviewer.get("/en/queue").text
    assert 'href="/id/board" hreflang="id"' in reviewer.get("/en/board").text
    assert '<html lang="id">' in reviewer.get("/nowhere").text
    assert '<html lang="en">' in reviewer.get("/en/nowhere").text
