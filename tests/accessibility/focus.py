"""Where the focus is, for who has no mouse: it must be seen, and Tab must take it everywhere and on."""

from typing import Any

from tests.e2e.browsers import Browser, until

MOST_STOPS = 200
_SCROLLING = 30.0

# As for a person, who is never so quick: Firefox can lose the scrolling of a Tab that comes within one frame.
_TWO_FRAMES = """(async () => {
  for (const _ of [1, 2]) await new Promise((drawn) => requestAnimationFrame(drawn));
})()"""

_SEEN = """(() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const shown = document.elementFromPoint(
    (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2,
    (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
  return {
    name: `${at.localName}${at.id ? "#" + at.id : ""} "${at.textContent.trim().slice(0, 30)}"`,
    marked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== "rgba(0, 0, 0, 0)",
    covered: shown === null || !(at.contains(shown) || shown.contains(at)),
    index: [...document.querySelectorAll("*")].indexOf(at),
    date: at.matches("input[type=date]"),
  };
})()"""

# Of the radio buttons of a form with one name only one is a stop.
# Day, month, year and the calendar of one field are the browser's own stops, and marked by it.
_PARTS = 4
_AT = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"

_STOPS = """(() => {
  const ofGroup = (radios) => radios.find(({ checked }) => checked) ?? radios[0];
  const usable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const all = [...document.querySelectorAll(usable)];
  const stops = all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(":disabled")
    && e.tabIndex === 0
    && (e.type !== "radio" || e === ofGroup(all.filter((r) => r.name === e.name && r.form === e.form))));
  return stops.map((e) => [...document.querySelectorAll("*")].indexOf(e));
})()"""


def seen(browser: Browser) -> dict[str, Any] | None:
    """What is to be seen of the focus; None while nothing on the page has it.

    A key may be answered before the page has been scrolled to where the focus went.
    """
    found: dict[str, Any] | None = None
    if browser.name.startswith("firefox"):
        browser.evaluate(_TWO_FRAMES)

    def settled() -> bool:
        nonlocal found
        found = browser.evaluate(_SEEN)
        return found is None or not faults(found)

    until(settled, _SCROLLING)
    return found


def faults(stop: dict[str, Any]) -> list[str]:
    """What is wrong with the look of the focus."""
    wrong = [] if stop["marked"] else [f"the focus on {stop['name']} is not to be seen"]
    return wrong + ([f"{stop['name']} has the focus under something else"] if stop["covered"] else [])


def go_round(browser: Browser) -> list[str]:
    """Presses Tab from the first thing on the page to the last; all that is wrong on the way."""
    expected = browser.evaluate(_STOPS)
    browser.focus_page()
    browser.evaluate("document.querySelector('.skip').focus()")
    # By keys: what a script or the mouse brings the focus to need not be marked.
    browser.press("Tab")
    browser.press("Shift+Tab")
    found: list[str] = []
    visited: list[int] = []
    while (stop := seen(browser)) and stop["index"] not in visited:
        visited.append(stop["index"])
        found += faults(stop)
        browser.press("Tab")
        for _ in range(_PARTS if stop["date"] else 0):
            if browser.evaluate(_AT) != stop["index"]:
                break
            browser.press("Tab")
    if stop and stop["index"] != visited[0]:
        found.append(f"Tab goes back to {stop['name']} and never on")
    for index in expected:
        if index not in visited:
            found.append(f"Tab never comes to {_name(browser, index)}")
    for index in visited:
        if index not in expected:
            found.append(f"Tab comes to {_name(browser, index)}, which is nothing to use")
    if visited != sorted(visited):
        found.append("Tab goes in another order than the page is written")
    return found


def _name(browser: Browser, index: int) -> str:
    return str(browser.evaluate(f"document.querySelectorAll('*')[{index}].outerHTML.slice(0, 80)"))


def tab_to(browser: Browser, css: str) -> None:
    """Presses Tab until this has the focus, and it can be seen; AssertionError if Tab never comes there."""
    for _ in range(MOST_STOPS):
        if browser.evaluate(f"document.activeElement.matches({css!r})"):
            stop = seen(browser)
            wrong = faults(stop) if stop else [f"{css} is no place for the focus"]
            assert not wrong, wrong
            return
        browser.press("Tab")
    raise browser.complaint(f"Tab does not come to {css}")


def await_focus(browser: Browser, css: str, seconds: float) -> None:
    """Until the page itself has put the focus there, in sight."""
    asked = f"document.activeElement.matches({css!r}) && document.activeElement.checkVisibility()"
    if not until(lambda: browser.evaluate(asked), seconds):
        raise browser.complaint(f"the focus is not on {css} but on {seen(browser)}")
