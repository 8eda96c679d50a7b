"""The page stays light: sizes of what is built and rendered, as it is served."""

import re

import pytest

from bench.weight import PAGE, REQUESTS, SCRIPTS, files, weigh
from peluit.demo_office import DemoOffice
from source_app.pages import LANGUAGES
from store import pages
from store.layout import Layout

COMPRESSED = 12_000
"""Bytes of a page and its style sheet as they are served."""

LOADED = re.compile(r"<(?:link|img|iframe|audio|video|source|object|embed)\b[^>]*(?:href|src|data)=")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_without_scripts_is_small(demo_office: DemoOffice, language: str) -> None:
    page = pages.read(Layout(demo_office.server))[f"{language}/index.html"]
    styles = files(".css").values()
    loaded = LOADED.findall(page.decode())
    assert weigh(page).plain + sum(style.plain for style in styles) <= PAGE
    assert weigh(page).compressed + sum(style.compressed for style in styles) <= COMPRESSED
    assert 1 <= len(loaded) <= REQUESTS - 1, loaded


def test_all_scripts_together_are_small() -> None:
    weights = files(".js")
    assert {"main", "worker"} <= set(weights)
    assert sum(weight.compressed for weight in weights.values()) <= SCRIPTS


def test_a_weight_is_that_of_the_smaller_form() -> None:
    assert weigh(b"a" * 1_000).compressed < 100
    assert weigh(b"\x93\x11\xf0").compressed == 3
