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
    channel: str = "aduan",
) -> None:
    """From the landing page to a filled-in form."""
    browser.open(url)
    browser.click("#door-report")
    browser.wait_until(f"document.querySelector('#channel option[value={channel}]') !== null", seconds=SLOW)
    browser.select("#channel", channel)
    for field, answer in answers.items():
        browser.type(f"#answer-{field}", answer)
    for reviewer in exclude:
        browser.check(f"#exclude-{reviewer}")
    if files:
        browser.attach("#files", *files)


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
