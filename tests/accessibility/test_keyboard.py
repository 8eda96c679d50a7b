"""The whole story without a mouse: Tab, Enter, Space and typing, in both browsers."""

from collections.abc import Iterator

import pytest

from peluit.demo_office import DemoOffice
from tests.accessibility.focus import await_focus, tab_to
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.reporter import SLOW
from tests.e2e.source_server import SourceServer

pytestmark = pytest.mark.browser
WORDS = "[...document.querySelectorAll('#codename-words li')].map(li => li.textContent)"


@pytest.fixture(scope="module")
def server(demo_office: DemoOffice) -> Iterator[SourceServer]:
    running = SourceServer(demo_office.server)
    running.start()
    yield running
    running.cut_off()


@pytest.fixture(scope="module", params=[Chromium, Firefox], ids=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with request.param() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, server: SourceServer) -> Browser:
    browser.open(server.url)
    browser.wait_for("#door-report")
    return browser


def press_on(page: Browser, css: str, key: str = "Enter") -> None:
    tab_to(page, css)
    page.press(key)


def write_into(page: Browser, css: str, text: str) -> None:
    tab_to(page, css)
    page.enter(text)
    assert page.value(css) == text


def test_the_first_tab_offers_to_skip_to_the_content(page: Browser) -> None:
    tab_to(page, ".skip")
    page.press("Enter")
    await_focus(page, "#main", seconds=SLOW)
    page.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_the_whole_story(page: Browser) -> None:
    press_on(page, "#door-report")
    await_focus(page, "#write-title", SLOW)
    page.wait_for("#to-codename", seconds=SLOW)
    press_on(page, "#to-codename")
    await_focus(page, "#answer-what[aria-invalid=true]", SLOW)
    page.enter("Karcis tanpa nomor")
    write_into(page, "#answer-where", "Terminal Contoh")
    press_on(page, "#to-codename")
    await_focus(page, "#codename-title", SLOW)
    page.wait_for("#codename-words li:nth-child(8)", seconds=SLOW)
    words = page.evaluate(WORDS)
    press_on(page, "#written-down", "Space")
    press_on(page, "#send")
    await_focus(page, "#sent-title", SLOW)
    press_on(page, "#leave")
    page.wait_for("#door-return", seconds=SLOW)
    press_on(page, "#door-return", "Space")
    await_focus(page, "#return-title", SLOW)
    write_into(page, "#codename-input", " ".join(words))
    press_on(page, "#unlock")
    await_focus(page, "#thread-title", SLOW)
    write_into(page, "#follow-up", "Selasa pagi")
    press_on(page, "#send-follow-up")
    await_focus(page, "#follow-up-sent", SLOW)


def test_a_wrong_word_is_said_at_the_field_and_the_focus_is_there(page: Browser) -> None:
    press_on(page, "#door-return")
    write_into(page, "#codename-input", "lapqq")
    press_on(page, "#unlock")
    await_focus(page, "#codename-input[aria-invalid=true]", SLOW)
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby').split(' ')")
    assert "lapqq" in " ".join(page.text(f"#{each}") for each in described)


def test_files_are_added_by_keys(page: Browser) -> None:
    press_on(page, "#door-report")
    page.wait_for("#to-codename", seconds=SLOW)
    page.evaluate("""void document.querySelector('#files').addEventListener('click', (asked) => {
      asked.preventDefault();  // the window of the system to choose files would stand before the next test
      document.title = 'choosing';
    })""")
    press_on(page, "#files-add")
    page.wait_until("document.title === 'choosing'")


def test_a_choice_is_made_with_the_arrows(page: Browser) -> None:
    press_on(page, "#door-report")
    page.wait_for("#to-codename", seconds=SLOW)
    tab_to(page, "#channel")
    first = page.value("#channel")
    page.press("ArrowDown")
    assert page.value("#channel") != first
    page.press("ArrowUp")
    assert page.value("#channel") == first


def test_going_back_to_the_text_and_to_the_start_keeps_the_focus_on_the_way(page: Browser) -> None:
    press_on(page, "#door-report")
    await_focus(page, "#write-title", SLOW)
    page.wait_for("#to-codename", seconds=SLOW)
    press_on(page, "#write-to-start")
    await_focus(page, "#landing-title", SLOW)
    press_on(page, "#door-return")
    await_focus(page, "#return-title", SLOW)
    press_on(page, "#return-to-start")
    await_focus(page, "#landing-title", SLOW)
