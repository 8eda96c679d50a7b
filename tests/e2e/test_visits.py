"""Whoever watches the line, or serves, cannot tell a visit that finds replies from one that finds none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from crypto import codename
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium, CountingProxy, Firefox
from tests.e2e.office import Office, demo
from tests.e2e.story import ANSWER, Story

pytestmark = pytest.mark.browser

BROWSERS: dict[str, Callable[[], Browser]] = {"chromium": Chromium, "firefox": Firefox}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def answered(office: Office, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A codename whose report was answered; the board has two pages."""
    story = Story(office, Chromium, Chromium, tmp_path_factory.mktemp("story"), size=10)
    for step in story.tell():
        if step == "publish the board":
            break
    return story.secrets.codename


@dataclass(frozen=True)
class Traffic:
    """What went over the line: each request whole but for the page's number, and the bytes that came back."""

    requests: tuple[str, ...]
    received: int


def visit(name: str, office: Office, words: str) -> tuple[list[str], Traffic]:
    """The replies that a new browser finds, and its traffic from its first byte to its last."""
    with CountingProxy("127.0.0.1", office.source_port, keep=True) as line:
        with BROWSERS[name]() as browser:
            found = reporter.come_back(browser, line.url + "/en/", words)
        sent = line.kept.decode("latin-1").replace(line.url, "http://HOST").replace(line.url[7:], "HOST")
        requests = re.sub(r"/board/[0-9a-f]{32}/\d ", "/board/VERSION/PAGE ", sent).split("\r\n\r\n")
        return found, Traffic(tuple(sorted(requests)), line.received)


@pytest.mark.parametrize("name", BROWSERS)
def test_a_visit_with_replies_and_one_without_are_the_same_on_the_line(
    name: str, office: Office, answered: str
) -> None:
    found, with_replies = visit(name, office, answered)
    assert found == [ANSWER]
    none, without = visit(name, office, " ".join(codename.make("en")))
    assert none == []
    assert len([line for line in with_replies.requests if "/board/" in line]) == 2
    assert with_replies == without
