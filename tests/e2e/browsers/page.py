"""JavaScript expressions about a page, for all browsers; `css` is a selector that means its first match."""

import json


def element(css: str) -> str:
    """The element or null."""
    return f"document.querySelector({json.dumps(css)})"


def exists(css: str) -> str:
    """Whether there is such an element."""
    return f"{element(css)} !== null"


def visible(css: str) -> str:
    """Whether it exists and takes up room on the page."""
    rendered = "e !== null && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0"
    return f"(e => {rendered})({element(css)})"


def usable(css: str) -> str:
    """Whether it is visible and not disabled."""
    return f"{visible(css)} && !{element(css)}.matches(':disabled')"


def editable(css: str) -> str:
    """Whether it is a usable field that is not read-only."""
    return f"{usable(css)} && {element(css)}.matches(':read-write')"


def holds(css: str, substring: str) -> str:
    """Whether it exists and its rendered text holds `substring`."""
    return f"{exists(css)} && {element(css)}.innerText.includes({json.dumps(substring)})"


def settled(expression: str) -> str:
    """The value of `expression` as JSON text, or a promise of that where `expression` gives a promise.

    Only a promise is awaited: where a page's scripts are off, promises never settle.
    """
    as_json = "v => JSON.stringify(v)"
    return f"(v => typeof v?.then === 'function' ? v.then({as_json}) : ({as_json})(v))({expression})"
