"""Every step of a reporter: in two browsers, at Tor Browser's three levels, in two languages, at two sizes.

At Standard and Safer on the page, at Safest through the no-script door. A picture of each step is kept
for people to look at: artefacts/screens/<browser>-<level>-<language>-<width>/<number>-<step>.png.
What the office makes of it all is looked at once, at the end.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from source_app.noscript import texts
from source_app.pages import catalogue
from store.layout import Layout
from tests.accessibility import door_states, states
from tests.e2e import reviewer
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.office import Office, demo
from tests.noscript.conftest import serve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "artefacts" / "screens"
PHOTOS = ROOT / "source_app" / "web" / "test" / "metadata" / "write-samples.mjs"
OFFICE_DATA = json.loads((ROOT / "workstation" / "office_data.json").read_text())
SIZES = ((360, 640), (1280, 800))
LANGUAGES = ("id", "en")
OTHER = {"id": "en", "en": "id"}
SENT_BY_ACTIONS = ("threat", "objection", "rating", "withdrawal")

Launch = Callable[[], Browser]
PAGE: Mapping[str, Launch] = {
    "chromium-standard": Chromium,
    "chromium-safer": lambda: Chromium(safer=True),
    "firefox-standard": Firefox,
    "firefox-safer": lambda: Firefox(safer=True),
}
DOOR: Mapping[str, Launch] = {
    "chromium-safest": lambda: Chromium(safest=True),
    "firefox-safest": lambda: Firefox(safest=True),
}

PAGE_SENDS = (["report", "evidence", "evidence", "message"], ["report", "evidence"])
"""The kinds of message in the cases that a walk leaves: what was written, and the sealed file handed in."""
DOOR_SENDS = (["report", "evidence"],)
GAP = r"%\(\w+\)s|\{\w+\}"
FACTS = """[document.documentElement.lang, document.body.innerText,
  [...document.querySelectorAll('h1')].filter((h1) => h1.checkVisibility()).map((h1) => h1.innerText),
  document.documentElement.scrollWidth - document.documentElement.clientWidth]"""


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[states.Setting]:
    samples, folder = tmp_path_factory.mktemp("samples"), tmp_path_factory.mktemp("bundles")
    subprocess.run(["node", PHOTOS, samples], check=True)
    with demo(tmp_path_factory.mktemp("demo")) as office:
        yield states.prepare(office, samples / "IMG_20261101_140322.jpg", folder)


@pytest.fixture(scope="module")
def door(setting: states.Setting, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The door's address, without a language."""
    running = serve(Layout(setting.office.folder / "server"), tmp_path_factory.mktemp("door"))
    yield f"http://127.0.0.1:{running.port}/"
    assert running.stop() == ""


@pytest.fixture(scope="module")
def told() -> list[str]:
    """The names of the walks that have come to their end."""
    return []


def office_words(language: str, data: Any = OFFICE_DATA) -> set[str]:
    """What the office itself says in this language."""
    if isinstance(data, dict) and set(data) == set(LANGUAGES):
        return {data[language]}
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return set().union(*(office_words(language, each) for each in inner))


def page_words(language: str) -> set[str]:
    """Every text of the page, and of the office's data, in this language."""
    parts = catalogue("en" if language == "en" else "id").values()
    return office_words(language).union(*(part.values() for part in parts))


