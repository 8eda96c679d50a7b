"""A small office whose every key the test knows, with the real page, and a strange server in front of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crypto import calendar, codename
from crypto.codename import ReporterKeys
from crypto.directory import sign_slice
from crypto.message import Thread
from crypto.reply import ReplyPart
from crypto.seal.reply import fill_pages, seal_reply
from peluit import reporter_pages
from store import site
from store.board import Board
from store.layout import Layout
from store.site import Site
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.source_server import SourceServer
from tests.e2e.strange_server import StrangeServer
from tests.store.installation import OFFICE, REVIEWERS, ROOT, SIGN, SITE, Installation, directory, install


@dataclass(frozen=True)
class SmallOffice:
    """An installation with one office, served by the true server."""

    installation: Installation
    server: SourceServer

    @property
    def layout(self) -> Layout:
        return self.installation.layout

    def keys(self, words: str) -> ReporterKeys:
        """What a reporter has under this codename."""
        return codename.keys(codename.stretch(codename.read(words), SITE.instance))

    def slice(self, serial: int = 1, days: int = 0) -> bytes:
        """The slice of a day that is so many days ahead, as the office would have signed it."""
        day = calendar.add_days(calendar.today(), days)
        return sign_slice(directory(day, serial), calendar.epoch_of(day), ROOT)

    def answer(self, text: str, *codenames: str) -> None:
        """Publishes the office's answer to each of these codenames, and nothing else."""
        slots = []
        for reporter in map(self.keys, codenames):
            part = ReplyPart(
                *(SITE.instance, OFFICE, reporter.verify, REVIEWERS[0]),
                *(1, 1, 1, calendar.today(), "reviewing", text),
            )
            thread = Thread(reporter.verify, reporter.reply.public, reporter.hint)
            slots.append(seal_reply(part, thread, SIGN))
        Board(self.layout.board).publish(fill_pages(slots, SITE.instance))


@pytest.fixture(scope="module")
def small_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    made = install(Layout(tmp_path_factory.mktemp("small") / "data"))
    made.layout.site.unlink()
    site.write(made.layout, Site(SITE.instance, SITE.offices[:1]))
    reporter_pages.place(made.layout)
    server = SourceServer(made.layout.root)
    server.start()
    yield SmallOffice(made, server)
    server.cut_off()


@pytest.fixture
def strange(small_office: SmallOffice) -> Iterator[StrangeServer]:
    with StrangeServer(small_office.server.port).running() as running:
        yield running


@pytest.fixture(scope="module", params=[Chromium, Firefox], ids=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One for all tests of a module."""
    with request.param() as opened:
        yield opened
