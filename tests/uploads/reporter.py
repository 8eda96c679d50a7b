"""A reporter with two tabs open, a bad line, and a server that has its own troubles: one step at a time."""

from dataclasses import dataclass, field
from typing import Final

from crypto.constants import CHUNK_SIZE
from crypto.words import words
from store.layout import Layout
from tests.store.installation import CHANNEL, OFFICE, REVIEWERS
from tests.uploads.inbox import Found, Inbox
from tests.uploads.server import Server
from tests.uploads.wire import Wire, traces
from tests.uploads.worker import Outcome, Sent, Worker

TABS: Final = ("left", "right")
CODENAME: Final = " ".join(words("id")[100:108])
ADDRESS: Final = {
    "office": OFFICE,
    "channel": CHANNEL,
    "excluded": [],
    "readers": REVIEWERS,
    "language": "id",
}

_MOST_STEPS = 3_000
"""More than all sending takes in calm weather."""

_EXPECTED = {"network", "storage-full", "text-only", "file-changed"}
"""What the troubles of these tests may end in. Anything else would be a fault of ours."""


@dataclass(eq=False)
class Chosen:
    """A file that the reporter has chosen, and everything that it held from then on."""

    handle: str
    name: str
    versions: list[bytes]
    gone: bool = False

    @property
    def size(self) -> int:
        """As the browser has noted it."""
        return len(self.versions[0])

    @property
    def sendable(self) -> bool:
        return not self.gone and len(self.versions[-1]) >= self.size

    def is_in(self, found: Found) -> bool:
        """Whether that is this file; each of its chunks as it was at some time."""
        if len(found.data) != self.size:
            return False
        held = (slice(at, min(at + CHUNK_SIZE, self.size)) for at in range(0, self.size, CHUNK_SIZE))
        return all(any(found.data[each] == version[each] for version in self.versions) for each in held)


@dataclass
class Reporter:
    """The tabs, the files in them, and what was said about each sending so far."""

    worker: Worker
    server: Server
    layout: Layout
    files: list[Chosen] = field(default_factory=list)
    safe: dict[str, Chosen] = field(default_factory=dict)
    sending: dict[str, Chosen] = field(default_factory=dict)
    wire: Wire = field(default_factory=Wire)
    _loaded: set[str] = field(default_factory=set)
    _seen: int = 0
    _called: int = 0

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.layout)
        self.wire.hide(*(word.encode() for word in CODENAME.split() if len(word) > 5))

    def load(self, tab: str) -> None:
        """Loads the page anew and gives the codename, which goes well."""
        self.sending = {call: chosen for call, chosen in self.sending.items() if not call.startswith(tab)}
        self._loaded.add(tab)
        self.worker.open_tab(tab)
        self._call(tab, "unlock", CODENAME)
        self._let_through(tab)
        self._call(tab, "openOffice", OFFICE)
        self._let_through(tab)

    def choose(self, name: str, data: bytes) -> None:
        chosen = Chosen(f"file {len(self.files)}", name, [data])
        self.files.append(chosen)
        self.wire.hide(*traces(name, data))
        self.worker.add_file(chosen.handle, name, "image/jpeg", data)

    def change(self, chosen: Chosen, data: bytes) -> None:
        chosen.versions.append(data)
        self.wire.hide(*traces(chosen.name, data))
        self.worker.change_file(chosen.handle, data)

    def take_out(self, chosen: Chosen, gone: bool) -> None:
        chosen.gone = gone
        self.worker.take_file_out(chosen.handle, gone)

    def send(self, tab: str, chosen: Chosen) -> str:
        """Begins to send, or to try again, unless the file is on its way in this tab; the call's name."""
        if tab not in self._loaded:
            self.load(tab)
        for name, other in self.sending.items():
            if name.startswith(tab) and other is chosen:
                return name
        task = self.files.index(chosen)
        return self._call(tab, "sendFile", task, ADDRESS, {"file": chosen.handle}, of=chosen)

    def unsafe(self) -> list[Chosen]:
        """The files that can be sent and of which nobody has said yet that they are safe."""
        return [each for each in self.files if each.sendable and each not in self.safe.values()]

    def steer(self, tab: str, chosen: Chosen, order: str) -> None:
        """Pauses, resumes, hurries or cancels."""
        if tab in self._loaded:
            self._call(tab, "steer", self.files.index(chosen), order)

    def pick(self, which: int) -> Sent:
        """One of the requests on their way."""
        waiting = list(self.worker.waiting.values())
        return waiting[which % len(waiting)]

    def answer(self, sent: Sent, status: int, body: bytes) -> None:
        self.worker.answer(sent.number, status, body)
        self.look()

    def cut(self, sent: Sent) -> None:
        self.worker.cut(sent.number)
        self.look()

    def step(self, which: int = 0) -> bool:
        """One answer of the server, or the end of a pause; False if nothing is under way."""
        if self.worker.waiting:
            sent = self.pick(which)
            self.answer(sent, *self.server.answer(sent))
        elif self.worker.asleep:
            self.worker.wake()
            self.look()
        else:
            return False
        return True

    def run(self) -> None:
        """Until nothing is under way."""
        for _ in range(_MOST_STEPS):
            if not self.step():
                return
        raise AssertionError("it never ends")

    def look(self) -> None:
        """Checks what was sent and said since the last look."""
        for sent in self.worker.waiting.values():
            if sent.number > self._seen:
                self.wire.look_at(sent)
        self._seen = max([self._seen, *self.worker.waiting])
        for outcome in self.worker.outcomes:
            self._hear(outcome)
        self.worker.outcomes.clear()

    def _hear(self, outcome: Outcome) -> None:
        chosen = self.sending.pop(outcome.name, None)
        if chosen is None:
            return
        if outcome.refused is not None:
            assert outcome.refused in _EXPECTED, outcome.refused
        elif outcome.value == "sent":
            self._believe(outcome.name, chosen)
        else:
            assert outcome.value == "cancelled"

    def _believe(self, name: str, chosen: Chosen) -> None:
        """Told that a file is safe."""
        assert any(chosen.is_in(found) for found in self.inbox.evidence())
        self.safe[name] = chosen

    def _call(self, tab: str, call: str, *args: object, of: Chosen | None = None) -> str:
        self._called += 1
        name = f"{tab} {self._called}"
        if of is not None:
            self.sending[name] = of
        self.worker.call(tab, name, call, *args)
        self.look()
        return name

    def _let_through(self, tab: str) -> None:
        while mine := [sent for sent in self.worker.waiting.values() if sent.tab == tab]:
            self.answer(mine[0], *self.server.answer(mine[0]))
