"""What tests of several folders need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice, open_office


@pytest.fixture(scope="session")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """A demo office on disk, not running."""
    yield open_office(tmp_path_factory.mktemp("office") / "demo")


@pytest.fixture(scope="session")
def demo_server(demo_office: DemoOffice) -> Path:
    """Its server's data folder."""
    return demo_office.server
