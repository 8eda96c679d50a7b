"""What a test may ask of a browser, whichever it is: one session with a fresh profile and one tab."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import page
from .errors import BrowserError, PageReplaced
from .waiting import PATIENCE, until

WIDTH, HEIGHT = 1000, 800
"""The viewport at the start, in CSS pixels."""

_EXCERPT = 400


@dataclass(frozen=True)
class Request:
    """One HTTP request of the browser.

    `sent` is the length of the request's body, `received` the response on the wire with its headers, both
    in bytes. `status` and `received` are None while there is no (complete) response, or when the browser
    refused the request itself.
    """

    method: str
    url: str
    status: int | None
    sent: int
    received: int | None


class Browser(ABC):
    """A session; entering it starts the browser, leaving it ends the browser and removes the profile.

    `css` is a selector everywhere, and means the first match in document order. Actions wait up to
    `PATIENCE` seconds for the element and raise BrowserError with the selector and an excerpt of the page.
    An action does not wait for what it brings about: say what is expected with a `wait_…` next.
    """

    name: str

    def __enter__(self) -> Self:
        try:
            self._start()
            self.resize(WIDTH, HEIGHT)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    # -- going somewhere

    @abstractmethod
    def open(self, url: str) -> None:
        """Load `url` and return at its load event; raise BrowserError if there is no answer."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page again."""

    @abstractmethod
    def back(self) -> None:
        """Go one page back in the tab's history."""

    # -- acting like a person

    def click(self, css: str) -> None:
        """Click in the middle of the element, once it is visible and enabled."""
        self._await_usable(css)
        self._click(css)

    def type(self, css: str, text: str) -> None:
        """Replace the content of a text field, as by pasting; the page gets an input event."""
        self._await(page.editable(css), PATIENCE, f"{css} to be a visible field that can be changed")
        self._type(css, text)

    def select(self, css: str, value: str) -> None:
        """Choose the option with this value in a `<select>`."""
        self._await_usable(css)
        self._select(css, value)

    def check(self, css: str, on: bool = True) -> None:
        """Put a checkbox into this state, or choose a radio button, by clicking if need be."""
        self._await_usable(css)
        if self._of(css, "element.checked") is not on:
            self._click(css)
        if self._of(css, "element.checked") is not on:
            raise self.complaint(f"{css} did not become {'checked' if on else 'unchecked'}")

    def attach(self, css: str, *paths: Path) -> None:
        """Put exactly these files into a file input, which may be hidden."""
        self._await(page.exists(css), PATIENCE, f"{css} to exist")
        self._attach(css, [path.resolve(strict=True) for path in paths])

    @abstractmethod
    def focus_page(self) -> None:
        """Give the page the keys back after Tab has gone on to the browser's own buttons."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press and let go a key wherever the focus is: Tab, Shift+Tab, Enter, Space, ArrowUp, ArrowDown."""

    @abstractmethod
    def enter(self, text: str) -> None:
        """Type a text key by key into whatever has the focus."""

    @abstractmethod
    def click_and_download(self, css: str, folder: Path) -> Path:
        """Click, wait for the download to end and return its file in `folder`, under the offered name."""

    # -- looking

    def text(self, css: str) -> str:
        """The element's text as it is rendered (`innerText`)."""
        return str(self._of(css, "element.innerText"))

    def value(self, css: str) -> str:
        """The value of a form field."""
        return str(self._of(css, "element.value"))

    def visible(self, css: str) -> bool:
        """Whether the element exists and takes up room on the page, now."""
        return self.evaluate(page.visible(css)) is True

    def wait_for(self, css: str, seconds: float = PATIENCE) -> None:
        """Wait until the element is visible."""
        self._await(page.visible(css), seconds, f"{css} to be visible")

    def wait_text(self, css: str, substring: str, seconds: float = PATIENCE) -> None:
        """Wait until the element's rendered text holds `substring`."""
        self._await(page.holds(css, substring), seconds, f"{css} to hold the text {substring!r}")

    def wait_until(self, expression: str, seconds: float = PATIENCE) -> None:
        """Wait until an expression, as `evaluate` takes it, gives what Python counts as true."""
        self._await(expression, seconds, f"{expression} to become true")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, by way of JSON; a promise is awaited.

        The page's CSP does not hold for the expression itself. Write `window.name` for the page's globals:
        in Firefox the expression runs in a scope of its own in front of the window.
        """
        try:
            answer = self._run(page.settled(expression))
        except BrowserError as error:
            error.add_note(f"in {self.name}, evaluating {expression}")
            raise
        return None if answer is None else json.loads(answer)

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the viewport this size in CSS pixels; also smaller than a window could be."""

    @abstractmethod
    def prefer(self, *, dark: bool = False, still: bool = False) -> None:
        """What the person has set for all pages: a dark colour scheme; no motion."""

    def screenshot(self, path: Path, width: int, height: int) -> None:
        """Write the whole page, as it is laid out in this viewport, as PNG; the viewport keeps the size."""
        self.resize(width, height)
        path.write_bytes(self._png())

    # -- measuring

    @abstractmethod
    def console_errors(self) -> list[str]:
        """Errors of the pages so far: console.error, uncaught errors, CSP violations; workers included.

        Not among them: the browser's own complaints, such as one about a favicon that the CSP forbids, and
        answers with an error status, which Chromium alone reports and `requests()` shows. What a worker
        says may arrive a moment after its effects.
        """

    @abstractmethod
    def requests(self) -> list[Request]:
        """Every request of the pages so far; in Firefox also those that the browser makes for itself."""

    @abstractmethod
    def process_ids(self) -> list[int]:
        """All processes of the browser, as process ids."""

    def complaint(self, what: str) -> BrowserError:
        """A BrowserError about `what` that also tells the page's address, text and console errors."""
        try:
            address, text = self.evaluate("[location.href, document.body?.innerText ?? '']")
            errors = self.console_errors()[-3:]
        except BrowserError as error:
            return BrowserError(f"{self.name}: {what}; the page cannot be read: {error}")
        return BrowserError(
            f"{self.name}: {what}\n  at {address}\n  page: {text[:_EXCERPT]!r}\n  console: {errors}"
        )

    # -- for the implementations

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def _stop(self) -> None:
        """End everything that `_start` began, however far it came."""

    @abstractmethod
    def _click(self, css: str) -> None: ...

    @abstractmethod
    def _type(self, css: str, text: str) -> None: ...

    @abstractmethod
    def _select(self, css: str, value: str) -> None: ...

    @abstractmethod
    def _attach(self, css: str, paths: list[Path]) -> None: ...

    @abstractmethod
    def _png(self) -> bytes: ...

    @abstractmethod
    def _run(self, script: str) -> str | None:
        """The string or undefined that the JavaScript expression, or the promise it gives, comes to.

        Raises PageReplaced when the page went away under it, BrowserError with what it threw otherwise.
        """

    def _await(self, expression: str, seconds: float, what: str) -> None:
        def holds() -> bool:
            try:
                return bool(self.evaluate(expression))
            except PageReplaced:
                return False

        if not until(holds, seconds):
            raise self.complaint(f"waited {seconds:g} s for {what}")

    def _await_usable(self, css: str, seconds: float = PATIENCE) -> None:
        self._await(page.usable(css), seconds, f"{css} to be visible and enabled")

    def _of(self, css: str, expression: str) -> Any:
        self._await(page.exists(css), PATIENCE, f"{css} to exist")
        return self.evaluate(f"(element => {expression})({page.element(css)})")
