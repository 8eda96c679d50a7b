"""Debian's Firefox ESR, driven through Marionette, with the settings of Tor Browser's security levels."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from .browser import Browser, Request
from .errors import BrowserError, PageReplaced
from .firefox_prefs import DOWNLOADS, LOOKS, PRIVATE, QUIET, SAFER, SAFEST, Prefs
from .firefox_process import START, FirefoxProcess
from .marionette import Marionette, MarionetteException
from .waiting import until

_SCRIPT = 600.0
_LISTENERS = Path(__file__).with_name("firefox_listeners.js")
_REPLACED = ("unloaded", "NoSuchWindow", "AbortError", "dead object")

_DOWNLOADS_SO_FAR = """
const { Downloads } = ChromeUtils.importESModule("resource://gre/modules/Downloads.sys.mjs");
return Downloads.getList(Downloads.ALL)
  .then(list => list.getAll())
  .then(all => all.map(each => [each.target.path, each.succeeded, each.error?.message ?? null]));
"""

_SET_FOLDER = "Services.prefs.setStringPref('browser.download.dir', arguments[0]);"

_KEYS = {
    "Tab": "\ue004",
    "Shift+Tab": "\ue008\ue004",
    "Enter": "\ue007",
    "Space": " ",
    "ArrowUp": "\ue013",
    "ArrowDown": "\ue015",
}
"""By what the WebDriver standard calls them (17.4.2); Shift is held while the next is pressed."""

_SET_PREFERENCES = """
Services.prefs.setIntPref("layout.css.prefers-color-scheme.content-override", arguments[0] ? 0 : 1);
Services.prefs.setIntPref("ui.prefersReducedMotion", arguments[1] ? 1 : 0);
"""

_UNCOVER = """(({x, y, width, height}) => {
  if (!element.contains(document.elementFromPoint(x + width / 2, y + height / 2))) {
    element.scrollIntoView({block: "center"});
  }
})(element.getBoundingClientRect())"""
"""As a person scrolls: to the driver what lies behind a bar that stays at the top is in view already."""

_SET_VIEWPORT = """
const { style } = gBrowser.selectedBrowser;
for (const [side, pixels] of [["width", arguments[0]], ["height", arguments[1]]]) {
  style.setProperty(`min-${side}`, `${pixels}px`);
  style.setProperty(`max-${side}`, `${pixels}px`);
}
"""


class Firefox(Browser):
    """A session of Firefox in permanent private browsing; any number may run at once.

    `safer` and `safest` stand for Tor Browser's levels; at `safest` pages run no scripts, so nothing that
    takes a promise can be evaluated. `prefs` are further preferences, such as an HTTP proxy.
    """

    def __init__(self, *, safer: bool = False, safest: bool = False, prefs: Prefs | None = None) -> None:
        level: Prefs = SAFEST if safest else SAFER if safer else {}
        self.name = "firefox safest" if safest else "firefox safer" if safer else "firefox"
        self._prefs: Prefs = {**QUIET, **PRIVATE, **DOWNLOADS, **LOOKS, **level, **(prefs or {})}
        self._open = ExitStack()
        self._process: FirefoxProcess
        self._marionette: Marionette

    def _start(self) -> None:
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="firefox-")))
        self._process = FirefoxProcess(folder, self._prefs)
        self._open.callback(self._process.end)
        port = self._process.port()
        self._marionette = Marionette(host="127.0.0.1", port=port, socket_timeout=_SCRIPT)
        # Lenient about file inputs: pages hide them behind a label.
        self._marionette.start_session({"strictFileInteractability": False}, timeout=START)
        self._open.callback(self._marionette.delete_session, send_request=False)
        self._marionette.timeout.script = _SCRIPT
        self._chrome(_LISTENERS.read_text())

    def _stop(self) -> None:
        self._open.close()

    def open(self, url: str) -> None:
        with self._asking(f"cannot open {url}"):
            self._marionette.navigate(url)

    def reload(self) -> None:
        with self._asking("cannot reload"):
            self._marionette.refresh()

    def back(self) -> None:
        with self._asking("cannot go back"):
            self._marionette.go_back()

    def resize(self, width: int, height: int) -> None:
        self._chrome(_SET_VIEWPORT, width, height)
        self.wait_until(f"innerWidth === {width} && innerHeight === {height}")

    def prefer(self, *, dark: bool = False, still: bool = False) -> None:
        self._chrome(_SET_PREFERENCES, dark, still)
        for name, wanted in (("color-scheme: dark", dark), ("reduced-motion: reduce", still)):
            self.wait_until(f"matchMedia('(prefers-{name})').matches === {json.dumps(wanted)}")

    def focus_page(self) -> None:
        self._chrome("gBrowser.selectedBrowser.focus();")

    def press(self, key: str) -> None:
        with self._asking(f"cannot press {key}"):
            keys = self._marionette.actions.sequence("key", "keyboard")
            for each in _KEYS[key]:
                keys.key_down(each)
            for each in reversed(_KEYS[key]):
                keys.key_up(each)
            keys.perform()

    def enter(self, text: str) -> None:
        with self._asking("cannot type with the keys"):
            self._marionette.actions.sequence("key", "keyboard").send_keys(text).perform()

    def click_and_download(self, css: str, folder: Path) -> Path:
        with self._asking(f"no download from {css}"):
            self._chrome(_SET_FOLDER, str(folder.resolve(strict=True)))
            before = len(self._chrome(_DOWNLOADS_SO_FAR))
            self._await_usable(css)
            self._of(css, "element.scrollIntoView({block: 'center'})")
            # Not click(), which waits 5 s for the new page that a download never brings.
            self._marionette.actions.sequence("pointer", "mouse").click(self._find(css)).perform()

            def ended() -> list[Any]:
                return [each for each in self._chrome(_DOWNLOADS_SO_FAR)[before:] if each[1] or each[2]]

            downloads = until(ended)
        if not downloads or downloads[0][2]:
            raise self.complaint(f"no download from {css}: {downloads}")
        return Path(downloads[0][0])

    def console_errors(self) -> list[str]:
        errors: list[str] = self._chrome("return globalThis.peluitSeen.errors")
        return errors

    def requests(self) -> list[Request]:
        names = ("method", "url", "status", "sent", "received")
        seen = self._chrome("return globalThis.peluitSeen.requests")
        return [Request(**{name: each[name] for name in names}) for each in seen]

    def process_ids(self) -> list[int]:
        return self._process.ids()

    def _click(self, css: str) -> None:
        with self._asking(f"cannot click {css}"):
            self._of(css, _UNCOVER)
            self._find(css).click()

    def _type(self, css: str, text: str) -> None:
        # Like a paste: as keystrokes a thousand characters take most of a second.
        words = json.dumps(text)
        insert = f"document.execCommand({words} ? 'insertText' : 'delete', false, {words})"
        self._of(css, f"(element.focus(), element.select(), {insert})")

    def _select(self, css: str, value: str) -> None:
        with self._asking(f"cannot select {value!r} in {css}"):
            self._of(css, _UNCOVER)
            self._find(css).find_element("css selector", f"option[value={json.dumps(value)}]").click()

    def _attach(self, css: str, paths: list[Path]) -> None:
        with self._asking(f"cannot attach to {css}"):
            # Sending adds to what a multiple input already holds.
            self._of(css, "element.value = ''")
            self._find(css).send_keys("\n".join(map(str, paths)))

    def _png(self) -> bytes:
        with self._asking("no screenshot"):
            picture: bytes = self._marionette.screenshot(format="binary", full=True)
        return picture

    def _find(self, css: str) -> Any:
        return self._marionette.find_element("css selector", css)

    def _run(self, script: str) -> str | None:
        try:
            # Without a sandbox of Marionette's own the page's variables can be reached.
            answer: str | None = self._marionette.execute_script(f"return {script}", sandbox=None)
        except MarionetteException as error:
            replaced = any(words in f"{type(error).__name__}: {error.message}" for words in _REPLACED)
            raise (PageReplaced if replaced else BrowserError)(error.message) from error
        return answer

    def _chrome(self, script: str, *arguments: Any) -> Any:
        try:
            with self._marionette.using_context("chrome"):
                return self._marionette.execute_script(script, arguments, sandbox="system", new_sandbox=False)
        except MarionetteException as error:
            raise BrowserError(f"{self.name}, in its own scope: {error.message}") from error

    @contextmanager
    def _asking(self, failure: str) -> Iterator[None]:
        try:
            yield
        except MarionetteException as error:
            raise self.complaint(f"{failure}: {error.message}") from error
