"""Every text is there in both languages, and none is left over."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from crypto.constants import STATUSES
from source_app.noscript import status
from source_app.noscript.texts import DOMAIN, LOCALES

FOLDER = Path(LOCALES).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def catalogue() -> Catalog:
    with (LOCALES / "id" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale="id", ignore_obsolete=False)


def used() -> set[str]:
    """What pybabel finds, as `pybabel extract -F source_app/noscript/babel.cfg` does."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    return {str(text) for _, _, text, _, _ in extract_from_dir(FOLDER, methods, options)}


def test_no_text_is_missing_unused_or_fuzzy() -> None:
    there = {message.id for message in catalogue()} - {""}
    assert len(there) > 100
    assert there == used()
    assert not catalogue().obsolete
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_every_text_is_translated_with_the_same_places() -> None:
    for message in catalogue():
        if message.id:
            assert message.string.strip(), message.id
            assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id))
            assert message.string[-1:] in ".:?" or message.id[-1:] not in ".:?", message.id


def test_the_extraction_sees_templates_and_code() -> None:
    assert {"The door without scripts", "January", "Not found", "Under review"} <= used()


def test_every_status_has_words() -> None:
    assert tuple(status.STATUSES) == STATUSES


def test_reporters_are_addressed_politely() -> None:
    words = " ".join(str(message.string) for message in catalogue()).lower()
    assert not re.search(r"\b(kamu|password|upload|download|login|logout|server anda)\b", words)
