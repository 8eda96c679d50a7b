"""A device that cannot seal, whose clock is wrong, or that got only half of the scripts: in real browsers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e import reporter
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.conftest import SmallOffice
from tests.e2e.strange_server import Answer, Rule, StrangeServer

pytestmark = pytest.mark.browser

NAME = "peluit.example"
MAPPED: dict[str, Callable[[], Browser]] = {
    "chromium": lambda: Chromium(flags=[f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]),
    # A private window would try https first.
    "firefox": lambda: Firefox(
        prefs={"network.dns.localDomains": NAME, "dom.security.https_first_pbm": False}
    ),
}
SCRIPTS = {name: rf"GET /assets/{name}-[0-9a-f]+\.js" for name in ("main", "worker", "metadata")}
YEAR = 366

# As the device's clock would be: `new Date()` and `Date.now()`, in the page and in the worker.
CLOCK = """globalThis.Date = class extends Date {
  static now() { return super.now() + SHIFT; }
  constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given); }
};
"""


@pytest.mark.parametrize("name", MAPPED)
def test_without_a_secure_context_the_page_says_so_and_opens_no_door(
    name: str, small_office: SmallOffice
) -> None:
    with MAPPED[name]() as browser:
        for language, locked in (("id", "mengunci"), ("en", "lock")):
            browser.open(f"http://{NAME}:{small_office.server.port}/{language}/")
            browser.wait_for("#needs-crypto")
            assert browser.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
            said = browser.text("#needs-crypto")
            assert locked in said and ".onion" in said and "Tor Browser" in said
            for door in ("#doors", "#door-report", "#door-return", "form", "#needs-scripts"):
                assert not browser.visible(door)
        assert {request.method for request in browser.requests()} == {"GET"}
        assert not [each.url for each in browser.requests() if "/api/" in each.url]


def shifted(days: int) -> Rule:
    """A script on a device whose clock is so many days ahead."""
    clock = CLOCK.replace("SHIFT", str(days * 86_400_000)).encode()
    return lambda answer: Answer(clock + answer.body, answer.content_type, answer.status)


@pytest.mark.parametrize(("days", "code"), [(YEAR, "slice-expired"), (-YEAR, "slice-wrong-epoch")])
def test_a_clock_that_is_wrong_by_a_year(
    browser: Browser, strange: StrangeServer, days: int, code: str
) -> None:
    for script in ("main", "worker"):
        strange.rules[SCRIPTS[script]] = shifted(days)
    for language, date in (("id", "tanggal di perangkat"), ("en", "date on your device")):
        browser.open(strange.url.replace("/en/", f"/{language}/"))
        browser.click("#door-report")
        browser.wait_for(f"#failure[data-code={code}]", seconds=reporter.SLOW)
        assert date in browser.text("#failure-text")
        assert not browser.visible("#to-codename")
    assert {asked.method for asked in strange.asked} == {"GET"}


def half(answer: Answer) -> Answer:
    return Answer(answer.body[: len(answer.body) // 2], answer.content_type, answer.status)


def page_instead(_: Answer) -> Answer:
    return Answer(b"<!doctype html><h1>Welcome to our network</h1>")


PARTS = pytest.mark.parametrize("rule", [half, page_instead], ids=["half", "html"])


@PARTS
def test_the_page_says_what_to_do_until_its_script_has_come(
    browser: Browser, strange: StrangeServer, rule: Rule
) -> None:
    strange.rules[SCRIPTS["main"]] = rule
    for language, reload in (("id", "Muat ulang"), ("en", "Reload")):
        browser.open(strange.url.replace("/en/", f"/{language}/"))
        assert reload in browser.text("#needs-scripts")
        assert not browser.visible("#doors")
        assert not browser.visible("form")
    strange.behave()
    browser.reload()
    browser.wait_for("#door-report")
    assert not browser.visible("#needs-scripts")


@PARTS
def test_a_worker_that_came_only_in_part_is_loaded_again(
    browser: Browser, strange: StrangeServer, rule: Rule
) -> None:
    strange.rules[SCRIPTS["worker"]] = rule
    browser.open(strange.url)
    browser.click("#door-report")
    browser.wait_for("#failure[data-code=internal]", seconds=reporter.SLOW)
    strange.behave()
    browser.click("#try-again")
    browser.wait_for("#to-codename", seconds=reporter.SLOW)


@PARTS
def test_without_the_script_that_cleans_pictures_they_can_still_be_sent_and_the_page_warns(
    browser: Browser, strange: StrangeServer, rule: Rule, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(1000))
    strange.rules[SCRIPTS["metadata"]] = rule
    answers = {"what": "Karcis tanpa nomor", "who": "Petugas loket"}
    reporter.write_report(browser, strange.url, answers, [photo], channel="aduan")
    browser.wait_text("#files-list", "could not be looked at", seconds=reporter.SLOW)
    reporter.take_codename(browser)
    reporter.send(browser)
    assert any(re.fullmatch(SCRIPTS["metadata"], f"GET {asked.path}") for asked in strange.asked)
