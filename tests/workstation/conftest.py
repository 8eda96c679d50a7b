"""Fixtures of the station's tests."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages import mofile, pofile

from tests.workstation.office import PASSPHRASE, Desk, make_desk
from workstation import texts
from workstation.station import Station, unlock


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Compiles the catalogues, as installing does (`pybabel compile`)."""
    for source in texts.FOLDER.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as binary:
            mofile.write_mo(binary, catalogue)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Texts in English; the tests of other languages choose their own."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "80")
    texts.use("en")
    yield
    texts.use("en")


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("pristine"))


@pytest.fixture
def desk(pristine: Desk, tmp_path: Path) -> Desk:
    """A copy of a new station with three reviewers and an empty stick."""
    origin = pristine.folder.parent
    shutil.copytree(origin, tmp_path / "desk")
    copied = tmp_path / "desk"
    return replace(pristine, folder=copied / "station", stick=copied / "stick")


Unlock = Callable[[str], AbstractContextManager[Station]]


@pytest.fixture
def unlocked(desk: Desk) -> Unlock:
    """Unlocks the station for a reviewer."""
    return lambda reviewer: unlock(desk.folder, reviewer, PASSPHRASE.format(reviewer))
