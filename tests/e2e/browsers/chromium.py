"""Debian's Chromium, driven through Playwright and, inside the page, over bare CDP."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Request as PlaywrightRequest

from .browser import HEIGHT, WIDTH, Browser, Request
from .errors import BrowserError, BrowserMissing, PageReplaced
from .playwright_driver import playwright_driver
from .processes import family, is_running, mentioning
from .waiting import PATIENCE, until

PROGRAM = Path("/usr/bin/chromium")

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SAFER_FLAGS = ("--js-flags=--jitless --no-expose-wasm",)
"""As Tor Browser at Safer: no compiler for JavaScript, no WebAssembly (which V8 may also interpret)."""

_REPLACED = ("context was destroyed", "navigated or closed", "Cannot find default execution context")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:  # gone meanwhile, or a socket
        return b""


class Chromium(Browser):
    """A session of Chromium; several may run at once, all in the thread that opened the first.

    `safer` and `safest` are what Tor Browser's levels of that name mean for scripts; `flags` are further
    switches of the command line. Playwright reads every request body that is a plain array: 4 MB/s, where a
    Blob does 250 MB/s, so take the time of uploads in Firefox.
    """

    def __init__(self, *, safer: bool = False, safest: bool = False, flags: Sequence[str] = ()) -> None:
        self.name = "chromium safest" if safest else "chromium safer" if safer else "chromium"
        self._scripts = not safest
        self._flags = [*FLAGS, *(SAFER_FLAGS if safer else ()), *flags]
        self._open = ExitStack()
        self._errors: list[str] = []
        self._requests: list[PlaywrightRequest] = []
        self._finished: set[PlaywrightRequest] = set()
        self._profile: str
        self._page: Page
        self._cdp: CDPSession

    def _start(self) -> None:
        if not PROGRAM.exists():
            raise BrowserMissing(f"{PROGRAM} is missing: install Debian's package chromium")
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="chromium-"))
        self._profile = f"{folder}/profile"
        playwright = self._open.enter_context(playwright_driver())
        context = playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=PROGRAM,
            headless=True,
            args=self._flags,
            chromium_sandbox=os.geteuid() != 0,
            env={**os.environ, "HOME": folder},
            viewport={"width": WIDTH, "height": HEIGHT},
            accept_downloads=True,
            java_script_enabled=self._scripts,
        )
        self._open.callback(self._close, context)
        self._listen(context)

    def _listen(self, context: BrowserContext) -> None:
        self._page = context.pages[0]
        self._page.set_default_timeout(PATIENCE * 1000)
        self._cdp = context.new_cdp_session(self._page)
        context.on("request", lambda request: self._requests.append(request))
        context.on("requestfinished", lambda request: self._finished.add(request))
        self._page.on("console", self._note)
        self._page.on("pageerror", lambda error: self._errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource:"):
            self._errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _close(self, context: BrowserContext) -> None:
        # Its children must be gone before the profile is removed: they still write to it.
        members = self.process_ids()
        context.close()
        until(lambda: not any(map(is_running, members)))

    def _stop(self) -> None:
        self._open.close()

    def open(self, url: str) -> None:
        with self._asking(f"cannot open {url}"):
            self._page.goto(url)

    def reload(self) -> None:
        with self._asking("cannot reload"):
            self._page.reload()

    def back(self) -> None:
        with self._asking("cannot go back"):
            self._page.go_back()

    def resize(self, width: int, height: int) -> None:
        self._page.set_viewport_size({"width": width, "height": height})

    def prefer(self, *, dark: bool = False, still: bool = False) -> None:
        self._page.emulate_media(
            color_scheme="dark" if dark else "light", reduced_motion="reduce" if still else "no-preference"
        )

    def focus_page(self) -> None:
        self._page.bring_to_front()

    def press(self, key: str) -> None:
        with self._asking(f"cannot press {key}"):
            self._page.keyboard.press(key)

    def enter(self, text: str) -> None:
        with self._asking("cannot type with the keys"):
            self._page.keyboard.type(text)

    def click_and_download(self, css: str, folder: Path) -> Path:
        with self._asking(f"no download from {css}"):
            with self._page.expect_download() as waiting:
                self.click(css)
            path = folder / waiting.value.suggested_filename
            waiting.value.save_as(path)
        return path

    def console_errors(self) -> list[str]:
        self._settle()
        return list(self._errors)

    def requests(self) -> list[Request]:
        self._settle()
        return [self._measure(request) for request in self._requests]

    def process_ids(self) -> list[int]:
        return family(mentioning(self._profile))

    def wrote_down(self, text: str) -> bool:
        """Whether the profile, which is no private one, holds this text: sessions, caches, history, forms."""
        forms = (text.encode(), text.encode("utf-16-le"))
        return any(form in data for data in map(_read, Path(self._profile).rglob("*")) for form in forms)

    def _settle(self) -> None:
        # Playwright hands over events only while it is being asked something.
        self._run("''")

    def _measure(self, request: PlaywrightRequest) -> Request:
        if request not in self._finished:
            return Request(request.method, request.url, None, 0, None)
        # Playwright does not see bodies made of Blobs; their length header is always true.
        sent = int(request.all_headers().get("content-length", "0"))
        response = request.response()
        sizes = request.sizes()
        received = sizes["responseHeadersSize"] + sizes["responseBodySize"]
        return Request(request.method, request.url, response.status if response else None, sent, received)

    def _click(self, css: str) -> None:
        with self._asking(f"cannot click {css}"):
            self._page.click(css)

    def _type(self, css: str, text: str) -> None:
        with self._asking(f"cannot type into {css}"):
            self._page.fill(css, text)

    def _select(self, css: str, value: str) -> None:
        with self._asking(f"cannot select {value!r} in {css}"):
            self._page.select_option(css, value=value)

    def _attach(self, css: str, paths: list[Path]) -> None:
        with self._asking(f"cannot attach to {css}"):
            self._page.set_input_files(css, list(paths))

    def _png(self) -> bytes:
        with self._asking("no screenshot"):
            return self._page.screenshot(full_page=True)

    def _run(self, script: str) -> str | None:
        # Not page.evaluate(), which needs eval() in the page and so fails under a strict CSP.
        question = {"expression": script, "awaitPromise": True, "returnByValue": True}
        try:
            answer = self._cdp.send("Runtime.evaluate", question)
        except PlaywrightError as error:
            if any(words in error.message for words in _REPLACED):
                raise PageReplaced(error.message) from error
            raise BrowserError(error.message) from error
        if thrown := answer.get("exceptionDetails"):
            raise BrowserError(thrown.get("exception", {}).get("description", thrown["text"]))
        value: str | None = answer["result"].get("value")
        return value

    @contextmanager
    def _asking(self, failure: str) -> Iterator[None]:
        try:
            yield
        except PlaywrightError as error:
            raise self.complaint(f"{failure}: {error.message}") from error
