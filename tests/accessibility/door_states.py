"""Every page of the no-script door that a person can meet, one after another, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

from tests.accessibility.states import ANSWERS
from tests.e2e.browsers import Browser

CHANNEL = "aduan-integritas"
STATES = [
    *("notice", "kinds", "codename", "report", "report with faults", "report stored", "evidence"),
    *("evidence stored", "return", "thread without replies", "not found"),
    *("sealed file", "sealed file refused", "sealed file arrived"),
]
ACTIONS = ["thread with replies"]
for each in ("threat", "objection", "withdrawal", "rating"):
    ACTIONS += [each, f"{each} with faults", f"{each} stored"]
ACTIONS += ["erasure", "erased", "authorship", "proof"]
_KIND = f"#kind-kota-contoh-{CHANNEL}"
_WORDS = "[...document.querySelectorAll('#codename-words li')].map(li => li.textContent).join(' ')"


def walk(browser: Browser, url: str, evidence: Path) -> Iterator[str]:
    """The name of each page while the browser shows it: sends a report and a file, and comes back."""
    browser.open(url)
    yield "notice"
    browser.click("#door-report")
    browser.wait_for(_KIND)
    yield "kinds"
    browser.click(_KIND)
    browser.wait_for("#codename-words li:nth-child(8)")
    codename = browser.evaluate(_WORDS)
    yield "codename"
    browser.click("#written-down")
    browser.wait_for("#answer-what")
    yield "report"
    browser.type("#answer-what", ANSWERS["what"])
    browser.type("#codename", "lapqq")
    browser.click("#send")
    browser.wait_for("[aria-invalid=true]")
    yield "report with faults"
    browser.type("#answer-where", ANSWERS["where"])
    browser.type("#codename", codename)
    browser.click("#send")
    browser.wait_for("#stored")
    yield "report stored"
    yield from _evidence(browser, codename, evidence)
    come_back(browser, url)
    yield "return"
    unlock(browser, codename)
    browser.wait_for("#no-replies")
    yield "thread without replies"
    browser.open(f"{url}nowhere")
    yield "not found"
    browser.open(url)
    browser.click("#door-sealed")
    browser.wait_for("#file")
    yield "sealed file"
    browser.attach("#file", evidence)
    browser.click("#send")
    browser.wait_for("#problems")
    yield "sealed file refused"
    browser.open(f"{url}sealed/arrived")
    yield "sealed file arrived"


def _evidence(browser: Browser, codename: str, evidence: Path) -> Iterator[str]:
    browser.click("#add-file")
    browser.wait_for("#file")
    yield "evidence"
    browser.type("#codename", codename)
    browser.attach("#file", evidence)
    browser.click("#send")
    browser.wait_for("#read-answers")
    yield "evidence stored"


def come_back(browser: Browser, url: str) -> None:
    """From the address to the question for the codename."""
    browser.open(url)
    browser.click("#door-return")
    browser.wait_for("#unlock")


def unlock(browser: Browser, codename: str) -> None:
    """Asks for the answers to a codename."""
    browser.type("#codename", codename)
    browser.click("#unlock")


def act(browser: Browser, url: str, codename: str) -> Iterator[str]:
    """What can be done about a report that has been answered, each form with a fault first."""
    come_back(browser, url)
    unlock(browser, codename)
    browser.wait_for(".reply")
    yield "thread with replies"
    for kind in ("threat", "objection", "withdrawal", "rating"):
        number = "/1" if kind == "rating" else ""
        yield from _send(browser, f"{url}{kind}/kota-contoh{number}", kind, codename)
    for kind, button, answer in (("erasure", "#erase", "#erased"), ("authorship", "#prove", "#proof")):
        browser.open(f"{url}{kind}/kota-contoh")
        browser.wait_for(button)
        yield kind
        browser.type("#codename", codename)
        if kind == "authorship":
            browser.type("#statement", "Sayalah pelapornya.")
        browser.click(button)
        browser.wait_for(answer)
        yield {"erasure": "erased", "authorship": "proof"}[kind]


def _send(browser: Browser, address: str, kind: str, codename: str) -> Iterator[str]:
    browser.open(address)
    browser.wait_for("#send")
    yield kind
    browser.evaluate("void scrollTo(0, 0)")
    browser.type("#text", "Saya dipindahkan.")
    browser.type("#codename", "lapqq")
    browser.select("#channel", CHANNEL)
    if kind == "withdrawal":
        browser.check("#sure")
    if kind == "rating":
        browser.check("#stars-4")
    browser.click("#send")
    browser.wait_for("[aria-invalid=true]")
    yield f"{kind} with faults"
    if kind == "withdrawal":
        browser.check("#sure")
    browser.type("#codename", codename)
    browser.click("#send")
    browser.wait_for("#stored")
    yield f"{kind} stored"
