"""What the reporter's page refuses, and what it says then: in a real browser against the real server.

What can go wrong, and where it is tested:

  scripts came in part                 test_bad_device.py
  no secure context, no WebCrypto      test_bad_device.py
  the device's clock                   test_bad_device.py
  codename: a typo, other spellings    here
  text over the limit                  here
  a kind of file the office refuses    test_actions.py; too large a file: test_metadata.py
  keys forged, garbled, missing        here
  keys expired, of another week        here and test_strange_server.py
  older keys than those just used      test_strange_server.py
  answers that are garbage, or late    test_strange_server.py
  no answer                            test_trouble.py, test_slow_story.py; tries: http.test.ts of the worker
  back, reload, closed tab             test_traces.py
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto import calendar, codename
from crypto.binding import bind
from crypto.words import words
from store import publication
from store.layout import Layout
from tests.e2e import reporter
from tests.e2e.browsers import Browser, CountingProxy
from tests.e2e.conftest import SmallOffice
from tests.e2e.office import Office, demo

pytestmark = pytest.mark.browser
EIGHT = [words("id")[n * 200 + 3] for n in range(8)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def slice_file(office: Office) -> Iterator[Path]:
    """This week's published slice, put back afterwards."""
    folder = Layout(office.folder / "server").directories / "kota-contoh"
    edition = publication.current(folder)
    assert edition
    path = folder / edition / "slices" / str(calendar.epoch_of(calendar.today()))
    good = path.read_bytes()
    yield path
    path.write_bytes(good)


def posts(browser: Browser) -> list[str]:
    return [request.url for request in browser.requests() if request.method != "GET"]


@pytest.mark.parametrize("wrong", ["qqqqqq", "lap"])
def test_an_unknown_word_is_named_before_anything_is_sent(
    browser: Browser, office: Office, wrong: str
) -> None:
    browser.open(office.source)
    before = len(browser.requests())
    browser.click("#door-return")
    browser.type("#codename-input", " ".join([*EIGHT[:7], wrong]))
    browser.click("#unlock")
    browser.wait_text("#codename-input-error", wrong)
    asked = [request.url for request in browser.requests()[before:]]
    assert not [url for url in asked if "/board" in url], "nothing may be fetched for a codename that is none"
    assert not browser.visible("#thread")


SPELLINGS: dict[str, Callable[[list[str]], str]] = {
    "as it is": " ".join,
    "capitals": lambda each: " ".join(each).upper(),
    "hyphens": "-".join,
    "pasted": lambda each: "\r\n".join(f"  {n}. {word}," for n, word in enumerate(each, 1)) + "\r\n\r\n",
    "beginnings": lambda each: " ".join(word[:4] for word in each),
}
ANSWER = "Jawaban untuk frasa sandi Anda."


@pytest.fixture(scope="module")
def answered(small_office: SmallOffice) -> dict[str, list[str]]:
    """A codename in each language, both answered."""
    made = {language: list(codename.make(language)) for language in ("id", "en")}
    small_office.answer(ANSWER, *map(" ".join, made.values()))
    return made


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_codename_is_understood_however_it_is_spelled_and_in_either_language(
    browser: Browser, small_office: SmallOffice, answered: dict[str, list[str]], spelling: str
) -> None:
    for page, language in (("en", "id"), ("id", "en")):
        typed = SPELLINGS[spelling](answered[language])
        url = small_office.server.url.replace("/en/", f"/{page}/")
        assert reporter.come_back(browser, url, typed) == [ANSWER]


def test_a_codename_without_thread_says_no_replies_and_nothing_more(browser: Browser, office: Office) -> None:
    assert reporter.come_back(browser, office.source, " ".join(EIGHT)) == []
    assert browser.visible("#no-replies")
    assert posts(browser) == []


def forged(document: bytes) -> bytes:
    """The same text, signed by a key that is not the office's."""
    return SigningKey(bytes(32)).sign(bind("slice", document[64:])).signature + document[64:]


def refusal(browser: Browser, office: Office) -> str:
    """The code with which the page refuses to show the form's recipients."""
    browser.open(office.source)
    browser.click("#door-report")
    browser.wait_for("#failure[data-code]", seconds=reporter.SLOW)
    code = browser.evaluate("document.querySelector('#failure').dataset.code")
    assert browser.text("#failure-text").strip()
    return str(code)


def test_a_forged_directory_is_refused(browser: Browser, office: Office, slice_file: Path) -> None:
    slice_file.write_bytes(forged(slice_file.read_bytes()))
    assert refusal(browser, office) == "slice-forged"
    assert posts(browser) == []


def test_a_directory_of_another_week_is_refused(browser: Browser, office: Office, slice_file: Path) -> None:
    other = slice_file.with_name(str(int(slice_file.name) + 5))
    shutil.copyfile(other, slice_file)
    assert refusal(browser, office) == "slice-wrong-epoch"
    assert posts(browser) == []


def test_a_garbled_directory_is_refused(browser: Browser, office: Office, slice_file: Path) -> None:
    slice_file.write_bytes(b"<html>busy</html>" * 10)
    assert refusal(browser, office) == "slice-forged"


def test_a_missing_directory_is_said_plainly(browser: Browser, office: Office, slice_file: Path) -> None:
    slice_file.unlink()
    assert refusal(browser, office) == "no-keys"


def test_too_long_a_text_is_refused_before_it_is_sent_and_is_not_lost(
    browser: Browser, office: Office
) -> None:
    long = "a" * 140_000
    reporter.write_report(browser, office.source, {"what": long, "where": "Terminal"})
    browser.click("#to-codename")
    browser.wait_for(".over #room-text")
    assert browser.text("#room-text").strip()
    assert not browser.visible("#codename-words")
    assert browser.value("#answer-what") == long
    assert posts(browser) == []


def test_nothing_stays_in_the_browser_after_a_reload(browser: Browser, office: Office) -> None:
    secret = "Kalimat yang tidak boleh tertinggal 4711"
    reporter.write_report(browser, office.source, {"what": secret, "where": "Terminal"})
    reporter.write_report(browser, office.source, {})
    assert browser.value("#answer-what") == ""
    left = browser.evaluate(
        "(async () => JSON.stringify([{...window.localStorage}, {...window.sessionStorage}, document.cookie,"
        " location.href, history.state, await indexedDB.databases?.() ?? []]))()"
    )
    assert left == f'[{{}},{{}},"","{office.source}",null,[]]'


def test_words_typed_before_the_offices_have_come_are_not_lost(browser: Browser, office: Office) -> None:
    """On a slow link a person is quicker than the page; pressing the button then must count."""
    with CountingProxy("127.0.0.1", office.source_port) as proxy:
        browser.open(proxy.url)
        browser.evaluate(
            "(document.querySelector('#door-return').click(),"
            f" document.querySelector('#codename-input').value = {' '.join(EIGHT)!r},"
            " document.querySelector('#unlock').click())"
        )
        browser.wait_for("#no-replies", seconds=reporter.SLOW)
