"""One bundle for all tests, and computers to install it on."""

from pathlib import Path

import pytest

from tests.station_bundle.stick import REPOSITORY, Computer, build, copy_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(REPOSITORY, tmp_path_factory.mktemp("sources") / "checkout")


@pytest.fixture(scope="session")
def printed(sources: Path) -> tuple[Path, str]:
    """The bundle, and what its making printed."""
    return sources.parent / "bundle", build(sources, sources.parent / "bundle")


@pytest.fixture
def bundle(printed: tuple[Path, str]) -> Path:
    return printed[0]


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """One on which nothing is installed."""
    return Computer(tmp_path)
