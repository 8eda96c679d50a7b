"""A server that answers garbage, late, or with older keys: said plainly, nothing lost, nothing sent unsealed.

One that does not answer at all is in test_trouble.py; the pauses between tries are in the browser's own
tests (source_app/web/test/worker/http.test.ts).
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

from crypto import codename
from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium
from tests.e2e.conftest import SmallOffice
from tests.e2e.strange_server import Answer, StrangeServer, late

pytestmark = pytest.mark.browser

WHAT, WHO = "Karcis tanpa nomor 4711", "Petugas loket 0815"
ANSWERS = {"what": WHAT, "who": WHO}
FILE = "foto-4711.jpg"
PORTAL = Answer(b"<!doctype html><h1>Welcome to our network</h1>")
GARBAGE = {
    "html": PORTAL,
    "binary": Answer(os.urandom(5000), "application/octet-stream"),
    "nothing": Answer(b"", "application/json"),
    "other json": Answer(b'{"error": 7, "offices": [], "erased": "all"}', "application/json"),
    "deep json": Answer(b"[" * 100_000, "application/json"),
    "huge": Answer(bytes(20_000_000), "application/json"),
}
DIRECTORY, ITEM = "GET /api/directory/.*", "POST /api/item/.*"


@pytest.fixture
def words() -> str:
    return " ".join(codename.make("en"))


@pytest.fixture(autouse=True)
def sealed(strange: StrangeServer, words: str) -> Iterator[None]:
    """Whatever the server answered, nothing that was typed went out as it is."""
    yield
    told = [(asked.path.encode() + asked.body).lower() for asked in strange.asked]
    stems = " ".join(word[:4] for word in words.split())
    for secret in (WHAT, WHO, FILE, words, stems):
        assert not any(secret.lower().encode() in each for each in told)


def failure(browser: Browser) -> str:
    """The code of the failure that is shown, which says in words what to do."""
    browser.wait_for("#failure[data-code]:not([hidden])", seconds=reporter.SLOW)
    assert len(browser.text("#failure-text").split(".")) > 1
    return str(browser.evaluate("document.querySelector('#failure').dataset.code"))


def write(browser: Browser, strange: StrangeServer, files: tuple[Path, ...] = ()) -> str:
    reporter.write_report(browser, strange.url, ANSWERS, files, channel="aduan")
    return reporter.take_codename(browser)


def insist(browser: Browser, strange: StrangeServer, call: str, code: str, begin: Callable[[], None]) -> None:
    """Meets each kind of garbage in turn, and then the true server, by pressing "Try again"."""

    def again() -> None:
        browser.click("#try-again")

    for act, answer in zip(chain([begin], repeat(again)), GARBAGE.values(), strict=False):
        strange.say(call, answer)
        act()
        assert failure(browser) == code
    strange.behave()
    again()


@pytest.mark.parametrize(("call", "code"), [("GET /site.json", "site-broken"), (DIRECTORY, "slice-forged")])
def test_garbage_for_the_offices_and_their_keys(
    browser: Browser, strange: StrangeServer, call: str, code: str
) -> None:
    browser.open(strange.url)
    insist(browser, strange, call, code, lambda: browser.click("#door-report"))
    browser.wait_for("#to-codename", seconds=reporter.SLOW)
    assert {asked.method for asked in strange.asked} == {"GET"}


@pytest.mark.parametrize("call", ["GET /board/index", "GET /board/[0-9a-f]{32}/[0-9]+"])
def test_garbage_for_the_board(browser: Browser, strange: StrangeServer, call: str, words: str) -> None:
    browser.open(strange.url)
    browser.click("#door-return")
    browser.type("#codename-input", words)
    insist(browser, strange, call, "board-broken", lambda: browser.click("#unlock"))
    browser.wait_for("#no-replies", seconds=reporter.SLOW)
    assert {asked.method for asked in strange.asked} == {"GET"}


def test_garbage_for_the_erasure(browser: Browser, strange: StrangeServer) -> None:
    mine = write(browser, strange)
    reporter.send(browser)
    reporter.come_back(browser, strange.url, mine)
    browser.click("#erasure summary")
    insist(browser, strange, "POST /api/deletion/.*", "internal", lambda: browser.click("#erase"))
    browser.wait_text("#erasure-state", "1", reporter.SLOW)


def test_garbage_for_the_permission_to_send_a_file(
    browser: Browser, strange: StrangeServer, tmp_path: Path
) -> None:
    """Also for the question whether files are taken, which is only asked to spare the person a try."""
    (tmp_path / FILE).write_bytes(b"x" * 1000)
    strange.say("GET /api/intake", PORTAL)
    write(browser, strange, (tmp_path / FILE,))
    insist(browser, strange, "POST /api/ticket", "internal", lambda: browser.click("#send"))
    browser.wait_for("#sent", seconds=reporter.SLOW)
    assert not browser.visible("#sent-skipped")
    assert len([asked for asked in strange.asked if asked.path.endswith("/done")]) == 1


@pytest.mark.parametrize("call", ["PUT /api/blob/.*", "POST /api/blob/.*/done"])
def test_a_file_that_some_page_pretends_to_have_taken_is_sent_again(
    browser: Browser, strange: StrangeServer, tmp_path: Path, small_office: SmallOffice, call: str
) -> None:
    (tmp_path / FILE).write_bytes(os.urandom(1000))
    before = complete(small_office)
    write(browser, strange, (tmp_path / FILE,))
    strange.say(call, PORTAL)
    browser.click("#send")
    browser.wait_for("#sending-tasks [data-state=state-offline]", seconds=reporter.SLOW)
    assert complete(small_office) == before
    strange.behave()
    browser.wait_for("#sent", seconds=reporter.SLOW)
    assert len(complete(small_office) - before) == 1


def complete(office: SmallOffice) -> set[Path]:
    return {path for path in office.layout.done.rglob("*") if path.is_file()}


def test_a_text_that_some_page_pretends_to_have_taken_is_not_lost(strange: StrangeServer) -> None:
    """It takes half a minute until the page gives up: once is enough."""
    with Chromium() as browser:
        write(browser, strange)
        strange.say(ITEM, PORTAL)
        browser.click("#send")
        assert failure(browser) == "network"
        browser.click("#edit-again")
        assert [browser.value(f"#answer-{name}") for name in ANSWERS] == [WHAT, WHO]
        pretended = [asked.body for asked in strange.asked if asked.method == "POST"]
        assert len(pretended) > 1 and len(set(pretended)) == 1
        strange.behave()
        reporter.take_codename(browser)
        reporter.send(browser)


def test_late_answers_are_waited_for_and_the_page_says_so(
    browser: Browser, strange: StrangeServer, words: str
) -> None:
    come = delay(strange, DIRECTORY)
    browser.open(strange.url)
    browser.click("#door-report")
    browser.wait_until("document.querySelector('#office-state').textContent !== ''")
    assert browser.visible("#office-state")
    come.set()
    browser.wait_for("#to-codename", seconds=reporter.SLOW)

    come = delay(strange, "GET /board/index")
    browser.open(strange.url)
    browser.click("#door-return")
    browser.type("#codename-input", words)
    browser.click("#unlock")
    browser.wait_text("#return-state", "Fetching", seconds=reporter.SLOW)
    come.set()
    browser.wait_for("#no-replies", seconds=reporter.SLOW)

    come = delay(strange, ITEM)
    write(browser, strange)
    browser.click("#send")
    browser.wait_for("#sending-tasks li:nth-child(2)[data-state=state-working]", seconds=reporter.SLOW)
    assert not browser.visible("#sent")
    come.set()
    browser.wait_for("#sent", seconds=reporter.SLOW)


def delay(strange: StrangeServer, call: str) -> threading.Event:
    """Answers this call when the event has come."""
    come = threading.Event()
    strange.rules[call] = late(come)
    return come


@pytest.mark.parametrize(("days", "code"), [(-30, "slice-expired"), (30, "slice-wrong-epoch")])
def test_keys_of_another_time_are_refused_though_the_office_signed_them(
    browser: Browser, strange: StrangeServer, small_office: SmallOffice, days: int, code: str
) -> None:
    strange.say(DIRECTORY, Answer(small_office.slice(days=days), "application/octet-stream"))
    browser.open(strange.url)
    browser.click("#door-report")
    assert failure(browser) == code
    assert {asked.method for asked in strange.asked} == {"GET"}


def test_older_keys_than_those_just_used_are_refused(
    browser: Browser, strange: StrangeServer, small_office: SmallOffice
) -> None:
    newer = Answer(small_office.slice(serial=2), "application/octet-stream")
    strange.say(DIRECTORY, newer)
    write(browser, strange)
    strange.say(ITEM, Answer(json.dumps({"error": "bad-item"}).encode(), "application/json", 400))
    browser.click("#send")
    assert failure(browser) == "bad-item"
    del strange.rules[DIRECTORY], strange.rules[ITEM]
    items = len(strange.asked)
    browser.click("#edit-again")
    assert failure(browser) == "slice-rolled-back"
    assert {asked.method for asked in strange.asked[items:]} == {"GET"}
    strange.say(DIRECTORY, newer)
    browser.click("#try-again")
    browser.wait_for("#to-codename", seconds=reporter.SLOW)
    assert [browser.value(f"#answer-{name}") for name in ANSWERS] == [WHAT, WHO]
    reporter.take_codename(browser)
    reporter.send(browser)


def test_a_secret_that_goes_out_is_found(browser: Browser, strange: StrangeServer) -> None:
    browser.open(f"{strange.url}?{FILE}")
    assert any(FILE in asked.path for asked in strange.asked)
    strange.asked.clear()
