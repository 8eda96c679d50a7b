"""The whole story without scripts, to the station and back: over plain HTTP, and in Firefox at Safest."""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from store.layout import Layout
from tests.e2e import reviewer
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.office import Office, demo, originals
from tests.noscript.conftest import Server, serve
from tests.noscript.visitor import Upload
from tests.privacy.canaries import Search
from tests.privacy.seizure import search_server

pytestmark = pytest.mark.browser

OFFICE, CHANNEL = "kota-contoh", "aduan-integritas"
ANSWER = "Terima kasih.\nKapan tepatnya kejadian itu?"


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, temporary: Path) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo"), temporary) as running:
        yield running


@pytest.fixture(scope="module")
def door(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(Layout(office.folder / "server"), tmp_path_factory.mktemp("door"))
    yield running
    assert running.stop() == ""


class Person:
    """What the reporter does; each step returns when the page says so."""

    def report(self, what: str) -> str: ...

    def send_file(self, codename: str, path: Path) -> None: ...

    def replies(self, codename: str) -> list[str]: ...

    def add(self, codename: str, text: str) -> None: ...


class PlainPerson(Person):
    """With an HTTP client."""

    def __init__(self, door: Server) -> None:
        self._visitor = door.visitor()

    def report(self, what: str) -> str:
        name = self._visitor.codename("id", f"{OFFICE}/{CHANNEL}")
        pairs = ("answer-what", what), ("answer-where", "Terminal"), ("codename", name)
        assert self._visitor.post(f"/id/report/{OFFICE}/{CHANNEL}", *pairs).status == 303
        return name

    def send_file(self, codename: str, path: Path) -> None:
        upload = Upload(path.name, path.read_bytes())
        pairs = ("codename", codename), ("channel", CHANNEL)
        assert self._visitor.attach(f"/id/evidence/{OFFICE}", upload, *pairs).status == 303

    def replies(self, codename: str) -> list[str]:
        page = self._visitor.post(f"/id/thread/{OFFICE}", ("codename", codename)).page
        return page.marked("words")

    def add(self, codename: str, text: str) -> None:
        pairs = ("codename", codename), ("channel", CHANNEL), ("text", text)
        assert self._visitor.post(f"/id/message/{OFFICE}", *pairs).status == 303


class Safest(Person):
    """In Firefox, where no script runs."""

    def __init__(self, url: str, browser: Browser) -> None:
        self._browser, self._url = browser, url

    def report(self, what: str) -> str:
        browser = self._browser
        browser.open(self._url)
        browser.click("#door-report")
        browser.wait_for(f"#kind-{OFFICE}-{CHANNEL}")
        browser.click(f"#kind-{OFFICE}-{CHANNEL}")
        browser.wait_for("#codename-words li:nth-child(8)")
        words = browser.evaluate(
            "[...document.querySelectorAll('#codename-words li')].map(li => li.textContent)"
        )
        browser.click("#written-down")
        browser.wait_for("#answer-what")
        # First something is forgotten: what was typed is still there, the codename is not.
        browser.type("#answer-what", what)
        browser.type("#codename", " ".join(words))
        browser.click("#send")
        browser.wait_for("#error-answer-who, #error-answer-where")
        assert browser.value("#answer-what") == what
        assert browser.value("#codename") == ""
        browser.type("#answer-where", "Terminal")
        browser.type("#codename", " ".join(words))
        browser.click("#send")
        browser.wait_for("#stored")
        return " ".join(words)

    def send_file(self, codename: str, path: Path) -> None:
        browser = self._browser
        browser.click("#add-file")
        browser.wait_for("#file")
        assert browser.value("#channel") == CHANNEL
        browser.type("#codename", codename)
        browser.attach("#file", path)
        browser.click("#send")
        browser.wait_for("#stored", seconds=60)

    def replies(self, codename: str) -> list[str]:
        browser = self._browser
        browser.open(self._url)
        browser.click("#door-return")
        browser.wait_for("#unlock")
        browser.type("#codename", codename)
        browser.click("#unlock")
        browser.wait_for(".reply, #no-replies")
        found = browser.evaluate("[...document.querySelectorAll('.reply .words')].map(e => e.textContent)")
        return [str(text) for text in found]

    def add(self, codename: str, text: str) -> None:
        browser = self._browser
        browser.type("#text", text)
        browser.select("#channel", CHANNEL)
        browser.type("#codename", codename)
        browser.click("form button")
        browser.wait_for("#stored")


@contextlib.contextmanager
def plain(door: Server) -> Iterator[Person]:
    yield PlainPerson(door)


@contextlib.contextmanager
def safest(door: Server) -> Iterator[Person]:
    with Firefox(safest=True) as browser:
        yield Safest(f"http://127.0.0.1:{door.port}/id/", browser)
        assert browser.console_errors() == []


@pytest.mark.parametrize("person", [plain, safest])
def test_the_story_without_scripts(
    person: Callable[[Server], contextlib.AbstractContextManager[Person]],
    office: Office,
    door: Server,
    temporary: Path,
    tmp_path: Path,
) -> None:
    mark = secrets.token_hex(8)
    what, more = f"Pungli terminal {mark} “tiap Selasa”", f"Pukul sembilan {mark}"
    evidence = tmp_path / f"foto-{mark}.jpg"
    evidence.write_bytes(f"isi berkas {mark}".encode() + secrets.token_bytes(2_500_000))
    with Chromium() as online:
        reviewer.sign_in(online, office)
        with person(door) as reporter:
            codename = reporter.report(what)
            reporter.send_file(codename, evidence)
            assert reporter.replies(codename) == []
            case = _read(office, online, tmp_path, what, evidence)
            _answer(office, online, tmp_path, case)
            office.publish_board()
            assert reporter.replies(codename) == [ANSWER]
            reporter.add(codename, more)
        _import(office, online, tmp_path / "in-2")
        shown = office.station("show", str(case))
        assert [message["text"] for message in shown["messages"] if message["kind"] == "message"] == [more]
    words = codename.split()
    canaries = [mark, what, evidence.name, *(" ".join(pair) for pair in pairwise(words))]
    # The other processes and everything on the disk; the door's own memory: test_memory.py.
    assert search_server(office, temporary, Search(canaries)) == set()
    assert Search(canaries).tree(door.log.parent) == set()


def _import(office: Office, online: Browser, folder: Path) -> set[int]:
    folder.mkdir()
    bundle = reviewer.download_everything_new(online, office, folder)
    before = {case["number"] for case in office.station("cases")["cases"]}
    office.station("import", str(bundle))
    return {case["number"] for case in office.station("cases")["cases"]} - before


def _read(office: Office, online: Browser, folder: Path, what: str, evidence: Path) -> int:
    (case,) = _import(office, online, folder / "in-1")
    shown = office.station("show", str(case))
    (report,) = [message for message in shown["messages"] if message["kind"] == "report"]
    assert report["answers"] == {"what": what, "where": "Terminal"}
    (piece,) = shown["evidence"]
    assert (piece["name"], piece["size"], piece["arrived"]) == (evidence.name, evidence.stat().st_size, True)
    out = folder / "exported"
    out.mkdir()
    office.station("evidence", "export", str(case), "1", "--to", str(out))
    (exported,) = originals(out)
    assert exported.read_bytes() == evidence.read_bytes()
    return int(case)


def _answer(office: Office, online: Browser, folder: Path, case: int) -> None:
    office.station("reply", str(case), "--text", ANSWER)
    stick = folder / "stick"
    stick.mkdir()
    office.station("bundle", "--to", str(stick))
    (bundle,) = stick.iterdir()
    reviewer.upload_bundle(online, office, bundle)
