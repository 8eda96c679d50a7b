"""One private network with one office on it, for all tests of a file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tor.network import Network
from tests.tor.office import OnionOffice, onion_office


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    # Not pytest's folder: the paths of Unix sockets must be short.
    with tempfile.TemporaryDirectory(prefix="peluit-tor-") as folder, Network(Path(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def office(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnionOffice]:
    with onion_office(tmp_path_factory.mktemp("office") / "demo", network) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These come first of all tests: they wait more than they work, and none should have to wait for them."""
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)