def door_words(language: str) -> set[str]:
    """Every text of the door, and of the office's data, in this language."""
    with (texts.LOCALES / "id" / "LC_MESSAGES" / f"{texts.DOMAIN}.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="id") if message.id]
    return office_words(language) | {str(m.id if language == "en" else m.string) for m in messages}


def look(browser: Browser, name: str, language: str, step: str, words: Callable[[str], set[str]]) -> None:
    """Takes the step's pictures, and judges language and width."""
    own, foreign = words(language), words(OTHER[language]) - words(language)
    browser.evaluate("window.scrollTo(0, 0)")  # or the bar at the top is in the middle of the picture
    for width, height in SIZES:
        folder = SCREENS / f"{name}-{language}-{width}"
        folder.mkdir(parents=True, exist_ok=True)
        number = len(list(folder.iterdir())) + 1
        browser.screenshot(folder / f"{number:02}-{step.replace(' ', '-')}.png", width, height)
        lang, text, headings, too_wide = browser.evaluate(FACTS)
        assert (lang, too_wide) == (language, 0), f"{step}, {width} px"
        assert len(headings) == 1 and any(fits(one, headings[0]) for one in own), f"{step}: {headings}"
        assert set(text.splitlines()) & foreign == set(), step


def fits(words: str, text: str) -> bool:
    """Whether a text is these words, with something put into their gaps."""
    parts = re.split(GAP, words)
    return any(parts) and re.fullmatch(".+".join(map(re.escape, parts)), text) is not None


def empty(name: str, language: str) -> None:
    """Removes the pictures of an earlier run."""
    for width, _ in SIZES:
        for picture in (SCREENS / f"{name}-{language}-{width}").glob("*.png"):
            picture.unlink()


@pytest.mark.parametrize(("name", "language"), [*product(DOOR, LANGUAGES)])
def test_the_door(name: str, language: str, setting: states.Setting, door: str, told: list[str]) -> None:
    """Before the page: it erases what it sent, and the message of the walk before it."""
    empty(name, language)
    steps, url = [], f"{door}{language}/"
    with DOOR[name]() as browser:
        for walk in (
            door_states.walk(browser, url, setting.photo),
            door_states.act(browser, url, setting.answered),
            add(browser, url, setting.answered),
        ):
            for step in walk:
                look(browser, name, language, step, door_words)
                steps.append(step)
                if step == "erased":
                    assert str(len(SENT_BY_ACTIONS) + bool(told)) in browser.text("#erased")
        assert browser.console_errors() == []
    assert steps == [*door_states.STATES, *door_states.ACTIONS, "message stored"]
    told.append(name)


def add(browser: Browser, url: str, codename: str) -> Iterator[str]:
    """A message to the report that was answered."""
    door_states.come_back(browser, url)
    door_states.unlock(browser, codename)
    browser.wait_for(".reply")
    browser.type("#text", states.FOLLOW_UP)
    browser.select("#channel", door_states.CHANNEL)
    browser.type("#codename", codename)
    browser.click("#send")
    browser.wait_for("#stored")
    yield "message stored"


@pytest.mark.parametrize(("name", "language"), [*product(PAGE, LANGUAGES)])
def test_the_page(name: str, language: str, setting: states.Setting, told: list[str]) -> None:
    empty(name, language)
    steps = []
    with PAGE[name]() as browser:
        for step in states.walk(browser, setting, language):
            look(browser, name, language, step, page_words)
            steps.append(step)
        assert browser.console_errors() == []
    assert steps == states.STATES
    told.append(name)


def test_all_that_was_sent_has_reached_the_office(
    setting: states.Setting, told: list[str], tmp_path: Path
) -> None:
    office = setting.office
    (answered,) = cases(office)
    with Chromium() as online:
        reviewer.sign_in(online, office)
        office.station("import", str(reviewer.download_everything_new(online, office, tmp_path)))
    others = cases(office) - {answered}
    messages = office.station("show", str(answered))["messages"]
    kinds = [message["kind"] for message in messages]
    pages = [name for name in told if name in PAGE]
    doors = [name for name in told if name in DOOR]
    added = [message["text"] for message in messages if message["kind"] == "message"]
    assert added == [states.FOLLOW_UP] * (len(pages) + bool(doors))  # of the door, the last
    for kind in SENT_BY_ACTIONS:
        assert kinds.count(kind) == len(pages)
    shown = [office.station("show", str(case)) for case in others]
    expected = [*PAGE_SENDS] * len(pages) + [*DOOR_SENDS] * len(doors)
    assert sorted([m["kind"] for m in case["messages"]] for case in shown) == sorted(expected)
    assert all(piece["arrived"] for case in shown for piece in case["evidence"])


def cases(office: Office) -> set[int]:
    return {case["number"] for case in office.station("cases")["cases"]}
