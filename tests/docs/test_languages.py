"""What is written in both languages has the same parts, leads somewhere, and uses the words of the page."""

import re
from pathlib import Path

import pytest

from source_app.pages import Language, catalogue

ROOT = Path(__file__).parents[2]
PAIRS = [
    ("README.md", "README.id.md"),
    ("docs/reporter-guide.md", "docs/panduan-pelapor.md"),
    ("docs/station-install.md", "docs/pasang-stasiun.md"),
    ("docs/handbook.md", "docs/buku-pegangan.md"),
]
GUIDES: list[tuple[str, Language]] = [("docs/reporter-guide.md", "en"), ("docs/panduan-pelapor.md", "id")]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def shape(text: str) -> list[str]:
    """Each heading by its depth, and below it what kind of lines follow one another."""
    marks = re.findall(r"^(#+ |- |\d\. |\||```)", text, re.MULTILINE)
    return [re.sub(r"\d", "1", mark) for mark in marks]


@pytest.mark.parametrize(("english", "indonesian"), PAIRS)
def test_both_languages_have_the_same_parts(english: str, indonesian: str) -> None:
    assert shape(read(english)) == shape(read(indonesian))
    assert len(shape(read(english))) > 10


@pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair])
def test_every_link_leads_to_a_file(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", read(name))
    assert links
    for link in links:
        assert ((ROOT / name).parent / link).exists(), link


@pytest.mark.parametrize(("english", "indonesian"), PAIRS)
def test_each_language_leads_to_the_other(english: str, indonesian: str) -> None:
    assert f"]({Path(indonesian).name})" in read(english)
    assert f"]({Path(english).name})" in read(indonesian)


@pytest.mark.parametrize(("name", "language"), GUIDES)
def test_what_is_quoted_stands_on_the_page(name: str, language: Language) -> None:
    shown = {text for part in catalogue(language).values() for text in part.values()}
    quoted = re.findall(r"\*\*(.+?)\*\*", read(name))
    assert len(quoted) > 10
    assert set(quoted) - shown == set()
