"""Each state of the reporter's page, light and dark, on small and large screens."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.accessibility.look import KINDS, Findings, look
from tests.accessibility.states import STATES, Setting, prepare, walk
from tests.accessibility.walks import BROWSERS, WALKS
from tests.e2e.office import demo

pytestmark = pytest.mark.browser

PHOTOS = Path(__file__).parents[2] / "source_app" / "web" / "test" / "metadata" / "write-samples.mjs"


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    samples, folder = tmp_path_factory.mktemp("samples"), tmp_path_factory.mktemp("bundles")
    subprocess.run(["node", PHOTOS, samples], check=True)
    with demo(tmp_path_factory.mktemp("demo")) as office:
        yield prepare(office, samples / "IMG_20261101_140322.jpg", folder)


@pytest.fixture(scope="module")
def walked(setting: Setting) -> Callable[[str, str], Findings]:
    """What one walk through all states has found, by kind: each browser and language walks once."""

    @cache
    def through(name: str, language: str) -> Findings:
        found = Findings()
        with BROWSERS[name]() as browser:
            for state in walk(browser, setting, language):
                look(browser, state, found)
            assert browser.console_errors() == []
        return found

    return through


@pytest.fixture(params=WALKS)
def findings(request: pytest.FixtureRequest, walked: Callable[[str, str], Findings]) -> Findings:
    return walked(*request.param)


def test_every_state_was_seen(findings: Findings) -> None:
    assert findings.states == STATES


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wrong(findings: Findings, kind: str) -> None:
    assert getattr(findings, kind) == []
