"""The Chrome DevTools Protocol over a pipe: Chromium with nothing between it and the network.

Playwright asks for the body of every request and so slows large uploads about twentyfold. Here no domain is
enabled that would look at requests.
"""

import json
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.browsers import Browser, BrowserError, Request, until
from tests.e2e.browsers.chromium import FLAGS, PROGRAM
from tests.e2e.browsers.errors import BrowserMissing, PageReplaced
from tests.e2e.browsers.processes import family, is_running

_END = b"\0"
_READ = 65_536
_REPLACED = ("context was destroyed", "Cannot find default execution context", "navigated or closed")


class Pipe:
    """Commands to a browser and their answers, in JSON, one at a time."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # --remote-debugging-pipe: the browser reads commands from 3 and writes answers to 4.
        actions = [
            (os.POSIX_SPAWN_DUP2, to_browser, 3),
            (os.POSIX_SPAWN_DUP2, from_browser, 4),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        self.pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._sent = 0

    def ask(self, method: str, session: str | None = None, /, **parameters: Any) -> dict[str, Any]:
        """The result of a command; BrowserError. Events that come before it are passed over."""
        self._sent += 1
        command: dict[str, Any] = {"id": self._sent, "method": method, "params": parameters}
        if session is not None:
            command["sessionId"] = session
        self._send(json.dumps(command).encode() + _END)
        while True:
            answer = json.loads(self._receive())
            if answer.get("id") != self._sent:
                continue
            if "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def close(self) -> None:
        os.close(self._write)
        os.close(self._read)

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._write, data) :]

    def _receive(self) -> bytes:
        while _END not in self._buffer:
            more = os.read(self._read, _READ)
            if not more:
                raise BrowserError("the browser has ended")
            self._buffer += more
        message, _, self._buffer = self._buffer.partition(_END)
        return message


class BareChromium(Browser):
    """A session of Chromium for measurements. It cannot tell of requests, nor download."""

    def __init__(self, *flags: str) -> None:
        self.name = "bare chromium"
        self._flags = flags
        self._folder = ""
        self._pipe: Pipe | None = None
        self._session = ""

    def _start(self) -> None:
        if not PROGRAM.exists():
            raise BrowserMissing(f"{PROGRAM} is missing: install Debian's package chromium")
        self._folder = tempfile.mkdtemp(prefix="chromium-")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        line = [
            str(PROGRAM),
            "--headless",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder}/profile",
        ]
        self._pipe = Pipe(
            [*line, *FLAGS, *sandbox, *self._flags, "about:blank"], {**os.environ, "HOME": self._folder}
        )
        target = self._pipe.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._pipe.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.enable")

    def _stop(self) -> None:
        if self._pipe is not None:
            members = self.process_ids()
            os.kill(self._pipe.pid, signal.SIGTERM)
            os.waitpid(self._pipe.pid, 0)
            until(lambda: not any(map(is_running, members)))
            self._pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, url: str) -> None:
        if error := self._ask("Page.navigate", url=url).get("errorText"):
            raise BrowserError(f"{self.name}: cannot open {url}: {error}")
        self.wait_until(f"document.readyState === 'complete' && location.href === {json.dumps(url)}")

    def reload(self) -> None:
        self.evaluate("window.beforeReload = true")
        self._ask("Page.reload")
        self.wait_until("document.readyState === 'complete' && window.beforeReload === undefined")

    def back(self) -> None:
        self._run("history.back()")

    def resize(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def process_ids(self) -> list[int]:
        return family([self._pipe.pid]) if self._pipe else []

    def console_errors(self) -> list[str]:
        return []

    def requests(self) -> list[Request]:
        raise BrowserError("to look at requests is what makes uploads slow: use tests.e2e.browsers.Chromium")

    def click_and_download(self, css: str, folder: Path) -> Path:  # noqa: ARG002
        raise BrowserError("for downloads use tests.e2e.browsers.Chromium")

    def focus_page(self) -> None:
        raise BrowserError("for keys use tests.e2e.browsers.Chromium")

    def press(self, key: str) -> None:  # noqa: ARG002
        raise BrowserError("for keys use tests.e2e.browsers.Chromium")

    def enter(self, text: str) -> None:  # noqa: ARG002
        raise BrowserError("for keys use tests.e2e.browsers.Chromium")

    def prefer(self, *, dark: bool = False, still: bool = False) -> None:  # noqa: ARG002
        raise BrowserError("for preferences use tests.e2e.browsers.Chromium")

    def _click(self, css: str) -> None:
        self._of(css, "(element.scrollIntoView({block: 'center'}), element.click())")

    def _type(self, css: str, text: str) -> None:
        words = json.dumps(text)
        self._of(
            css, f"(element.focus(), element.select(), document.execCommand('insertText', false, {words}))"
        )

    def _select(self, css: str, value: str) -> None:
        chosen = f"element.value = {json.dumps(value)}"
        self._of(css, f"({chosen}, element.dispatchEvent(new Event('change', {{bubbles: true}})))")

    def _attach(self, css: str, paths: list[Path]) -> None:
        found = self._ask("Runtime.evaluate", expression=f"document.querySelector({json.dumps(css)})")
        field = found["result"]["objectId"]
        self._ask("DOM.setFileInputFiles", files=[str(path) for path in paths], objectId=field)

    def _png(self) -> bytes:
        raise BrowserError("for pictures use tests.e2e.browsers.Chromium")

    def _run(self, script: str) -> str | None:
        try:
            answer = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        except BrowserError as error:
            if any(words in str(error) for words in _REPLACED):
                raise PageReplaced(str(error)) from error
            raise
        if thrown := answer.get("exceptionDetails"):
            raise BrowserError(thrown.get("exception", {}).get("description", thrown["text"]))
        value: str | None = answer["result"].get("value")
        return value

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        assert self._pipe is not None
        return self._pipe.ask(method, self._session, **parameters)
