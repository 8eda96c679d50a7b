"""The sealing page as it is composed and served: one file, the same for the same keys, complete in itself."""

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.binding import b64, unb64
from crypto.directory import read_slice
from hardening.headers import Kind, headers
from peluit.reporter_pages import place
from source_app import create_app
from source_app.pages import LANGUAGES, Language, catalogue
from source_app.sealing_files import SealingFiles
from source_app.sealing_page import FILE_NAME, Parts, compose
from store.directories import Directories
from store.layout import Layout
from tests.store.installation import OFFICE, OTHER, ROOT, SITE, directory, other_serial, signed

SOURCE_APP = Path(__file__).parents[2] / "source_app"
SEALING = SOURCE_APP / "web" / "src" / "sealing"
PARTS = Parts(script="'use strict';", style="p { margin: 0 }")


@pytest.fixture
def layout(layout: Layout) -> Layout:
    """With the pages of the real build in place."""
    place(layout)
    return layout


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture
def page(layout: Layout, language: Language) -> str:
    return SealingFiles(layout).page(language).decode()


class Elements(HTMLParser):
    """Every start tag, and the text inside scripts and styles by their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if tag in ("script", "style"):
            self.inside.append((attributes.get("type") or tag, data))
            self.tags.append(("", {}))


# The file


def test_the_same_keys_give_the_same_bytes(layout: Layout, language: Language) -> None:
    assert SealingFiles(layout).page(language) == SealingFiles(layout).page(language)


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    elements = Elements(page)
    loading = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}
    for tag, attributes in elements.tags:
        assert not loading & set(attributes), tag
        assert tag not in {"link", "iframe", "object", "embed", "base", "img", "audio", "video"}
        assert (
            attributes.get("href", "#main") in {"#main", "about:blank"}
            or attributes.get("id") == "save-sealed"
        )
    style = dict(elements.inside)["style"]
    assert not re.search(r"url\(|@import|image-set", style)


def test_only_its_own_script_and_style_count(page: str) -> None:
    elements = Elements(page)
    (policy,) = [
        tag["content"] for name, tag in elements.tags if tag.get("http-equiv") == "Content-Security-Policy"
    ]
    inside = dict(elements.inside)
    hashes = {
        kind: b64_padded(hashlib.sha256(inside[kind].encode()).digest()) for kind in ("script", "style")
    }
    assert policy == (
        f"default-src 'none'; connect-src 'none'; script-src 'sha256-{hashes['script']}'; "
        f"style-src 'sha256-{hashes['style']}'; worker-src blob:; form-action 'none'; base-uri 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script>")
    assert not [
        name
        for _, attributes in elements.tags
        for name in attributes
        if name.startswith("on") or name == "style"
    ]


def b64_padded(data: bytes) -> str:
    text = b64(data).replace("-", "+").replace("_", "/")
    return text + "=" * (-len(text) % 4)


def test_every_epoch_of_every_office_is_inside_and_still_signed(page: str, layout: Layout) -> None:
    inside = json.loads(dict(Elements(page).inside)["application/json"])
    assert inside["site"] == json.loads(layout.site.read_bytes())
    made = directory(calendar.today())
    assert set(inside["slices"]) == {OFFICE}
    for epoch, text in inside["slices"][OFFICE].items():
        found = read_slice(unb64(text, len(text) * 3 // 4), ROOT.verify_key.encode())
        assert (found.epoch, found.keys) == (int(epoch), made.epochs[found.epoch])
    assert {int(epoch) for epoch in inside["slices"][OFFICE]} == set(made.epochs)


def test_it_says_until_when_it_is_good(page: str, language: Language) -> None:
    last = calendar.last_day(max(directory(calendar.today()).epochs))
    assert [tag["datetime"] for name, tag in Elements(page).tags if name == "time" and "datetime" in tag] == [
        last
    ]
    assert page.count(catalogue(language)["page"]["seal-no-keys"]) == 1, OTHER


def test_what_would_end_the_script_inside_a_page_is_refused() -> None:
    site_file = b'{"instance":"AAECAwQFBgcICQoLDA0ODw","offices":[],"suite":"peluit/1"}'
    for parts in (Parts("'</ScRipt>'", ""), Parts("'<!--'", ""), Parts("", "</STYLE>")):
        with pytest.raises(ValueError, match="the build holds"):
            compose("id", parts, site_file, {})


def test_a_name_cannot_end_the_data(layout: Layout) -> None:
    site_file = layout.site.read_bytes().replace(b"Inspectorate", b"</script><script>")
    page = compose("en", PARTS, site_file, {}).decode()
    assert [kind for kind, _ in Elements(page).inside] == ["style", "application/json", "script"]
    assert json.loads(dict(Elements(page).inside)["application/json"])["site"] == json.loads(site_file)


# Served


def address(language: Language, ending: str = "") -> str:
    return f"/{language}/{FILE_NAME}{ending}"


def test_it_is_served_to_be_saved(client: FlaskClient, page: str, language: Language) -> None:
    answer = client.get(address(language))
    assert (answer.status_code, answer.data.decode()) == (200, page)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{FILE_NAME}"'
    assert headers(Kind.DATA).items() <= dict(answer.headers).items()
    packed = client.get(address(language), headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", answer.data)


def test_its_hash_is_beside_it(client: FlaskClient, language: Language) -> None:
    line = client.get(address(language, ".sha256"))
    found = hashlib.sha256(client.get(address(language)).data).hexdigest()
    assert line.data.decode() == f"{found}  {FILE_NAME}\n"
    assert headers(Kind.DATA).items() <= dict(line.headers).items()


def test_new_keys_make_a_new_page(client: FlaskClient, layout: Layout, language: Language) -> None:
    before = client.get(address(language)).data
    later = calendar.add_days(calendar.today(), 7)
    Directories(layout, SITE).publish(OFFICE, *signed(other_serial(directory(later), 2)))
    after = client.get(address(language)).data
    assert after != before
    assert calendar.last_day(max(directory(later).epochs)).encode() in after
    assert client.get(address(language, ".sha256")).data.startswith(
        hashlib.sha256(after).hexdigest().encode()
    )


def test_its_parts_are_no_files_of_the_site(client: FlaskClient, layout: Layout) -> None:
    (part,) = (layout.pages / "assets").glob("sealing-*")
    assert client.get(f"/assets/{part.name}").status_code == 404


def test_without_a_build_there_is_no_such_address(layout: Layout, language: Language) -> None:
    for part in (layout.pages / "assets").glob("sealing-*"):
        part.unlink()
    assert create_app(layout).test_client().get(address(language)).status_code == 404


@pytest.mark.parametrize("ending", ["", ".sha256"])
def test_the_front_page_leads_to_it(layout: Layout, language: Language, ending: str) -> None:
    front = (layout.pages / language / "index.html").read_text("utf-8")
    assert f'href="{address(language, ending)}"' in front


# Scripts, page and texts fit together


def test_scripts_find_every_element_they_name(page: str) -> None:
    """Also those of the reporter's page that are used here."""
    main = (SEALING / "main.ts").read_text("utf-8")
    shared = [
        SOURCE_APP / "web" / "src" / "ui" / f"{name}.ts" for name in re.findall(r'"\.\./ui/([\w-]+)"', main)
    ]
    scripts = "\n".join(path.read_text("utf-8") for path in (*SEALING.glob("*.ts"), *shared))
    named = set(re.findall(r'\b(?:byId|button|form|input|select|area|onSubmit)\("([a-z-]+)"', scripts))
    ids = [tag["id"] for _, tag in Elements(page).tags if "id" in tag]
    assert len(named) > 15
    assert named <= set(ids)
    assert len(ids) == len(set(ids))


def test_other_words_are_for_texts_that_exist(language: Language) -> None:
    texts = catalogue(language)
    assert set(texts["sealing_script"]) <= set(texts["script"])
    for key, text in texts["sealing_script"].items():
        assert text != texts["script"][key], key
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", texts["script"][key]), key
