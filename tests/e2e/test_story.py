"""The whole story, in both browsers, with and without what Tor Browser's Safer level takes away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.office import Office, demo
from tests.e2e.story import Story
from tests.privacy.canaries import Search
from tests.privacy.seizure import search_server

pytestmark = pytest.mark.browser

BROWSERS: dict[str, Callable[[], Browser]] = {
    "chromium": Chromium,
    "firefox": Firefox,
    "chromium-safer": lambda: Chromium(safer=True),
    "firefox-safer": lambda: Firefox(safer=True),
}
STEPS = [
    *("write", "codename", "send", "download bundle", "import on the station", "read and export evidence"),
    *("reply", "upload bundle", "publish the board", "read the reply", "follow up", "read the follow-up"),
]


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The servers' TMPDIR, where their log is kept too."""
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, temporary: Path) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo"), temporary) as running:
        yield running


@pytest.mark.parametrize("name", BROWSERS)
def test_story(name: str, office: Office, temporary: Path, tmp_path: Path) -> None:
    story = Story(office, BROWSERS[name], BROWSERS["chromium"], tmp_path)
    assert list(story.tell()) == STEPS
    assert search_server(office, temporary, Search(story.secrets.canaries())) == set()


def test_story_with_an_excluded_reviewer(office: Office, tmp_path: Path) -> None:
    story = Story(office, Firefox, Chromium, tmp_path, size=10, exclude="inspektur")
    assert list(story.tell()) == STEPS
