"""What a reporter does, step by step, in any of the browsers."""

from collections.abc import Sequence
from pathlib import Path

from tests.e2e.browsers import Browser

SLOW = 120
"""Seconds to wait for key work and uploads: a hang is a failure, slowness is for the bench."""


def write_report(
    browser: Browser,
    url: str,
    answers: dict[str, str],
    files: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    channel: str = "aduan-integritas",
) -> None:
    """From the address to a filled-in form."""
    browser.open(url)
    fill_in(browser, answers, files, exclude, channel)


def fill_in(
    browser: Browser,
    answers: dict[str, str],
    files: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    channel: str = "aduan-integritas",
) -> None:
    """From the landing page to a filled-in form."""
    browser.click("#door-report")
    browser.wait_until(f"document.querySelector('#channel option[value={channel}]') !== null", seconds=SLOW)
    browser.select("#channel", channel)
    for field, answer in answers.items():
        answer_field(browser, field, answer)
    for reviewer in exclude:
        browser.check(f"#exclude-{reviewer}")
    if files:
        browser.attach("#files", *files)


def answer_field(browser: Browser, field: str, answer: str) -> None:
    """Fills in one field of the office's form; `answer` is an id where there are choices."""
    if browser.evaluate(f"document.querySelector('#answer-{field}').tagName") == "SELECT":
        browser.select(f"#answer-{field}", answer)
    else:
        browser.type(f"#answer-{field}", answer)


def take_codename(browser: Browser) -> str:
    """From the filled-in form to the codename, written down."""
    browser.click("#to-codename")
    browser.wait_for("#codename-words li:nth-child(8)", seconds=SLOW)
    words = browser.evaluate("[...document.querySelectorAll('#codename-words li')].map(li => li.textContent)")
    assert isinstance(words, list) and len(words) == 8
    browser.check("#written-down")
    return " ".join(words)


def send(browser: Browser) -> None:
    """Sends what was written; done when the page says that everything is stored."""
    browser.click("#send")
    browser.wait_for("#sent, #failure[data-code]:not([hidden])", seconds=SLOW)
    if not browser.visible("#sent"):
        raise browser.complaint("sending failed")


def look(browser: Browser) -> None:
    """From what was just sent to its conversation, in the same page."""
    browser.click("#look")
    browser.wait_for("#thread, #failure[data-code]:not([hidden])", seconds=SLOW)
    if not browser.visible("#thread"):
        raise browser.complaint("the conversation did not open")


def come_back(browser: Browser, url: str, codename: str) -> list[str]:
    """The texts of the replies that a codename finds."""
    browser.open(url)
    browser.click("#door-return")
    browser.type("#codename-input", codename)
    browser.click("#unlock")
    browser.wait_for(".reply, #no-replies", seconds=SLOW)
    found = browser.evaluate("[...document.querySelectorAll('.reply .words')].map(e => e.textContent)")
    assert isinstance(found, list)
    return [str(text) for text in found]


def follow_up(browser: Browser, text: str, files: Sequence[Path] = ()) -> None:
    """A message in the thread that is open."""
    browser.wait_for("#follow-up", seconds=SLOW)
    browser.type("#follow-up", text)
    if files:
        browser.attach("#follow-up-files", *files)
    browser.click("#send-follow-up")
    browser.wait_for("#follow-up-sent, #failure[data-code]:not([hidden])", seconds=SLOW)
    if not browser.visible("#follow-up-sent"):
        raise browser.complaint("the follow-up failed")


def act(browser: Browser, action: str, words: str, button: str) -> None:
    """Opens one of the thread's further actions, writes to it and presses its button."""
    shown = len(sent_here(browser))
    browser.click(f"#{action} summary")
    browser.type(f"#{action}-words", words)
    browser.click(button)
    if action == "withdrawal":
        browser.click("#withdraw-yes")
    await_sent(browser, shown + 1)


def rate(browser: Browser, reply: int, stars: int) -> None:
    """Rates one answer of the thread that is open."""
    shown = len(sent_here(browser))
    form = f"article[aria-labelledby=reply-{reply}] .rate"
    # A reader scrolls to it; to the driver what lies behind the sticky bar is in view already.
    browser.evaluate(f"void document.querySelector('{form}').scrollIntoView({{block: 'center'}})")
    browser.click(f"{form} summary")
    browser.click(f"#stars-{reply}-{stars}")
    browser.click(f"{form} button")
    await_sent(browser, shown + 1)


def sent_here(browser: Browser) -> list[str]:
    """What the thread shows as sent in this visit."""
    found = browser.evaluate("[...document.querySelectorAll('#replies .own h2')].map(e => e.textContent)")
    assert isinstance(found, list)
    return [str(title) for title in found]


def await_sent(browser: Browser, count: int) -> None:
    """Waits until the thread shows so many things as sent in this visit."""
    browser.wait_until(f"document.querySelectorAll('#replies .own').length === {count}", seconds=SLOW)
