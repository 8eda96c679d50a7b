"""The reporter's static pages: complete in both languages, safe under the site's CSP, light."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from source_app.pages import LANGUAGES, Language, Office, Site, catalogue, render

SOURCE_APP = Path(__file__).parents[2] / "source_app"
UI = SOURCE_APP / "web" / "src" / "ui"
CALLS = SOURCE_APP / "web" / "src" / "worker" / "calls.ts"
PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"

ASSETS = {"main": "main-abc.js", "style": "style-abc.css"}
PAGE_BUDGET = 12_000  # bytes as they are served, compressed, with the style sheet; 30 KB are allowed

# Families of script texts whose keys are put together from a code that comes from elsewhere.
FAMILIES = ("failure-", "status-")

HOOKS = {
    "door-report", "door-return", "office", "channel", "form-fields", "form-details", "form-notes",
    "office-notes", "files", "to-codename", "codename-words", "written-down", "practice", "send", "sent",
    "codename-input", "unlock", "replies", "no-replies", "status-steps", "follow-up",
    "follow-up-channel", "send-follow-up", "follow-up-sent", "threat", "objection", "withdrawal", "erasure",
    "authorship", "leave", "failure", "try-again", "send-to-them", "skip-file", "edit-again",
    "quick-exit", "needs-scripts", "needs-crypto", "door-sealed", "hand-in-file",
    "hand-in-send", "hand-in-done",
}  # fmt: skip


def office(name: str = "Inspektorat Kota Contoh") -> Office:
    return Office(
        id="inspektorat-contoh",
        names={"id": name, "en": f"{name} (en)"},
        digits=tuple(f"{n:05}" for n in range(8)),
        words={"id": ("kebun",) * 8, "en": ("garden",) * 8},
    )


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of the title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] and self.tags[-1][0] == "title" and not self.title:
            self.title = data

    def ids(self) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]

    def named(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture
def html(language: Language) -> str:
    return render(Site((office(),)), ASSETS)[f"{language}/index.html"].decode()


@pytest.fixture
def page(html: str) -> Elements:
    return Elements(html)


# Files


def test_root_is_the_indonesian_page() -> None:
    files = render(Site((office(),)), ASSETS)
    assert set(files) == {"index.html", "id/index.html", "en/index.html"}
    assert files["index.html"] == files["id/index.html"]
    assert files["index.html"] == render(Site((office(),)), ASSETS)["index.html"]


def test_language_is_named_and_the_other_is_linked(page: Elements, language: Language) -> None:
    assert page.tags[0] == ("html", {"lang": language})
    other = "en" if language == "id" else "id"
    assert any(link.get("href") == f"/{other}/" and link.get("lang") == other for link in page.named("a"))


def test_title_is_neutral(page: Elements) -> None:
    assert page.title in {"Beranda", "Home"}


def test_weight(html: str) -> None:
    served = (html.encode(), (UI / "style.css").read_bytes())
    assert sum(len(gzip.compress(part, 9)) for part in served) <= PAGE_BUDGET


def test_every_office_shows_its_fingerprint(html: str, language: Language) -> None:
    shown = office()
    assert shown.names[language] in html
    for part in (*shown.digits, *shown.words[language]):
        assert f"<span>{part}</span>" in html


def test_names_are_escaped(language: Language) -> None:
    html = render(Site((office('<script>"&'),)), ASSETS)[f"{language}/index.html"].decode()
    assert '<script>"' not in html
    assert "&lt;script&gt;&#34;&amp;" in html


def test_missing_asset_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render(Site((office(),)), {"main": "main-abc.js"})


# What the content security policy forbids, and what would leave the site


def test_nothing_inline_and_nothing_foreign(page: Elements) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"style", "img", "svg", "iframe", "object", "embed", "base", "audio", "video"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            assert re.match(r"^(/[^/]|#|about:blank$)", attributes.get(name) or "#")
    assert [script.get("src") for script in page.named("script")] == ["/assets/main-abc.js"]


def test_forms_go_nowhere_and_remember_nothing(page: Elements) -> None:
    forms = list(page.named("form"))
    assert forms
    for attributes in forms:
        assert "action" not in attributes
        assert "method" not in attributes
        assert attributes["autocomplete"] == "off"


def test_the_office_asks_and_not_the_page(page: Elements) -> None:
    """Questions are signed data of the office; the page has only the places for them."""
    assert not [found for found in page.ids() if found.startswith("answer-")]


def test_file_fields_open_no_camera(page: Elements) -> None:
    files = [field for field in page.named("input") if field.get("type") == "file"]
    assert {field["id"] for field in files} == {"files", "hand-in-file"}
    assert {field["id"] for field in files if "multiple" in field} == {"files"}
    assert not any("capture" in field for field in files)


def test_codename_field_teaches_the_keyboard_nothing(page: Elements) -> None:
    fields = [field for field in page.named("textarea") if field.get("class") == "words"]
    assert {field["id"] for field in fields} == {"codename-input", "practice-words"}
    for field in fields:
        shown = (field["autocomplete"], field["autocapitalize"], field["spellcheck"])
        assert shown == ("off", "off", "false")


# What a person without scripts, or with a screen reader, meets


def test_notice_stands_until_scripts_remove_it(page: Elements) -> None:
    by_id = {attributes.get("id"): attributes for _, attributes in page.tags}
    assert "hidden" not in by_id["needs-scripts"]
    assert "hidden" in by_id["doors"]
    shown = [section["id"] for section in page.named("section") if "hidden" not in section]
    assert shown == ["landing"]


def test_ids_are_unique_and_references_lead_somewhere(page: Elements) -> None:
    ids = page.ids()
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    for _, attributes in page.tags:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)


def test_every_field_has_a_label(page: Elements) -> None:
    labelled = {label["for"] for label in page.named("label")}
    for tag in ("input", "select", "textarea", "meter"):
        # Files are chosen with a button; the field itself is out of sight.
        assert {field["id"] for field in page.named(tag) if "hidden" not in field} <= labelled


def test_hooks_for_the_browser_tests(page: Elements) -> None:
    assert set(page.ids()) >= HOOKS


# Scripts and page fit together


def scripts() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(UI.glob("*.ts")))


def test_scripts_find_every_element_they_name(page: Elements) -> None:
    named = set(re.findall(r'\b(?:byId|button|form|input|select|area|onSubmit)\("([a-z-]+)"', scripts()))
    assert len(named) > 30
    assert named <= set(page.ids())


def test_scripts_write_no_markup_and_keep_nothing() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    memory = r"localStorage|sessionStorage|indexedDB|\.cookie|pushState|replaceState|\.hash\b"
    assert re.findall(f"{markup}|{memory}", scripts()) == []


def test_style_knows_no_left_and_right() -> None:
    """A language that is written from right to left turns the page around by itself."""
    assert re.findall(r"\b(?:left|right)\b", (UI / "style.css").read_text("utf-8")) == []


# Catalogues


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_both_languages_say_the_same_things() -> None:
    first, second = (catalogue(each) for each in LANGUAGES)
    assert set(first) == set(second) == {"page", "script", "sealing_script"}
    for part in first:
        assert set(first[part]) == set(second[part])
        for key, text in first[part].items():
            assert text.strip()
            assert second[part][key].strip()
            assert places(text) == places(second[part][key]), key


def test_every_page_text_is_used_and_every_used_one_exists() -> None:
    files = sorted((SOURCE_APP / "templates").glob("*.html"))
    templates = "\n".join(path.read_text("utf-8") for path in files)
    assert set(re.findall(r't\["([a-z-]+)"\]', templates)) == set(catalogue("id")["page"])


def test_every_script_text_is_used_and_every_used_one_exists() -> None:
    keys = set(catalogue("id")["script"])
    plain = {key for key in keys if not key.startswith(FAMILIES)}
    files = sorted((SOURCE_APP / "templates").glob("*.html"))
    filled = {key for path in files for key in re.findall(r'data-text="([a-z-]+)"', path.read_text("utf-8"))}
    quoted = set(re.findall(r'"([a-z][a-z-]*)"', scripts()))
    assert plain - quoted - filled == set()
    assert filled <= keys
    direct = set(re.findall(r'\btext\("([a-z-]+)"', scripts()))
    assert direct <= keys


def test_every_code_has_a_text() -> None:
    keys = set(catalogue("id")["script"])
    calls = CALLS.read_text("utf-8")
    (failures,) = re.findall(r"FAILURES = \[(.*?)\]", calls, re.DOTALL)
    (statuses,) = re.findall(r"`status` is one of (.*?)\.\n", PROTOCOL.read_text("utf-8"), re.DOTALL)
    for family, found in (
        ("failure-", re.findall(r'"([a-z-]+)"', failures)),
        ("status-", re.findall(r"`([a-z-]+)`", statuses)),
    ):
        assert {family + code for code in found} == {key for key in keys if key.startswith(family)}


def test_the_two_words_that_people_know_from_lapor_are_explained(html: str) -> None:
    """R7: nobody has to choose between them here."""
    assert "SP4N-LAPOR!" in html
