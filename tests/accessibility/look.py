"""Looks at a page as it is just now: by axe, by measure and by keys, small and large, light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.accessibility.axe import violations
from tests.accessibility.focus import go_round
from tests.e2e.browsers import Browser, until

PHONE, DESK = (320, 640), (1280, 800)
ZOOMED = (640, 400)
"""What is left of a screen of 1280x800 at 200 %."""

_CALM = """document.getAnimations()
  .filter(({effect}) => effect.getComputedTiming().endTime < Infinity)
  .forEach((change) => change.finish())"""
"""What is changing has changed: a colour on its way has no contrast to speak of."""

_LAYOUT = Path(__file__).with_name("layout.js").read_text("utf-8")


@dataclass
class Findings:
    """What was found wrong, each with the state and the width; `states` are those that were looked at."""

    states: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    focus: list[str] = field(default_factory=list)


KINDS = ("axe", "cut", "disorder", "moving", "focus")
"""The lists of `Findings` that must stay empty."""


def look(browser: Browser, state: str, found: Findings) -> None:
    """Adds what is wrong in this state, once its style is there: what is waited for may come before it."""
    found.states.append(state)
    assert until(lambda: browser.evaluate("document.readyState === 'complete'"))
    for width, height in (PHONE, DESK):
        browser.resize(width, height)
        for dark in (False, True):
            browser.prefer(dark=dark)
            browser.evaluate(_CALM)
            scheme = "dark" if dark else "light"
            found.axe += _named(f"{state}, {width}, {scheme}", violations(browser))
    for width, height in (PHONE, ZOOMED, DESK):
        browser.resize(width, height)
        browser.prefer(still=True)
        browser.evaluate(_CALM)
        facts = browser.evaluate(_LAYOUT)
        assert facts["looked"] > 0
        place = f"{state}, {width}"
        found.cut += _named(place, facts["cut"])
        found.moving += _named(place, facts["moving"])
        if width == PHONE[0]:  # side by side is what a wide screen allows
            found.disorder += _named(place, facts["disorder"])
        found.focus += _named(place, go_round(browser))


def _named(place: str, wrong: Sequence[str]) -> list[str]:
    return [f"{place}: {each}" for each in wrong]
