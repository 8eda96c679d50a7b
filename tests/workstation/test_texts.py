"""Every text is translated, none is left over, and placeholders agree."""

import string
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog

from crypto.constants import STATUSES
from workstation import errors, texts
from workstation.catalogue import template

PO_FILES = sorted(texts.FOLDER.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file, locale=path.parts[-3], abort_invalid=True)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_but_english_has_a_catalogue() -> None:
    assert [path.parts[-3] for path in PO_FILES] == [name for name in texts.LANGUAGES if name != "en"]


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parts[-3])
def test_catalogue_is_complete(path: Path) -> None:
    catalogue, wanted = read(path), template()
    ids = {message.id for message in catalogue if message.id}
    needed = {message.id for message in wanted if message.id}
    assert ids == needed, (needed - ids, ids - needed)
    assert not catalogue.obsolete
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        translated = message.string if isinstance(message.string, tuple) else (message.string,)
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in translated:
            assert text, message.id
            if "%" not in originals[0]:
                assert placeholders(text) == placeholders(originals[-1]), message.id
            else:
                assert text.count("%") == originals[0].count("%")
            for edge in (str.lstrip, str.rstrip):
                assert (edge(text) == text) is (edge(originals[0]) == originals[0]), message.id


def test_labels_cover_the_protocol() -> None:
    assert tuple(texts.STATUSES) == STATUSES


def test_every_error_can_be_said() -> None:
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, errors.StationError):
            details = dict.fromkeys(placeholders(str(error.__doc__)), "x")
            assert "{" not in str(error(**details))
            assert error.exit_code in (1, 2)


def test_language_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, expected in (
        ("LANG", "id_ID.UTF-8", "id"),
        ("LANG", "id", "id"),
        ("LANG", "C.UTF-8", "en"),
        ("LANG", "it_IT", "en"),
    ):
        for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv(name, value)
        assert texts.from_environment() == expected
