"""The printed fingerprint."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import segno

from crypto import fingerprint
from tests.workstation.office import Desk
from workstation import sheet
from workstation.cli import main


class Text(HTMLParser):
    """What a page says, and everything that it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.said += data.split()


def test_words_and_digits_in_both_languages(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.folder.parent / "sheet.html"
    words = ["fingerprint", "--folder", str(desk.folder), "--print", str(path)]
    assert main(words) == 0
    text = Text()
    text.feed(path.read_text("utf-8"))
    said = " ".join(text.said)
    root = desk.held.root
    for part in (fingerprint.spoken(root, "id"), fingerprint.spoken(root, "en"), fingerprint.digits(root)):
        assert " ".join(part) in said
    for name in desk.directory.office.names.values():
        assert name in said
    assert not text.loads
    assert main(words) == 1, "never over a file"
    assert str(path) in capsys.readouterr().out


def test_names_are_text(desk: Desk) -> None:
    text = Text()
    text.feed(sheet.page(replace(desk.directory.office, names={"en": "<script>A&B", "id": "{x}"})))
    assert "script" not in text.tags
    assert "<script>A&B" in text.said
    assert "{x}" in text.said


def test_nothing_but_the_public_key(desk: Desk) -> None:
    assert len(sheet.page(desk.directory.office)) < 3_000


def test_the_poster_leads_to_the_address(desk: Desk) -> None:
    path, address = desk.folder.parent / "poster.html", f"http://{'a2' * 28}.onion/"
    words = ["fingerprint", "--folder", str(desk.folder), "--address", address]
    assert main([*words, "--print", str(path)]) == 0
    html = path.read_text("utf-8")
    text = Text()
    text.feed(html)
    said = " ".join(text.said)
    assert address in said
    assert " ".join(fingerprint.spoken(desk.held.root, "id")) in said
    assert not text.loads
    (drawn,) = re.findall(r'<path.* d="([^"]+)"', html)
    assert drawn in segno.make(address, error="m").svg_inline(), "a code of this address and nothing else"
    assert drawn not in segno.make(address + "x", error="m").svg_inline()
    assert main(words) == 2
    assert main([*words[:-1], "javascript:x", "--print", str(path.with_name("x.html"))]) == 2
